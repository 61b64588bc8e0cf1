import { deepStrictEqual, ok } from "node:assert/strict";
import { Broker } from "../../broker/broker.ts";
import { seededRandom } from "../../ground/seeded_random.ts";
import { MqttLink } from "../../link/mqtt_link.ts";
import { decodeOne } from "../decode.ts";
import { encode } from "../encode.ts";
import type { Frame } from "../frame.ts";
import { type Draft, PROTOCOL_VERSIONS, type ProtocolVersion } from "../packet.ts";
import type { SenderRole } from "../rules.ts";
import { Ledger, type LedgerPage } from "./ledger.ts";
import { LawfulClient } from "./testdata/lawful_client.ts";

/** The number of rounds of each client, and the timeout for a PINGREQ's answer in ms. */
const ROUNDS = 150;
const PATIENCE = 10_000;

/**
 * The known violations of Mosquitto 2.0.11: with a Receive Maximum of 2, it reacts to the PUBACK of the first
 * of two messages by sending two more, so [2, 3, 4] are all unacknowledged.
 */
const OF_MOSQUITTO = ["receive-maximum-exceeded"];

const missing = !await new Deno.Command("mosquitto", { args: ["-h"], stdout: "null", stderr: "null" })
  .output().then(() => true, () => false);
if (missing) console.log("mosquitto is not installed: its test is left out");

const seed = Number(Deno.env.get("ATTEST_SEED") ?? Math.floor(Math.random() * 2 ** 31));
console.log(`conversations with brokers: seed ${seed}; ATTEST_SEED=${seed} makes the same choices again`);

for (const version of PROTOCOL_VERSIONS) {
  Deno.test(`a ledger finds nothing in mixed conversations of ${version} with the reference broker`, async () => {
    await using broker = await Broker.start();
    await converse(broker.address.port, version);
  });

  Deno.test({
    name: `a ledger finds nothing in mixed conversations of ${version} with Mosquitto`,
    ignore: missing,
    async fn() {
      await using broker = await Mosquitto.start();
      await converse(broker.port, version, OF_MOSQUITTO);
    },
  });
}

/**
 * Runs three clients that use only what they may, and a ledger that sees everything and finds nothing but the
 * `known` rules.
 */
async function converse(
  port: number,
  version: ProtocolVersion,
  known: readonly string[] = [],
): Promise<void> {
  const random = seededRandom(seed);
  const choose = (count: number) => Math.floor(random() * count);
  const ledger = new Ledger({ at: "client", version, assignsSubscriptions: false });
  const talkers = ["a", "b", "c"].map((name) =>
    new Talker(new LawfulClient(version, choose, name), port, version, ledger)
  );
  try {
    for (let round = 0; round < ROUNDS; round++) {
      for (const talker of talkers) await talker.round(choose);
    }
  } finally {
    for (const talker of talkers) await talker.end();
  }
  const found = talkers.flatMap((talker) => talker.found);
  deepStrictEqual(found.filter((one) => known.every((rule) => !one.startsWith(`server: ${rule}: `))), []);
  const judged = talkers.reduce((sum, talker) => sum + talker.judged, 0);
  ok(judged > ROUNDS, `only ${judged} packets were seen`);
}

/** One client of a conversation. */
class Talker {
  readonly client: LawfulClient;
  readonly found: string[] = [];
  /** The number of packets that the ledger has seen. */
  judged = 0;
  readonly #port: number;
  readonly #version: ProtocolVersion;
  readonly #ledger: Ledger;
  #link: MqttLink | undefined;
  #page: LedgerPage | undefined;
  #pings = 0;

  constructor(client: LawfulClient, port: number, version: ProtocolVersion, ledger: Ledger) {
    this.client = client;
    this.#port = port;
    this.#version = version;
    this.#ledger = ledger;
  }

