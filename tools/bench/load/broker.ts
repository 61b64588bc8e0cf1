import { MqttLink } from "../../../lib/link/mqtt_link.ts";
import { OwnFolder } from "../../../lib/target/watch/own_folder.ts";
import { Watch } from "../../../lib/target/watch/watch.ts";

/** Mosquitto's configuration: no persistence and no queue limits, so it drops nothing silently. */
const config = (port: number) =>
  `listener ${port} 127.0.0.1
allow_anonymous true
persistence false
log_type none
max_queued_messages 0
max_inflight_messages 0
set_tcp_nodelay true
sys_interval 1
`;

/** The broker's own counters after one of its reports, and when that came (milliseconds, monotonic). */
export interface Counters {
  readonly at: number;
  /** PUBLISH packets that it has received. */
  readonly received: number;
  /** PUBLISH packets that it has delivered, without those of `$SYS` to the bench itself. */
  readonly sent: number;
  readonly dropped: number;
  readonly clients: number;
}

const RECEIVED = "$SYS/broker/publish/messages/received";
const SENT = "$SYS/broker/publish/messages/sent";
const DROPPED = "$SYS/broker/publish/messages/dropped";
const CLIENTS = "$SYS/broker/clients/connected";

/**
 * Mosquitto on its own port, with its `$SYS` counters observed. Disposing it ends it by its process id; if
 * the bench is killed, its watcher does.
 */
export class MeasuredBroker implements AsyncDisposable {
  readonly port: number;
  readonly pid: number;
  readonly #child: Deno.ChildProcess;
  readonly #around: AsyncDisposableStack;
  /** The environment of everything that the bench starts besides the broker, so it does not outlive the bench. */
  readonly env: Readonly<Record<string, string>>;
  readonly #link: MqttLink;
  readonly #values = new Map<string, number>();
  readonly #reports: Counters[] = [];
  #own = 0;
  #waiting: (() => void) | undefined;
  #settle: ReturnType<typeof setTimeout> | undefined;

  private constructor(
    child: Deno.ChildProcess,
    around: AsyncDisposableStack,
    env: Readonly<Record<string, string>>,
    port: number,
    connection: Deno.TcpConn,
  ) {
    this.#child = child;
    this.pid = child.pid;
    this.#around = around;
    this.env = env;
    this.port = port;
    this.#link = new MqttLink(connection, {
      version: "3.1.1",
      onArrival: (arrival) => {
        if (arrival.kind !== "packet" || arrival.packet.type !== "PUBLISH") return false;
        this.#note(arrival.packet.topic, Number(new TextDecoder().decode(arrival.packet.payload)));
        return true;
      },
    });
  }

  /** Starts the broker and subscribes to its counters. Throws Error if it does not start within 5 s. */
  static async start(): Promise<MeasuredBroker> {
    const port = freePort();
    await using starting = new AsyncDisposableStack();
    const folder = starting.use(await OwnFolder.make());
    const watch = starting.use(await Watch.start("bench", folder));
    await Deno.writeTextFile(`${folder.path}/config`, config(port));
    const child = new Deno.Command("mosquitto", {
      args: ["-c", `${folder.path}/config`],
      env: watch.env,
      detached: true,
      stdin: "null",
      stdout: "null",
      stderr: "null",
    }).spawn();
    watch.started(child.pid);
    starting.defer(() => killed(child));
    const connection = await reach(port);
    const broker = new MeasuredBroker(child, starting.move(), watch.env, port, connection);
    await broker.#link.send({ type: "CONNECT", clientId: "bench-monitor", keepAlive: 0 });
    const filters = [RECEIVED, SENT, DROPPED, CLIENTS];
    await broker.#link.send({
      type: "SUBSCRIBE",
      packetId: 1,
      subscriptions: filters.map((filter) => ({ filter })),
    });
    return broker;
  }

  /** Waits for the next report of the counters. Throws Error if none comes within 10 s. */
  async next(): Promise<Counters> {
    const before = this.#reports.length;
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, 10_000);
    this.#waiting = resolve;
    await promise;
    clearTimeout(timer);
    const report = this.#reports.at(-1);
    if (!report || this.#reports.length === before) {
      throw new Error("Mosquitto reported no counters for 10 s");
    }
    return report;
  }

  /** Waits for the first report that `wanted` accepts. Throws Error if none comes within `withinMs`. */
  async until(wanted: (counters: Counters) => boolean, withinMs: number): Promise<Counters> {
    const limit = performance.now() + withinMs;
    for (;;) {
      const counters = await this.next();
      if (wanted(counters)) return counters;
      if (performance.now() > limit) {
        throw new Error(
          `Mosquitto's counters did not reach the expected state: ${JSON.stringify(counters)}`,
        );
      }
    }
  }

  /** Stops the process with SIGSTOP for about `ms`, and returns the actual duration. */
  async freeze(ms: number): Promise<number> {
    const begin = performance.now();
    this.#child.kill("SIGSTOP");
    await new Promise((resolve) => setTimeout(resolve, ms));
    this.#child.kill("SIGCONT");
    return performance.now() - begin;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearTimeout(this.#settle);
    await this.#link[Symbol.asyncDispose]();
    await this.#around[Symbol.asyncDispose]();
  }

  #note(topic: string, value: number): void {
    this.#own++;
    this.#values.set(topic, value);
    // All values of one report come together, so a short silence ends it.
    clearTimeout(this.#settle);
    this.#settle = setTimeout(() => {
      const value = (name: string) => this.#values.get(name) ?? 0;
      this.#reports.push({
        at: performance.now(),
        received: value(RECEIVED),
        sent: value(SENT) - this.#own,
        dropped: value(DROPPED),
        clients: value(CLIENTS),
      });
      this.#waiting?.();
    }, 20);
  }
}

async function killed(child: Deno.ChildProcess): Promise<void> {
  try {
    child.kill("SIGKILL");
  } catch {
    // It has exited by itself.
  }
  await child.status;
}

async function reach(port: number): Promise<Deno.TcpConn> {
  const limit = performance.now() + 5_000;
  for (;;) {
    try {
      const connection = await Deno.connect({ hostname: "127.0.0.1", port });
      connection.setNoDelay(true);
      return connection;
    } catch (error) {
      if (performance.now() > limit) {
        throw new Error("Mosquitto did not start within 5 s", { cause: error });
      }
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}

/**
 * Returns a port outside the range from which the system assigns ports to the thousands of connections of the
 * bench.
 */
function freePort(): number {
  for (let tries = 0; tries < 100; tries++) {
    const port = 20_000 + Math.floor(Math.random() * 10_000);
    try {
      Deno.listen({ hostname: "127.0.0.1", port }).close();
      return port;
    } catch (error) {
      if (!(error instanceof Deno.errors.AddrInUse)) throw error;
    }
  }
  throw new Error("No port between 20000 and 30000 is free on 127.0.0.1");
}
