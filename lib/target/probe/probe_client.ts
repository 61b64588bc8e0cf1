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

/** How probing clients reach a broker, and their credentials. */
export interface ProbeReach {
  /** Opens a network connection. Throws TransportError. */
  readonly open: (signal: AbortSignal) => Promise<Transport>;
  readonly userName?: string | undefined;
  readonly password?: string | undefined;
}

/** The largest packet that a probing client accepts, in bytes. */
const LARGEST = 64 * 1024 * 1024;

/**
 * What the clients of one broker have sent it, which any of them may receive, and how much they hold
 * together.
 */
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
 * An MQTT client for the questions of a probe. It records everything that comes, and acknowledges messages
 * unless configured not to. Sending never throws: a failed connection has ended, which is checked afterwards.
 */
export class ProbeClient implements AsyncDisposable {
  readonly version: ProtocolVersion;
  /** The messages received so far. */
  readonly messages: PublishPacket[] = [];
  /** The other packets received so far, except the handshakes of received messages. */
  readonly answers: Packet[] = [];
  /** Whether messages of QoS 1 and 2 are acknowledged as they come. */
  acknowledging = true;
  /** How the broker has ended the connection; undefined while it is open. */
  ending: string | undefined;
  /** The type of a received packet that cannot be read. */
  malformed: PacketType | undefined;
  /** The reason code of the broker's DISCONNECT. */
  endingReason: number | undefined;
  readonly #link: MqttLink;
  readonly #signal: AbortSignal;
  readonly #counts = new Map<PacketType, number>();
  readonly #waiting = new Set<() => void>();
  readonly #close: () => void;
  #writing: Promise<void> = Promise.resolve();
  #lastId = 0;
  readonly #bound: FloodBound;
  /** How many received packets are held, and how many bytes they take. */
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
        // After unreadable bytes nothing more can be learned from this connection.
        if (arrival.kind === "packet") this.#take(arrival.packet);
        else {
          if (arrival.kind === "malformed") this.malformed ??= arrival.type;
          this.ending ??= arrival.kind === "closed"
            ? "closes the connection"
            : "sends bytes that are not a packet";
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

  /** The CONNACK, once received. */
  get connack(): ConnackPacket | undefined {
    return this.answersOf("CONNACK")[0];
  }

  /** Counts the answers of one type so far. */
  count(type: PacketType): number {
    return this.#counts.get(type) ?? 0;
  }

  /** Returns the answers of one type so far. */
  answersOf<T extends PacketType>(type: T): readonly PacketOf<T>[] {
    return this.answers.filter((packet): packet is PacketOf<T> => packet.type === type);
  }

  /** Returns a packet id that this client has not used yet. */
  nextId(): number {
    this.#lastId = this.#lastId % 65_535 + 1;
    return this.#lastId;
  }

  /** Sends packets in one write. */
  send(...drafts: readonly Draft[]): Promise<void> {
    this.#bound.sent(drafts.length);
    return this.#write(...drafts);
  }

  /**
   * Waits until a condition holds, the connection has ended, or the timeout. Returns whether the condition
   * holds.
   */
  async until(holds: () => boolean, withinMs: number): Promise<boolean> {
    const until = performance.now() + withinMs;
    while (!holds()) {
      const left = until - performance.now();
      if (this.ending !== undefined || this.#signal.aborted || left <= 0) return holds();
      await this.#arrival(left);
    }
    return true;
  }

  /** Waits until no message comes for `quietMs`, or `enough` of them have come. */
  async quiet(quietMs: number, enough = Infinity): Promise<void> {
    for (let before = -1; before < this.messages.length && this.messages.length < enough;) {
      before = this.messages.length;
      await this.until(() => this.messages.length > before, quietMs);
    }
  }

  /** Acknowledges the messages that have not been acknowledged, and all that come from now on. */
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

  /** Gives up on a broker that sends without end; what it has sent so far is kept. */
  #flooded(): true {
    this.ending ??= "sends far more than was sent to it";
    this.#link.close();
    for (const wake of this.#waiting) wake();
    return true;
  }

  /** Writes packets. Responses to received packets do not raise the flood limit. */
  #write(...drafts: readonly Draft[]): Promise<void> {
    const bytes = concat(drafts.map((draft) => encode(draft, this.version)));
    // A failure shows as the end of the connection.
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

/** Formats a packet with its reason code: `SUBACK 0xA2 Wildcard Subscriptions not supported`. */
export function withReason(type: PacketType, version: ProtocolVersion, reason: number): string {
  const code = version !== "5.0" && type === "CONNACK"
    ? String(reason)
    : `0x${reason.toString(16).toUpperCase().padStart(2, "0")}`;
  const name = reasonName(type, version, reason);
  return `${type} ${code}${name === undefined ? "" : ` (${name})`}`;
}
