import { decodeOne } from "../mqtt/decode.ts";
import { encode } from "../mqtt/encode.ts";
import type { Frame, Violation } from "../mqtt/frame.ts";
import type {
  ConnectPacket,
  DisconnectPacket,
  Draft,
  Packet,
  PacketType,
  Property,
  ProtocolVersion,
} from "../mqtt/packet.ts";
import { quoteEscaped } from "../ground/text.ts";
import type { Transport } from "../transport/transport.ts";
import { askedExpiry, expirySeconds, judgeConnect } from "./connect.ts";
import { Sender } from "./delivery.ts";
import type { Exchange } from "./exchange.ts";
import { type CloseCause, type Delivery, numberProperty, propertyValue } from "./message.ts";
import { Publisher } from "./publisher.ts";
import { PROTOCOL_ERROR, reasonFor } from "./reasons.ts";
import type { Peer, Session } from "./session.ts";
import { PacketStream } from "./stream.ts";
import { handleSubscribe, handleUnsubscribe } from "./subscribing.ts";
import { type HeldWill, willOf } from "./will.ts";

/** What a connection is told of the broker it belongs to. */
export interface ConnectionOptions {
  /** Bytes; what is larger ends the connection. */
  readonly maximumPacketSize: number;
  /** The highest topic alias that a 5.0 client may use. */
  readonly topicAliasMaximum: number;
  /** How long a connection may stay without CONNECT. */
  readonly connectWithinMs: number;
  /** Told in one line what happens. */
  readonly log: (line: string) => void;
}

/** What there is once CONNECT is accepted. */
interface Client {
  readonly session: Session;
  readonly sender: Sender;
  readonly publisher: Publisher;
}

const KEEP_ALIVE_TIMEOUT = 0x8d;
const UNLIMITED = 0xffff;

/** One network connection, from its first byte to its end. */
export class Connection implements Peer {
  readonly #exchange: Exchange;
  readonly #options: ConnectionOptions;
  readonly #stream: PacketStream;
  /** Undefined until CONNECT is accepted. */
  #client: Client | undefined;
  #name: string;
  #over = false;
  #refused = false;
  #maximumPacketSize = Infinity;
  #receiveMaximum = UNLIMITED;
  #heardAt: number;
  #watch: ReturnType<typeof setTimeout> | undefined;