  /** Performs some actions and reads all that the broker has sent by then. */
  async round(choose: (count: number) => number): Promise<void> {
    if (!this.#link) await this.#open();
    for (let left = choose(12); left > 0 && this.client.state !== "left"; left--) {
      await this.#send(this.client.act());
    }
    if (this.client.state === "left") return await this.#readUntil(() => false);
    if (choose(12) === 0) return await this.end();
    await this.#send({ type: "PINGREQ" });
    await this.#readUntil(() => this.#pings === 0);
  }

  /** Cuts the connection. */
  async end(): Promise<void> {
    const link = this.#link;
    if (!link) return;
    this.#link = undefined;
    await link[Symbol.asyncDispose]();
    this.#page?.closed();
    this.client.dropped();
  }

  async #open(): Promise<void> {
    const connection = await Deno.connect({ hostname: "127.0.0.1", port: this.#port });
    connection.setNoDelay(true);
    const page = this.#ledger.opened(performance.now());
    const onArrival = (arrival: Frame | { readonly kind: "closed" }) => {
      if (arrival.kind !== "closed") this.#judge(page, "server", arrival);
      return false;
    };
    this.#link = new MqttLink(connection, { version: this.#version, onArrival });
    this.#page = page;
    this.#pings = 0;
    await this.#send(this.client.connect());
  }

  async #send(draft: Draft | undefined): Promise<void> {
    if (!draft || !this.#link || !this.#page) return;
    if (draft.type === "PINGREQ") this.#pings++;
    const bytes = encode(draft, this.#version);
    this.#judge(this.#page, "client", decodeOne(bytes, this.#version));
    // If the broker has closed the connection, the next read shows it.
    await this.#link.sendBytes(bytes).catch(() => {});
  }

  #judge(page: LedgerPage, by: SenderRole, frame: Frame): void {
    this.judged++;
    const all = [...frame.violations, ...page.recordFrame(by, frame, performance.now())];
    this.found.push(...all.map(({ rule, message }) => `${by}: ${rule}: ${message}`));
  }

  async #readUntil(done: () => boolean): Promise<void> {
    while (this.#link && !done()) {
      const arrival = await this.#link.receive(PATIENCE);
      ok(arrival, "the broker does not answer");
      if (arrival.kind !== "packet") return await this.end();
      if (arrival.packet.type === "PINGRESP") this.#pings--;
      if (this.client.read(arrival.packet)) return await this.end();
    }
  }
}

/** Mosquitto on its own port. */
class Mosquitto implements AsyncDisposable {
  readonly port: number;
  readonly #process: Deno.ChildProcess;
  readonly #reader: ReadableStreamDefaultReader<string>;
  readonly #folder: string;

  private constructor(port: number, process: Deno.ChildProcess, folder: string) {
    this.port = port;
    this.#process = process;
    this.#folder = folder;
    this.#reader = process.stderr.pipeThrough(new TextDecoderStream()).getReader();
  }

  static async start(): Promise<Mosquitto> {
    const free = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const { port } = free.addr;
    free.close();
    const folder = await Deno.makeTempDir({ dir: "/tmp", prefix: "attest-ledger-" });
    const config = `${folder}/mosquitto.conf`;
    await Deno.writeTextFile(
      config,
      `user root\nallow_anonymous true\nlistener ${port} 127.0.0.1\nlog_dest stderr\nlog_type all\nset_tcp_nodelay true\n`,
    );
    const process = new Deno.Command("mosquitto", { args: ["-c", config], stdout: "null", stderr: "piped" })
      .spawn();
    const started = new Mosquitto(port, process, folder);
    let said = "";
    while (!said.includes("running")) {
      const { value } = await started.#reader.read();
      ok(value !== undefined, `Mosquitto has ended: ${said}`);
      said += value;
    }
    // Read its output from here on, so it does not block.
    void started.#drain();
    return started;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#process.kill("SIGTERM");
    await this.#process.status;
    await this.#reader.closed.catch(() => {});
    await Deno.remove(this.#folder, { recursive: true });
  }

  async #drain(): Promise<void> {
    while (!(await this.#reader.read()).done);
  }
}
