import { decodeOne } from "../mqtt/decode.ts";
import { encode } from "../mqtt/encode.ts";
import { type Frame, typeOf, type Violation } from "../mqtt/frame.ts";
import type {
  ConnectPacket,
  DisconnectPacket,
  Draft,
  Packet,
  Property,
  ProtocolVersion,
} from "../mqtt/packet.ts";
import { quoteEscaped } from "../ground/text.ts";
import type { Transport } from "../transport/transport.ts";
import { type Authentication, authenticationOf, type AuthenticationStep } from "./authentication.ts";
import type { BrokerBehaviour, ConnectVerdict } from "./behaviour.ts";
import { askedExpiry, ASSIGNED, connackProperties, expirySeconds, judgeConnect } from "./connect.ts";
import { Sender } from "./delivery.ts";
import type { ConnectionOptions } from "./connection_options.ts";
import type { Exchange } from "./exchange.ts";
import { type CloseCause, type Delivery, numberProperty, propertyValue } from "./message.ts";
import { Outbox } from "./outbox.ts";
import { Publisher } from "./publisher.ts";
import {
  KEEP_ALIVE_TIMEOUT,
  PACKET_TOO_LARGE,
  PROTOCOL_ERROR,
  QUOTA_EXCEEDED,
  reasonFor,
} from "./reasons.ts";
import { publishedBehind, readRefused } from "./refused.ts";
import { remarked } from "./remarks.ts";
import type { Peer, Session } from "./session.ts";
import { SilenceWatch } from "./silence.ts";
import { PacketStream } from "./stream.ts";
import { handleSubscribe, handleUnsubscribe } from "./subscribing.ts";
import { type HeldWill, willOf } from "./will.ts";

/** The parts of a connection that exist once CONNECT is accepted. */
interface Client {
  readonly session: Session;
  readonly sender: Sender;
  readonly publisher: Publisher;
}

const UNLIMITED = 0xffff;
/** The return code of a 3.x CONNACK of a server that can't keep more sessions. */
const SERVER_UNAVAILABLE = 0x03;

/** One network connection, from its first byte to its end. */
export class Connection implements Peer {
  readonly #exchange: Exchange;
  readonly #options: ConnectionOptions;
  readonly #stream: PacketStream;
  readonly #outbox: Outbox;
  readonly #silence: SilenceWatch;
  /** Undefined until CONNECT is accepted. */
  #client: Client | undefined;
  #authentication: Authentication | undefined;
  /** The CONNECT that waits for the end of its authentication. */
  #waiting: ConnectPacket | undefined;
  #name: string;
  #over = false;
  #refused = false;
  #maximumPacketSize = Infinity;
  #receiveMaximum = UNLIMITED;
  #topicAliasMaximum = 0;
  #wantsRemarks = true;
  #silent = false;

