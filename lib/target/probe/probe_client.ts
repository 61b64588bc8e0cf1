import { KeptBytes } from "../../link/kept_bytes.ts";
import { MqttLink } from "../../link/mqtt_link.ts";
import { encode } from "../../mqtt/encode.ts";
import type {
  ConnackPacket,
  ConnectFields,
  Draft,
  Packet,
  PacketOf,
  PacketType,
  ProtocolVersion,
  PublishPacket,
} from "../../mqtt/packet.ts";
import { reasonName } from "../../mqtt/reasons.ts";
import type { Transport } from "../../transport/transport.ts";
import { concat } from "../../ground/bytes.ts";
import { FloodBound } from "./flood_bound.ts";

/** How probing clients reach a broker, and who they say they are. */
export interface ProbeReach {
  /** Opens a network connection. Throws TransportError. */
  readonly open: (signal: AbortSignal) => Promise<Transport>;
  readonly userName?: string | undefined;
  readonly password?: string | undefined;
}

/** The largest packet that a probing client takes, in bytes. */
const LARGEST = 64 * 1024 * 1024;

/** What the clients of one broker have sent it, which any of them may get back, and how much they hold together. */
interface Shared {
  readonly kept: KeptBytes;
  readonly bound: FloodBound;
}

const SHARED = new WeakMap<ProbeReach, Shared>();

function sharedOf(reach: ProbeReach): Shared {
  const shared = SHARED.get(reach) ?? { kept: new KeptBytes(), bound: new FloodBound() };
  SHARED.set(reach, shared);
  return shared;
}

/**
 * An MQTT client that asks a broker what it does. It notes all that comes, and acknowledges messages unless told not to.
 * Sending never throws: a connection that fails has ended, which is what is asked for afterwards.
 */
export class ProbeClient implements AsyncDisposable {
  readonly version: ProtocolVersion;
  /** The messages that came so far. */
  readonly messages: PublishPacket[] = [];
  /** The other packets that came so far, the handshakes of received messages left out. */
  readonly answers: Packet[] = [];
  /** Whether messages of QoS 1 and 2 are acknowledged as they come. */
  acknowledging = true;
  /** How the broker has ended the connection; undefined while it stands. */
  ending: string | undefined;
  /** The type of a packet that came and can't be read. */
  malformed: PacketType | undefined;
  /** The reason code of the DISCONNECT that it sent. */
  endingReason: number | undefined;
  readonly #link: MqttLink;
  readonly #signal: AbortSignal;
  readonly #counts = new Map<PacketType, number>();
  readonly #waiting = new Set<() => void>();
  readonly #close: () => void;
  #writing: Promise<void> = Promise.resolve();
  #lastId = 0;
  readonly #bound: FloodBound;
  /** How many packets are held of what came, and how many bytes they take. */
  #heldPackets = 0;
  #heldBytes = 0;

  private constructor(
    transport: Transport,
    version: ProtocolVersion,
    signal: AbortSignal,
    { kept, bound }: Shared,
  ) {
    this.#bound = bound;
    this.version = version;
    this.#signal = signal;
    this.#close = () => this.#link.close();
    this.#link = new MqttLink(transport, {
      version,
      maximumPacketSize: LARGEST,
      kept,
      onArrival: (arrival) => {
        if (arrival.kind !== "closed") {
          this.#heldPackets++;
          this.#heldBytes += arrival.raw.length;
          if (bound.take(arrival.raw.length, kept.ofPacket)) return this.#flooded();
        }
        // Behind bytes that can't be read, nothing more can be learned from this connection.
        if (arrival.kind === "packet") this.#take(arrival.packet);
        else {
          if (arrival.kind === "malformed") this.malformed ??= arrival.type;
          this.ending ??= arrival.kind === "closed"
            ? "closes the connection"
            : "sends bytes that are no packet";
          this.#link.close();
        }
        for (const wake of this.#waiting) wake();
        return true;
      },
    });
    signal.addEventListener("abort", this.#close);
  }

  /** Opens a network connection and sends nothing. Throws TransportError. */
  static async open(reach: ProbeReach, version: ProtocolVersion, signal: AbortSignal): Promise<ProbeClient> {
    return new ProbeClient(await reach.open(signal), version, signal, sharedOf(reach));
  }

  /** Opens a network connection and sends CONNECT. Throws TransportError. */
  static async connect(
    reach: ProbeReach,
    version: ProtocolVersion,
    signal: AbortSignal,
    fields: ConnectFields,
  ): Promise<ProbeClient> {
    const client = await ProbeClient.open(reach, version, signal);
    const { userName, password } = reach;
    client.send({ type: "CONNECT", userName, password, ...fields });
    return client;
  }

