import { MqttLink } from "../link/mqtt_link.ts";
import { describe } from "../mqtt/describe.ts";
import { encode } from "../mqtt/encode.ts";
import type { ConnectFields, Draft, DraftOf, PacketOf, ProtocolVersion } from "../mqtt/packet.ts";
import type { Transport } from "../transport/transport.ts";

const LEVELS: Readonly<Record<ProtocolVersion, number>> = { "3.1": 3, "3.1.1": 4, "5.0": 5 };
/** How long a test waits for an arrival; ms. */
const PATIENCE = 5000;

export type { ConnectFields };

/** The CONNECT of a version. */
export function connectPacket(version: ProtocolVersion, fields: ConnectFields): Draft {
  return {
    type: "CONNECT",
    protocolName: version === "3.1" ? "MQIsdp" : "MQTT",
    protocolLevel: LEVELS[version],
    cleanStart: true,
    keepAlive: 0,
    clientId: "",
    ...fields,
  };
}

/** A raw MQTT client for the tests of this folder. It sends nothing by itself, and shows what arrives as text. */
export class TestClient implements AsyncDisposable {
  readonly #link: MqttLink;
  readonly #version: ProtocolVersion;
  /** What arrived after CONNECT. */
  connack = "";

  private constructor(link: MqttLink, version: ProtocolVersion) {
    this.#link = link;
    this.#version = version;
  }

  /** Opens a network connection and sends nothing. */
  static async open(port: number, version: ProtocolVersion = "3.1.1"): Promise<TestClient> {
    const conn = await Deno.connect({ hostname: "127.0.0.1", port });
    conn.setNoDelay(true);
    return TestClient.over(conn, version);
  }

  /** Uses an open connection. */
  static over(conn: Transport, version: ProtocolVersion = "3.1.1"): TestClient {
    return new TestClient(new MqttLink(conn, { version }), version);
  }

  /** Opens a connection, sends CONNECT, and reads one arrival as the answer. */
  static async connect(
    port: number,
    clientId: string,
    fields: ConnectFields = {},
    version: ProtocolVersion = "3.1.1",
  ): Promise<TestClient> {
    const client = await TestClient.open(port, version);
    await client.send(connectPacket(version, { clientId, ...fields }));
    client.connack = await client.next();
    return client;
  }

  /** Sends packets in one piece. */
  async send(...drafts: readonly Draft[]): Promise<void> {
    const [first, ...rest] = drafts.map((draft) => encode(draft, this.#version));
    if (first && rest.length === 0) return await this.sendBytes(first);
    await this.sendBytes(Uint8Array.from([first ?? [], ...rest].flatMap((bytes) => [...bytes])));
  }

  /** Sends bytes; if the broker has closed the connection, the next read shows it. */
  async sendBytes(bytes: Uint8Array): Promise<void> {
    await this.#link.sendBytes(bytes).catch(() => {});
  }

  /** Subscribes and reads the SUBACK. */
  async subscribe(filter: string, qos: 0 | 1 | 2 = 0): Promise<string> {
    await this.send({ type: "SUBSCRIBE", packetId: 1, subscriptions: [{ filter, qos }] });
    return await this.next();
  }

  /** Publishes; at QoS 1 and 2 reads the next arrival as the answer. */
  async publish(topic: string, payload: string, fields: Omit<DraftOf<PacketOf<"PUBLISH">>, "type"> = {}) {
    await this.send({ type: "PUBLISH", topic, payload, ...fields });
    if (fields.qos) return await this.next();
    await this.send({ type: "PINGREQ" });
    return await this.next();
  }

  /** The next arrival as text: a packet with the rules that it breaks, `closed`, or `nothing`. */
  async next(withinMs: number = PATIENCE): Promise<string> {
    const arrival = await this.#link.receive(withinMs);
    if (!arrival) return "nothing";
    if (arrival.kind === "closed") return "closed";
    const broken = arrival.violations.map((violation) => ` !${violation.rule}`).join("");
    return (arrival.kind === "packet" ? describe(arrival.packet) : arrival.kind) + broken;
  }

  /** The bytes of the next arrival in hex, or `closed`, or `nothing`. */
  async hex(): Promise<string> {
    const arrival = await this.#link.receive(PATIENCE);
    if (!arrival) return "nothing";
    return arrival.kind === "closed" ? "closed" : arrival.raw.toHex();
  }

  /** Expects a close as the next arrival, and returns its kind: `end` or `reset`. */
  async closing(): Promise<string> {
    const arrival = await this.#link.receive(PATIENCE);
    return arrival?.kind === "closed" ? arrival.how : arrival?.kind ?? "nothing";
  }

  /** Reads `count` arrivals. */
  async take(count: number): Promise<string> {
    const taken: string[] = [];
    while (taken.length < count) taken.push(await this.next());
    return taken.join(", ");
  }

  /** All arrivals before the close of the connection. */
  async untilClosed(patienceMs: number = PATIENCE): Promise<string> {
    const taken: string[] = [];
    for (let got = await this.next(patienceMs); got !== "closed"; got = await this.next(patienceMs)) {
      if (got === "nothing") return [...taken, "still open"].join(", ");
      taken.push(got);
    }
    return taken.join(", ");
  }

  /** Sends DISCONNECT, and returns all arrivals that were not read before. */
  async leave(): Promise<string> {
    await this.send({ type: "DISCONNECT" });
    return await this.untilClosed();
  }

  /** Ends the connection without DISCONNECT. */
  drop(): void {
    this.#link.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#link[Symbol.asyncDispose]();
  }
}
