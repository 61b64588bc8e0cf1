import { ScriptedBroker } from "../../broker/scripted.ts";
import type { ResultArg } from "../../at/result.ts";
import type { ResultArrival } from "../../link/dte.ts";
import { pause } from "../../ground/wait.ts";
import type { Draft, Packet, PublishPacket, QoS } from "../../mqtt/packet.ts";
import type { FaultKind, LoadFault } from "../../run/load_event.ts";
import { Scope } from "../../spec/scope.ts";
import type { Operations } from "../../suite/dialect/dialect_operations.ts";
import type { ModulePort, ModuleTarget } from "../../target/target.ts";
import { BrokerSide } from "./broker_side.ts";
import { type ArrivalFault, Direction, type SentMessage } from "./direction.ts";
import { type LineFields, lineText, ModuleHost, type Trouble } from "./module_host.ts";
import type { ModulePlan } from "../profile/profile.ts";
import { counterAt, metricAt, type MetricRecorder } from "../engine/metric_recorder.ts";

/** A module to drive, and where to count its actions. */
export interface DrivenModuleOptions {
  readonly target: ModuleTarget;
  readonly operations: Operations;
  readonly plan: ModulePlan;
  readonly run: string;
  readonly recorder: MetricRecorder;
  readonly lateAfterMs: number;
  readonly now: () => number;
  readonly fault: (fault: Omit<LoadFault, "kind" | "t">) => void;
  readonly signal: AbortSignal;
}

/** How many faults of each kind are kept, with how many lines before them, and how many bytes of the message. */
const MOST_FAULTS = 10;
const CHART_LINES = 12;
const SHOWN_BYTES = 256;
/** How long a module may take to reconnect by itself, and to open a connection or send a packet; in milliseconds. */
const BACK_MS = 15_000;
const PACKET_MS = 10_000;
/** The pause before a failed connection is retried, in milliseconds. */
const AGAIN_MS = 1_000;
const COUNT = {
  attempted: counterAt("connect.attempted"),
  succeeded: counterAt("connect.succeeded"),
  failed: counterAt("connect.failed"),
  disconnected: counterAt("disconnected"),
  subscribed: counterAt("subscribed"),
  subscribeFailed: counterAt("subscribe.failed"),
  resent: counterAt("resent"),
  protocol: counterAt("fault.protocol"),
};
const CONNECT = metricAt("connect");

/** A module under load, between its host and its broker, both played by attest. Disposing it closes line and connection. */
export class DrivenModule implements AsyncDisposable {
  /** The messages that the module publishes, and those that the broker delivers to it. */
  readonly up: Direction;
  readonly down: Direction;
  readonly #options: DrivenModuleOptions;
  readonly #port: ModulePort;
  readonly #host: ModuleHost;
  readonly #listener: ScriptedBroker;
  readonly #broker: BrokerSide;
  readonly #chart: string[] = [];
  readonly #faults = new Map<FaultKind, number>();
  /** Deliveries that are not acknowledged, by packet id. */
  readonly #delivered = new Map<number, SentMessage>();
  #packetId = 0;
  #ready = false;