  /** `from` names the client in the log until its client id is known. */
  constructor(conn: Transport, from: string, exchange: Exchange, options: ConnectionOptions) {
    this.#exchange = exchange;
    this.#options = options;
    this.#name = from;
    this.#silence = new SilenceWatch(exchange.now, () => this.end("keep-alive", KEEP_ALIVE_TIMEOUT));
    this.#stream = new PacketStream(conn, options.maximumPacketSize, exchange.behaviour, {
      frame: (frame) => this.#receive(frame),
      ended: (broken) => this.end(broken ? "broken" : "network"),
      unfinished: (rest) => this.#receiveUnfinished(rest),
      drained: () => this.#client?.sender.pump(),
    });
    this.#outbox = new Outbox((bytes) => this.#stream.write(bytes));
  }

  /** Serves the client until the connection is closed. */
  run(): Promise<void> {
    this.#silence.watch(this.#options.connectWithinMs);
    return this.#stream.run();
  }

  get version(): ProtocolVersion {
    return this.#stream.decoder.version;
  }

  get receiveMaximum(): number {
    return this.#receiveMaximum;
  }

  get topicAliasMaximum(): number {
    return this.#topicAliasMaximum;
  }

  get congested(): boolean {
    return this.#stream.congested;
  }

  send(packet: Draft, form: ProtocolVersion = this.version): boolean {
    if (this.#silent) return true;
    const behaviour = this.#behaviour;
    for (const draft of behaviour.outgoing(packet, form)) {
      const remarks = form === "5.0" ? remarked(draft, behaviour, this.#wantsRemarks) : undefined;
      let bytes = encode(remarks ?? draft, form);
      // [MQTT-3.2.2-19] of 5.0 and similar clauses: the additions must not make a packet too large.
      if (remarks && bytes.length > this.#maximumPacketSize) bytes = encode(draft, form);
      // [MQTT-3.1.2-24] of 5.0
      if (bytes.length > this.#maximumPacketSize) return false;
      this.#outbox.send(bytes, behaviour.holdMs(draft), draft.type === "CONNACK");
    }
    if (behaviour.sentIsSignOfLife) this.#silence.heard();
    return true;
  }

  deliver(delivery: Delivery): void {
    if (!this.#authentication?.keeps(delivery)) this.#client?.sender.deliver(delivery);
  }

  end(cause: CloseCause, reason?: number): void {
    if (this.#over && cause === "stop") this.#stream.finish("stop");
    if (this.#over) return;
    this.#over = true;
    this.#silence.stop();
    this.#outbox.flush();
    const client = this.#client;
    for (const held of this.#authentication?.release() ?? []) client?.session.queue.add(held);
    client?.sender.stop();
    const told = reason === undefined ? undefined : this.#behaviour.disconnectReason(reason, cause);
    // [MQTT-3.14.0-1] of 5.0: only after an accepting CONNACK.
    const may = client !== undefined || this.#behaviour.disconnectsUnaccepted;
    if (may && told !== undefined && this.version === "5.0") {
      this.send({ type: "DISCONNECT", reason: told });
      this.#outbox.flush();
    }
    this.#stream.finish(cause);
    if (client) this.#exchange.close(client.session, this, cause);
    this.#options.log(`${this.#name} closed: ${cause}`);
  }

  get #behaviour(): BrokerBehaviour {
    return this.#exchange.behaviour;
  }

  #receive(received: Frame): void {
    // [MQTT-3.1.4-5]
    if (this.#over || this.#refused) return this.#receiveBehindRefusal(received);
    const behaviour = this.#behaviour;
    const repaired = received.kind === "malformed" ? behaviour.repairs(received) : undefined;
    const frame = repaired ? decodeOne(repaired, this.version) : received;
    const type = typeOf(frame);
    if (behaviour.isSignOfLife(type)) this.#silence.heard();
    if (frame.kind !== "packet" && !this.#client && behaviour.ignoresUnreadable) return;
    const authentication = this.#waiting && this.#authentication;
    if (authentication && frame.kind === "packet") {
      if (frame.packet.type === "AUTH") return this.#follow(authentication.take(frame.packet));
      if (behaviour.ignoresBeforeConnack) return;
    }
    if (!this.#client && !this.#waiting && type === "CONNECT") return this.#receiveConnect(frame);
    if (frame.kind === "packet" && behaviour.passesOver(frame.packet, this.#client !== undefined)) return;
    const answered = type === "CONNECT" && behaviour.answersSecondConnect;
    if (answered) return void this.send({ type: "CONNACK", reason: 0 });
    if (!this.#client || frame.kind === "broken") return this.#refuse(frame.violations);
    if (received.raw.length > behaviour.maximumPacketSize(this.#options.maximumPacketSize, this.version)) {
      this.#options.log(`${this.#name} sent a packet of ${received.raw.length} bytes`);
      return this.end("protocol-error", PACKET_TOO_LARGE);
    }
    const broken = frame.violations.filter((violation) => !behaviour.tolerates(violation, type));
    if (broken.length > 0) {
      const packet = behaviour.carriesOut(frame, this.version);
      if (packet) this.#carryOutUnanswered(packet, this.#client);
      return this.#refuse(broken);
    }
    if (frame.kind === "packet") this.#handle(frame.packet, this.#client);
  }

  /** Executes a packet that a correct broker does not execute, without an answer. */
  #carryOutUnanswered(packet: Packet, client: Client): void {
    this.#silent = true;
    this.#handle(packet, client);
    this.#silent = false;
  }

  /** Ignores packets after a refused CONNECT, as a correct broker does. [MQTT-3.1.4-6 of 5.0] */
  #receiveBehindRefusal(received: Frame): void {
    const message = this.#refused && this.#behaviour.servesRefused ? publishedBehind(received) : undefined;
    if (message) this.#exchange.publish(message);
  }

  /** Handles a packet that the end of the stream has truncated, which a correct broker drops. */
  #receiveUnfinished(rest: Uint8Array): void {
    if (!this.#behaviour.readsUnfinished || rest.length < 2) return;
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
    const behaviour = this.#behaviour;
    const packet = frame.kind === "packet" && frame.packet.type === "CONNECT" ? frame.packet : undefined;
    const verdict = judgeConnect(frame, this.version, behaviour);
    if (verdict.kind === "accept" && packet) return this.#begin(packet);
    if (verdict.kind === "refuse") this.#sendRefusal(verdict, packet);
    if (this.#refused && !behaviour.closesAfterRefusal) return;
    const named = readRefused(frame, this.version);
    if (named) this.#exchange.refused(behaviour.sessionKey(named.clientId), this.#willOf(named));
    this.#options.log(`${this.#name} was refused: ${frame.violations[0]?.message ?? "bad client id"}`);
    const end = () => this.end("protocol-error", verdict.kind === "refuse" ? verdict.reason : undefined);
    if (behaviour.servesRefused) queueMicrotask(end);
    else end();
  }

  // [MQTT-3.2.2-4] [MQTT-3.2.2-5]
  #sendRefusal(verdict: ConnectVerdict & { kind: "refuse" }, packet: ConnectPacket | undefined): void {
    if (packet) this.#takeLimits(packet);
    this.send({ type: "CONNACK", sessionPresent: false, reason: verdict.reason }, verdict.form);
    this.#refused = true;
  }

  /** Stores the limits and options of the client. */
  #takeLimits(packet: ConnectPacket): void {
    this.#maximumPacketSize = this.#behaviour.sendsUpTo(
      numberProperty(packet.properties, "maximumPacketSize", Infinity),
    );
    this.#receiveMaximum = numberProperty(packet.properties, "receiveMaximum", UNLIMITED);
    this.#topicAliasMaximum = numberProperty(packet.properties, "topicAliasMaximum", 0);
    this.#wantsRemarks = numberProperty(packet.properties, "requestProblemInformation", 1) !== 0;
  }

  /** Accepts a client, or starts its authentication. */
  #begin(packet: ConnectPacket): void {
    this.#authentication = authenticationOf(packet, this.#behaviour);
    if (!this.#authentication) return this.#accept(packet);
    this.#takeLimits(packet);
    this.#waiting = packet;
    this.#follow(this.#authentication.begin(packet.properties));
  }

  /** Continues with a client that is connecting, or that is connected and re-authenticates. */
  #follow(step: AuthenticationStep): void {
    const waiting = this.#waiting;
    const behaviour = this.#behaviour;
    if (step.kind === "ask") return void this.send(step.packet);
    this.#waiting = undefined;
    if (step.kind === "authenticated") {
      if (waiting) this.#accept(waiting, step.properties);
      else this.#authenticatedAgain(step.properties);
      if (behaviour.asksAfterSuccess && this.#authentication) this.send(this.#authentication.question());
      return;
    }
    if (!waiting) {
      // [MQTT-4.12.1-2] of 5.0
      if (!behaviour.keepsUnauthenticated) this.end("protocol-error", step.reason);
      return;
    }
    const verdict = behaviour.refusal({ kind: "refuse", reason: step.reason }, this.version, undefined);
    if (verdict.kind === "refuse") this.#sendRefusal(verdict, waiting);
    this.#exchange.refused(behaviour.sessionKey(waiting.clientId), this.#willOf(waiting));
    if (behaviour.closesAfterRefusal) this.end("protocol-error", step.reason);
  }

  #authenticatedAgain(properties: readonly Property[]): void {
    const { reAuthenticatedReason: reason, reAuthenticatedBy: type } = this.#behaviour;
    if (this.#client) this.#exchange.authenticatedAgain(this.#client.session);
    this.send({ type, reason, properties });
    for (const delivery of this.#authentication?.release() ?? []) this.#client?.sender.deliver(delivery);
  }

  #accept(packet: ConnectPacket, authenticated: readonly Property[] = []): void {
    const behaviour = this.#behaviour;
    const assigned = packet.clientId === "";
    const clientId = behaviour.sessionKey(
      assigned
        ? behaviour.assignedClientId(`${ASSIGNED}${crypto.randomUUID().slice(0, 13)}`)
        : packet.clientId,
    );
    const five = this.version === "5.0";
    this.#takeLimits(packet);
    const asked = askedExpiry(packet, this.version);
    const expirySeconds = behaviour.sessionExpirySeconds(asked, this.version);
    const opened = this.#exchange.open({
      clientId,
      cleanStart: packet.cleanStart,
      expirySeconds,
      peer: this,
      will: this.#willOf(packet),
    });
    if (!opened) {
      const reason = five ? QUOTA_EXCEEDED : SERVER_UNAVAILABLE;
      this.send({ type: "CONNACK", sessionPresent: false, reason });
      return this.end("protocol-error");
    }
    const { session, resumed } = opened;
    const sender = new Sender(session, this, behaviour, this.#exchange.now);
    const topicAliasMaximum = behaviour.topicAliasMaximum(this.#options.topicAliasMaximum);
    const publisher = new Publisher(session, this, this.#exchange, topicAliasMaximum);
    this.#client = { session, sender, publisher };
    this.#name = quoteEscaped(clientId);
    this.#options.log(
      `${this.#name} connected: ${this.version}, ${resumed ? "session resumed" : "new session"}`,
    );
    const keepAlive = five ? behaviour.serverKeepAlive ?? packet.keepAlive : packet.keepAlive;
    this.#silence.watch(behaviour.silenceMs(keepAlive));
    if (behaviour.connackLate) sender.resume();
    const announced = {
      maximumPacketSize: behaviour.maximumPacketSize(this.#options.maximumPacketSize, this.version),
      topicAliasMaximum,
      assignedClientId: assigned ? clientId : undefined,
      sessionExpirySeconds: expirySeconds === asked ? undefined : expirySeconds,
    };
    const told = this.send({
      type: "CONNACK",
      // 3.1 has no such flag.
      sessionPresent: this.version !== "3.1" && behaviour.sessionPresent(resumed),
      reason: 0,
      properties: five ? [...connackProperties(packet, announced, behaviour), ...authenticated] : undefined,
    });
    // A client that can't receive a CONNACK can't know that it is connected.
    if (!told && !behaviour.dropsLargeConnack) return this.end("protocol-error");
    if (!behaviour.connackLate) sender.resume();
  }

  #willOf(packet: ConnectPacket): HeldWill | undefined {
    const publisher = this.#behaviour.sessionKey(packet.clientId);
    return willOf(packet, publisher, this.#behaviour.topicText(packet.will?.topic ?? ""));
  }

  #handle(packet: Packet, client: Client): void {
    const { session, sender, publisher } = client;
    const unserved = this.#authentication?.again && !this.#behaviour.servesDuringAuth;
    if (unserved && packet.type !== "AUTH" && packet.type !== "DISCONNECT") return;
    if (!sender.lets(packet.type)) return;
    switch (packet.type) {
      case "PUBLISH":
        return publisher.publish(packet);
      case "PUBREL":
        return publisher.release(packet.packetId);
      case "PUBACK":
        return this.#expectTrue(sender.puback(packet.packetId, packet.reason));
      case "PUBREC":
        return this.#expectTrue(sender.pubrec(packet.packetId, packet.reason));
      case "PUBCOMP":
        return this.#expectTrue(sender.pubcomp(packet.packetId, packet.reason));
      case "SUBSCRIBE":
        return handleSubscribe(packet, session, this, this.#exchange);
      case "UNSUBSCRIBE":
        return handleUnsubscribe(packet, session, this, this.#exchange);
      case "PINGREQ":
        this.send({ type: "PINGRESP" });
        return;
      case "DISCONNECT":
        return this.#disconnect(packet, session);
      case "AUTH":
        if (this.#authentication) return this.#follow(this.#authentication.take(packet));
        if (this.#behaviour.answersAuth) return void this.send(packet);
        return this.end("protocol-error", PROTOCOL_ERROR);
      case "CONNECT": // [MQTT-3.1.0-2]
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
      const wished = this.#behaviour.disconnectExpiry(expirySeconds(interval), session.expirySeconds);
      if (wished === undefined) return this.end("protocol-error", PROTOCOL_ERROR);
      session.expirySeconds = this.#behaviour.sessionExpirySeconds(wished, this.version);
    }
    if (this.#behaviour.endsOnDisconnect) {
      this.end(this.#behaviour.disconnectCause(packet.reason));
    } else {
      session.will = undefined;
    }
  }
}