  /** `from` is how the log calls a client that has not told its id. */
  constructor(conn: Transport, from: string, exchange: Exchange, options: ConnectionOptions) {
    this.#exchange = exchange;
    this.#options = options;
    this.#name = from;
    this.#heardAt = exchange.now();
    this.#stream = new PacketStream(conn, options.maximumPacketSize, exchange.behaviour, {
      frame: (frame) => this.#receive(frame),
      ended: (broken) => this.end(broken ? "broken" : "network"),
      unfinished: (rest) => this.#receiveUnfinished(rest),
      drained: () => this.#client?.sender.pump(),
    });
  }

  /** Serves the client until the connection is closed. */
  run(): Promise<void> {
    this.#watchSilence(this.#options.connectWithinMs);
    return this.#stream.run();
  }

  get version(): ProtocolVersion {
    return this.#stream.decoder.version;
  }

  get receiveMaximum(): number {
    return this.#receiveMaximum;
  }

  get congested(): boolean {
    return this.#stream.congested;
  }

  send(packet: Draft): boolean {
    for (const draft of this.#exchange.behaviour.outgoing(packet, this.version)) {
      const bytes = encode(draft, this.version);
      // [MQTT-3.1.2-24] of 5.0
      if (bytes.length > this.#maximumPacketSize) return false;
      this.#stream.write(bytes);
    }
    if (this.#exchange.behaviour.sentIsSignOfLife) this.#heardAt = this.#exchange.now();
    return true;
  }

  deliver(delivery: Delivery): void {
    this.#client?.sender.deliver(delivery);
  }

  end(cause: CloseCause, reason?: number): void {
    if (this.#over && cause === "stop") this.#stream.finish(0);
    if (this.#over) return;
    this.#over = true;
    clearTimeout(this.#watch);
    const client = this.#client;
    // [MQTT-3.14.0-1] of 5.0: only after an accepting CONNACK.
    if (client && reason !== undefined && this.version === "5.0") this.send({ type: "DISCONNECT", reason });
    this.#stream.finish(cause === "stop" ? 0 : undefined);
    if (client) this.#exchange.close(client.session, this, cause);
    this.#options.log(`${this.#name} closed: ${cause}`);
  }

  #receive(received: Frame): void {
    // [MQTT-3.1.4-5]
    if (this.#over || this.#refused) return;
    const { behaviour } = this.#exchange;
    const repaired = received.kind === "malformed" ? behaviour.repairs(received) : undefined;
    const frame = repaired ? decodeOne(repaired, this.version) : received;
    const type = typeOf(frame);
    if (behaviour.isSignOfLife(type)) this.#heardAt = this.#exchange.now();
    if (frame.kind !== "packet" && !this.#client && behaviour.ignoresUnreadable) return;
    if (!this.#client && type === "CONNECT") return this.#receiveConnect(frame);
    if (frame.kind === "packet" && behaviour.passesOver(frame.packet, this.#client !== undefined)) return;
    if (type === "CONNECT" && behaviour.answersSecondConnect) {
      return void this.send({ type: "CONNACK", reason: 0 });
    }
    if (!this.#client || frame.kind === "broken") return this.#refuse(frame.violations);
    const broken = frame.violations.filter((violation) => !behaviour.tolerates(violation, type));
    if (broken.length > 0) return this.#refuse(broken);
    if (frame.kind === "packet") this.#handle(frame.packet, this.#client);
  }

  /** A packet that the end of the stream has cut off, which a right broker forgets. */
  #receiveUnfinished(rest: Uint8Array): void {
    if (!this.#exchange.behaviour.readsUnfinished || rest.length < 2) return;
    const whole = rest.slice();
    whole[1] = Math.min(whole.length - 2, 0x7f);
    this.#receive(decodeOne(whole, this.version));
  }

  // [MQTT-4.8.0-1]
  #refuse(violations: readonly Violation[]): void {
    this.#options.log(
      `${this.#name} broke the protocol: ${violations[0]?.message ?? "CONNECT must come first"}`,
    );
    this.end("protocol-error", reasonFor(violations));
  }

  #receiveConnect(frame: Frame): void {
    const { behaviour } = this.#exchange;
    const packet = frame.kind === "packet" && frame.packet.type === "CONNECT" ? frame.packet : undefined;
    const right = judgeConnect(frame, this.version, behaviour);
    const verdict = packet ? behaviour.connect(right, packet) : right;
    if (verdict.kind === "accept" && packet) return this.#accept(packet);
    if (verdict.kind === "refuse") {
      // [MQTT-3.2.2-4] [MQTT-3.2.2-5]
      this.send({ type: "CONNACK", sessionPresent: false, reason: verdict.reason });
      this.#refused = true;
      if (!behaviour.closesAfterRefusal) return;
    }
    if (packet) this.#exchange.refused(behaviour.sessionKey(packet.clientId), this.#willOf(packet));
    this.#options.log(`${this.#name} was refused: ${frame.violations[0]?.message ?? "bad client id"}`);
    this.end("protocol-error");
  }

  #accept(packet: ConnectPacket): void {
    const { behaviour } = this.#exchange;
    const assigned = packet.clientId === "";
    const clientId = behaviour.sessionKey(
      assigned ? behaviour.assignedClientId(`attest-${crypto.randomUUID().slice(0, 13)}`) : packet.clientId,
    );
    const five = this.version === "5.0";
    this.#maximumPacketSize = numberProperty(packet.properties, "maximumPacketSize", Infinity);
    this.#receiveMaximum = numberProperty(packet.properties, "receiveMaximum", UNLIMITED);
    const will = this.#willOf(packet);
    const opened = this.#exchange.open({
      clientId,
      cleanStart: packet.cleanStart,
      expirySeconds: askedExpiry(packet, this.version),
      peer: this,
      ...(will ? { will } : {}),
    });
    if (!opened) {
      this.send({ type: "CONNACK", sessionPresent: false, reason: five ? 0x97 : 0x03 });
      return this.end("protocol-error");
    }
    const { session, resumed } = opened;
    const sender = new Sender(session, this, behaviour, this.#exchange.now);
    const publisher = new Publisher(session, this, this.#exchange, this.#options.topicAliasMaximum);
    this.#client = { session, sender, publisher };
    this.#name = quoteEscaped(clientId);
    this.#options.log(
      `${this.#name} connected: ${this.version}, ${resumed ? "session resumed" : "new session"}`,
    );
    this.#watchSilence(behaviour.silenceMs(packet.keepAlive));
    if (behaviour.connackLate) sender.resume();
    this.send({
      type: "CONNACK",
      // 3.1 has no such flag.
      sessionPresent: this.version !== "3.1" && behaviour.sessionPresent(resumed),
      reason: 0,
      properties: five ? this.#connackProperties(assigned ? clientId : undefined) : undefined,
    });
    if (!behaviour.connackLate) sender.resume();
  }

  #willOf(packet: ConnectPacket): HeldWill | undefined {
    const { behaviour } = this.#exchange;
    const publisher = behaviour.sessionKey(packet.clientId);
    return willOf(packet, publisher, behaviour.topicText(packet.will?.topic ?? ""));
  }

  #connackProperties(assigned: string | undefined): Property[] {
    const { maximumPacketSize, topicAliasMaximum } = this.#options;
    const properties: Property[] = [
      { name: "maximumPacketSize", value: maximumPacketSize },
      { name: "topicAliasMaximum", value: topicAliasMaximum },
    ];
    // [MQTT-3.1.3-7] of 5.0
    if (assigned !== undefined) properties.push({ name: "assignedClientIdentifier", value: assigned });
    return properties;
  }

  #handle(packet: Packet, client: Client): void {
    const { session, sender, publisher } = client;
    switch (packet.type) {
      case "PUBLISH":
        return publisher.publish(packet);
      case "PUBREL":
        return publisher.release(packet.packetId);
      case "PUBACK":
        return this.#expectTrue(sender.puback(packet.packetId));
      case "PUBREC":
        return this.#expectTrue(sender.pubrec(packet.packetId, packet.reason));
      case "PUBCOMP":
        return this.#expectTrue(sender.pubcomp(packet.packetId));
      case "SUBSCRIBE":
        return handleSubscribe(packet, session, this, this.#exchange);
      case "UNSUBSCRIBE":
        return handleUnsubscribe(packet, session, this, this.#exchange);
      case "PINGREQ":
        this.send({ type: "PINGRESP" });
        return;
      case "DISCONNECT":
        return this.#disconnect(packet, session);
      case "CONNECT": // [MQTT-3.1.0-2]
      case "AUTH": // No authentication method was agreed.
      case "CONNACK":
      case "SUBACK":
      case "UNSUBACK":
      case "PINGRESP":
        return this.end("protocol-error", PROTOCOL_ERROR);
    }
  }

  #expectTrue(right: boolean): void {
    if (!right) this.end("protocol-error", PROTOCOL_ERROR);
  }

  #disconnect(packet: DisconnectPacket, session: Session): void {
    const interval = propertyValue(packet.properties, "sessionExpiryInterval");
    if (typeof interval === "number") {
      // 5.0 section 3.14.2.2.2: what ends with the connection cannot be kept after all.
      if (session.expirySeconds === 0 && interval > 0) return this.end("protocol-error", PROTOCOL_ERROR);
      session.expirySeconds = expirySeconds(interval);
    }
    if (this.#exchange.behaviour.endsOnDisconnect) {
      this.end(packet.reason === 0 ? "disconnect" : "disconnect-with-will");
    } else {
      session.will = undefined;
    }
  }

  /** Ends the connection once nothing was heard for `limitMs`; one timer, put off by what was heard meanwhile. */
  #watchSilence(limitMs: number): void {
    clearTimeout(this.#watch);
    if (limitMs === Infinity) return;
    const look = () => {
      const silentMs = this.#exchange.now() - this.#heardAt;
      if (silentMs >= limitMs) this.end("keep-alive", KEEP_ALIVE_TIMEOUT);
      else this.#watch = setTimeout(look, limitMs - silentMs);
    };
    this.#watch = setTimeout(look, limitMs);
  }
}

function typeOf(frame: Frame): PacketType | undefined {
  if (frame.kind === "packet") return frame.packet.type;
  return frame.kind === "malformed" ? frame.type : undefined;
}