  private constructor(options: DrivenModuleOptions, port: ModulePort) {
    const { target, plan, recorder, now, lateAfterMs, signal } = options;
    this.#options = options;
    this.#port = port;
    this.up = new Direction(recorder, now, plan.publish?.size ?? 64, lateAfterMs);
    this.down = new Direction(recorder, now, plan.deliver?.size ?? 64, lateAfterMs);
    const answers = (of: "answerMs" | "resultMs") =>
      plan.answerMs ?? Math.max(1_000, ...target.dialect.commands.map((one) => one[of]));
    this.#host = new ModuleHost(port.transport, {
      dialect: target.dialect,
      operations: options.operations,
      answerMs: answers("answerMs"),
      resultMs: answers("resultMs"),
      onReport: (name, fields, arrival) => this.#reported(name, fields, arrival),
      signal,
    });
    this.#listener = ScriptedBroker.listen(target.listenHost, target.brokerPort);
    this.#broker = new BrokerSide({
      listener: this.#listener,
      signal,
      seen: (direction, packet) =>
        this.#note(direction === "sent" ? "broker ->" : "broker <-", packetText(packet)),
      published: (packet, repeated) => this.#published(packet, repeated),
      acknowledged: (id) => this.#acknowledged(id),
      broken: (text) => {
        recorder.add(COUNT.protocol, 1);
        this.#fault("protocol", text, new Uint8Array());
      },
      ended: (lost) => this.#ended(lost),
    });
  }

  /** Opens the serial line of a target. Throws the target's errors. */
  static async open(options: DrivenModuleOptions): Promise<DrivenModule> {
    return new DrivenModule(options, await options.target.openPort(options.signal));
  }

  /** Whether the module is connected and subscribed. */
  get ready(): boolean {
    return this.#ready && this.#broker.connected;
  }

  /** Whether the serial line is permanently lost. */
  get gone(): boolean {
    return this.#host.dte.closed !== undefined;
  }

  /** Makes the module respond, and plays the setup of its target; returns why that failed. */
  async begin(): Promise<Trouble> {
    const { target } = this.#options;
    const scope = new Scope();
    for (const [name, value] of target.values) scope.bind(name, value);
    // These end data or a line that an earlier program left incomplete.
    const { dte } = this.#host;
    await dte.send(Uint8Array.of(0x1b));
    await pause(100, this.#options.signal);
    await dte.send(Uint8Array.of(0x0d));
    await pause(100, this.#options.signal);
    dte.restart();
    const trouble = labelled("ATE0", await this.#host.command("E0", "basic")) ??
      (this.#host.dte.hasErrorForms
        ? labelled("AT+CMEE=1", await this.#host.command("+CMEE", "write", [1]))
        : undefined);
    return trouble ?? await this.#host.play(target.setup, scope);
  }

  /** Connects and subscribes the module. With `again` it waits first for the module to reconnect by itself. Returns whether it is connected. */
  async connect(again: boolean): Promise<boolean> {
    const { recorder, signal, now } = this.#options;
    recorder.add(COUNT.attempted, 1);
    const dueMs = now();
    const trouble =
      again && await this.#broker.accept(BACK_MS) && await this.#broker.came("CONNECT", PACKET_MS)
        ? await this.#subscribe()
        : await this.#open();
    if (trouble === undefined) {
      recorder.add(COUNT.succeeded, 1);
      recorder.record(CONNECT, (now() - dueMs) * 1000);
      this.#ready = true;
      return true;
    }
    if (signal.aborted) return false;
    recorder.add(COUNT.failed, 1);
    recorder.reason(`connect: ${trouble}`);
    await pause(AGAIN_MS, signal);
    return false;
  }

  /** Makes the module publish a message, and waits for its answer. `free` says that only the generator can have delayed it. */
  async publish(dueMs: number, qos: QoS, free: boolean): Promise<void> {
    const { sent, payload } = this.up.begin(dueMs, qos);
    if (!this.ready) return this.up.drop();
    const scope = this.#scope().set("id", qos === 0 ? 0 : sent.number % 0xffff + 1).set("qos", qos).set(
      "retain",
      0,
    )
      .set("topic", this.#topic("up", qos)).set("payload", payload);
    this.up.send(sent, free);
    const trouble = await this.#ask("publish", scope);
    if (trouble !== undefined) {
      this.#options.recorder.reason(`publish: ${trouble}`);
      return this.up.confirm(sent, "failed");
    }
    const told = await this.#host.hear(["published", "notPublished"], scope);
    if (told === "published") return this.up.confirm(sent, qos === 0 ? "unconfirmed" : "acknowledged");
    if (this.#options.signal.aborted) return;
    this.#options.recorder.reason(
      told === undefined ? "publish: no result in time" : "publish: reported as failed",
    );
    if (told === "notPublished") this.up.confirm(sent, "failed");
  }

  /** Delivers a message to the module. */
  deliver(dueMs: number, qos: QoS): void {
    const { sent, payload } = this.down.begin(dueMs, qos);
    if (!this.ready) return this.down.drop();
    if (qos > 0) {
      this.#packetId = this.#packetId % 0xffff + 1;
      this.#delivered.set(this.#packetId, sent);
    }
    this.down.send(sent, true);
    if (qos === 0) this.down.confirm(sent, "unconfirmed");
    this.#broker.deliver(this.#topic("down", qos), payload, qos, this.#packetId);
  }

  /** Disconnects the module, if it is connected. */
  async end(): Promise<void> {
    if (this.gone || !this.#broker.connected) return;
    this.#ready = false;
    await this.#ask("disconnect", this.#scope());
    await this.#host.hear(["disconnected"], this.#scope());
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#broker[Symbol.asyncDispose]();
    await this.#listener[Symbol.asyncDispose]();
    await this.#host[Symbol.asyncDispose]();
    await this.#port[Symbol.asyncDispose]();
  }

  async #open(): Promise<Trouble> {
    const scope = this.#scope();
    // An earlier connection may still be open; if there is none, the module answers with an error.
    await this.#ask("close", scope);
    const opened = await this.#ask("open", scope);
    if (opened !== undefined) return opened;
    if (!await this.#broker.accept(PACKET_MS)) return "the module opened no connection";
    if (await this.#host.hear(["opened", "notOpened"], scope) !== "opened") {
      return "the module reported no connection";
    }
    const connected = await this.#ask("connect", scope);
    if (connected !== undefined) return connected;
    if (await this.#host.hear(["connected", "notConnected"], scope) !== "connected") {
      return "the module reported no CONNACK";
    }
    return await this.#subscribe();
  }

  async #subscribe(): Promise<Trouble> {
    const { plan, recorder } = this.#options;
    if (!plan.deliver) return undefined;
    const scope = this.#scope().set("id", 1).set("qos", 2).set(
      "filter",
      `attest/${this.#options.run}/down/#`,
    );
    const trouble = await this.#ask("subscribe", scope) ??
      (await this.#host.hear(["subscribed", "notSubscribed"], scope) === "subscribed"
        ? undefined
        : "the module reported no SUBACK");
    recorder.add(trouble === undefined ? COUNT.subscribed : COUNT.subscribeFailed, 1);
    return trouble;
  }

  async #ask(operation: string, scope: Scope): Promise<Trouble> {
    this.#note("host ->", operation);
    try {
      return await this.#host.ask(operation, scope);
    } catch {
      return "the serial line is gone";
    }
  }

  #scope(): Scope {
    const { target, run } = this.#options;
    return new Scope().set("host", target.brokerHost).set("port", this.#listener.port).set(
      "clientId",
      `attest-${run}`,
    )
      .set("userName", "user").set("password", "secret");
  }

  #topic(direction: "up" | "down", qos: QoS): string {
    return `attest/${this.#options.run}/${direction}/${qos}`;
  }

  #published(packet: PublishPacket, repeated: boolean): void {
    if (repeated) return this.#options.recorder.add(COUNT.resent, 1);
    const oddity = this.up.arrive(packet.payload, packet.qos, packet.qos === 1 && packet.dup);
    this.#odd(oddity, "the broker", packet.payload);
  }

  #acknowledged(id: number): void {
    const sent = this.#delivered.get(id);
    this.#delivered.delete(id);
    if (sent) this.down.confirm(sent, "acknowledged");
  }

  #reported(name: "message" | "lost", fields: LineFields, arrival: ResultArrival): void {
    this.#note("host <-", arrival.text);
    if (name === "lost") {
      return this.#options.recorder.reason(`the module reported ${arrival.text.slice(0, 40)}`);
    }
    const payload = fields.get("payload");
    const qos = Number(fields.get("topic")?.text.at(-1));
    const bytes = payload ? bytesIn(payload) : new Uint8Array();
    this.#odd(this.down.arrive(bytes, qos === 0 ? 0 : qos === 1 ? 1 : 2, false), "the host", bytes);
  }

  #ended(lost: boolean): void {
    if (!this.#ready) return;
    this.#ready = false;
    this.#delivered.clear();
    this.up.cut();
    this.down.cut();
    this.#options.recorder.add(COUNT.disconnected, 1);
    this.#options.recorder.reason(lost ? "the module's connection was lost" : "the module sent DISCONNECT");
  }

  #odd(oddity: ArrivalFault | undefined, whom: string, payload: Uint8Array): void {
    if (oddity) this.#fault(oddity, `A message that came to ${whom} is ${oddity}`, payload);
  }

  #fault(fault: FaultKind, text: string, bytes: Uint8Array): void {
    const before = this.#faults.get(fault) ?? 0;
    this.#faults.set(fault, before + 1);
    if (before >= MOST_FAULTS) return;
    const hex = bytes.subarray(0, SHOWN_BYTES).toHex();
    this.#options.fault({ fault, client: "module", text, chart: [...this.#chart], hex, size: bytes.length });
  }

  #note(who: string, what: string): void {
    this.#chart.push(`${who} ${lineText(what.slice(0, 120))}`);
    if (this.#chart.length > CHART_LINES) this.#chart.shift();
  }
}

/** The bytes of a payload, without the quotes that some modules put around it. */
function bytesIn(arg: ResultArg): Uint8Array {
  return arg.unquoted?.bytes ?? arg.bytes;
}

function packetText(packet: Packet | Draft): string {
  const id = "packetId" in packet && packet.packetId !== undefined ? ` id=${packet.packetId}` : "";
  const qos = "qos" in packet && packet.qos !== undefined ? ` q${packet.qos}` : "";
  return `${packet.type}${qos}${id}`;
}

function labelled(command: string, trouble: Trouble): Trouble {
  return trouble === undefined ? undefined : `${command}: ${trouble}`;
}