  /** The CONNACK, once it has come. */
  get connack(): ConnackPacket | undefined {
    return this.answersOf("CONNACK")[0];
  }

  /** How many answers of one type came so far. */
  count(type: PacketType): number {
    return this.#counts.get(type) ?? 0;
  }

  /** The answers of one type so far. */
  answersOf<T extends PacketType>(type: T): readonly PacketOf<T>[] {
    return this.answers.filter((packet): packet is PacketOf<T> => packet.type === type);
  }

  /** A packet id that this client has not used yet. */
  nextId(): number {
    this.#lastId = this.#lastId % 65_535 + 1;
    return this.#lastId;
  }

  /** Sends packets, in one write. */
  send(...drafts: readonly Draft[]): Promise<void> {
    this.#bound.sent(drafts.length);
    return this.#write(...drafts);
  }

  /** Waits until something holds, the connection has ended, or time is up. Gives whether it holds. */
  async until(holds: () => boolean, withinMs: number): Promise<boolean> {
    const until = performance.now() + withinMs;
    while (!holds()) {
      const left = until - performance.now();
      if (this.ending !== undefined || this.#signal.aborted || left <= 0) return holds();
      await this.#arrival(left);
    }
    return true;
  }

  /** Waits until no message comes for so long, or `enough` of them are there. */
  async quiet(quietMs: number, enough = Infinity): Promise<void> {
    for (let before = -1; before < this.messages.length && this.messages.length < enough;) {
      before = this.messages.length;
      await this.until(() => this.messages.length > before, quietMs);
    }
  }

  /** Acknowledges the messages that were not acknowledged as they came, and all that come from now on. */
  acknowledgeAll(): void {
    this.acknowledging = true;
    for (const message of this.messages) this.#acknowledge(message);
  }

  /** Sends DISCONNECT and closes. */
  async leave(): Promise<void> {
    await this.send({ type: "DISCONNECT" });
    this.#link.close();
  }

  /** Closes the connection without DISCONNECT. */
  drop(): void {
    this.#link.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#signal.removeEventListener("abort", this.#close);
    await this.#link[Symbol.asyncDispose]();
    await this.#writing;
    this.#bound.release(this.#heldPackets, this.#heldBytes);
    this.#heldPackets = this.#heldBytes = 0;
  }

  /** Gives up on a broker that sends without end; what it has sent by then is kept. */
  #flooded(): true {
    this.ending ??= "sends far more than it was sent";
    this.#link.close();
    for (const wake of this.#waiting) wake();
    return true;
  }

  /** Writes packets; what answers a packet that came allows the broker no more of them. */
  #write(...drafts: readonly Draft[]): Promise<void> {
    const bytes = concat(drafts.map((draft) => encode(draft, this.version)));
    // What fails shows as the end of the connection.
    this.#writing = this.#writing.then(() => this.#link.sendBytes(bytes)).catch(() => {});
    return this.#writing;
  }

  #take(packet: Packet): void {
    switch (packet.type) {
      case "PUBLISH":
        this.messages.push(packet);
        if (this.acknowledging) this.#acknowledge(packet);
        return;
      case "PUBREL":
        return void this.#write({ type: "PUBCOMP", packetId: packet.packetId });
      case "DISCONNECT":
        this.endingReason = packet.reason;
        this.ending = `sends ${withReason("DISCONNECT", this.version, packet.reason)}`;
    }
    this.answers.push(packet);
    this.#counts.set(packet.type, this.count(packet.type) + 1);
  }

  #acknowledge({ qos, packetId }: PublishPacket): void {
    if (qos > 0 && packetId !== undefined) {
      void this.#write({ type: qos === 1 ? "PUBACK" : "PUBREC", packetId });
    }
  }

  #arrival(withinMs: number): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        this.#signal.removeEventListener("abort", done);
        this.#waiting.delete(done);
        resolve();
      };
      const timer = setTimeout(done, withinMs);
      this.#signal.addEventListener("abort", done);
      this.#waiting.add(done);
    });
  }
}

/** A packet with its reason code, for the reader: `SUBACK 0xA2 Wildcard Subscriptions not supported`. */
export function withReason(type: PacketType, version: ProtocolVersion, reason: number): string {
  const code = version !== "5.0" && type === "CONNACK"
    ? String(reason)
    : `0x${reason.toString(16).toUpperCase().padStart(2, "0")}`;
  const name = reasonName(type, version, reason);
  return `${type} ${code}${name === undefined ? "" : ` (${name})`}`;
}
