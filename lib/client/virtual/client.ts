import { defined } from "../../ground/defined.ts";
import type { Arrival } from "../../link/mqtt_link.ts";
import { maySend } from "../../mqtt/ledger/rule.ts";
import { numberOf } from "../../mqtt/ledger/property_value.ts";
import {
  type AuthPacket,
  type ConnackPacket,
  type Draft,
  isProtocolVersion,
  type Packet,
  type ProtocolVersion,
  type PublishPacket,
} from "../../mqtt/packet.ts";
import { bytesOf } from "../octets.ts";
import type { ClientEvent } from "../protocol.ts";
import { type Asked, Refused } from "./asked.ts";
import {
  connectDraft,
  type DraftFor,
  propertiesIn,
  publishDraft,
  subscriptionsIn,
  type TextUse,
  toldProperties,
} from "./drafts.ts";
import { type Ending, type Fault, FaultWatch, PROTOCOL_ERROR } from "./faults.ts";
import type { Hooks } from "./hooks.ts";
import { type Delivery, Inbox } from "./inbox.ts";
import { beyondLimits } from "./limits.ts";
import { Outbox } from "./outbox.ts";
import { Pinger } from "./pinger.ts";
import { Line } from "./line.ts";

/** A client of MQTT 3.1.1 and 5.0 with a session that outlives its connections. */
export class VirtualClient {
  readonly #name: string;
  readonly #hooks: Hooks;
  readonly #tell: (event: ClientEvent) => void;
  readonly #watch = new FaultWatch();
  readonly #inbox: Inbox;
  readonly #outbox: Outbox;
  readonly #pinger: Pinger;
  #line: Line | undefined;
  #version: ProtocolVersion = "3.1.1";
  #accepted = false;
  #ended = false;
  #lastId = 0;
  /** What was asked by SUBSCRIBE or UNSUBSCRIBE and not answered, by its identifier. */
  #asked = new Map<number, "SUBSCRIBE" | "UNSUBSCRIBE">();
  #keepAlive = 0;
  /** The Session Expiry Interval of the connection, and whether a session is held from one before. */
  #expiry = 0;
  #held = false;

  /** `tell` hears the events of the client `name`. */
  constructor(name: string, hooks: Hooks, tell: (event: ClientEvent) => void) {
    this.#name = name;
    this.#hooks = hooks;
    this.#inbox = new Inbox(name, hooks);
    this.#outbox = new Outbox(hooks);
    this.#tell = (event) =>
      hooks.told(event).forEach((one) => {
        if (hooks.tellsAfterMs === 0) tell(one);
        else setTimeout(() => tell(one), hooks.tellsAfterMs);
      });
    this.#pinger = new Pinger({
      missesPong: hooks.missesPong,
      ping: () => this.#send({ type: "PINGREQ" }),
      lost: () => this.#lost({ text: "no PINGRESP came" }),
    });
  }

  /** Opens a connection and sends CONNECT; an event reports the result. Throws {@link Refused}. */
  connect(asked: Asked): void {
    const version = isProtocolVersion(String(asked.protocol)) ? asked.protocol as ProtocolVersion : "3.1.1";
    const connect = connectDraft(asked, version, this.#text);
    const unfit = this.#hooks.refusesConnect(asked);
    if (unfit !== undefined) throw new Refused(unfit);
    if (connect.will && this.#hooks.refusesQoS(connect.will.qos ?? 0)) {
      throw new Refused("the QoS of the will");
    }
    this.close();
    this.#version = version;
    this.#ended = false;
    if ((connect.cleanStart || !this.#held) && this.#hooks.forgets) this.#forget();
    const five = version === "5.0";
    this.#expiry = five ? this.#numberIn(asked, "sessionExpiryInterval") : connect.cleanStart ? 0 : Infinity;
    this.#keepAlive = connect.keepAlive ?? 0;
    void this.#run(String(asked.server), Number(asked.port), connect);
  }

  /** Sends a message; gives its token. Throws {@link Refused}. */
  publish(asked: Asked): number {
    const publish = publishDraft(asked, this.#text);
    const qos = publish.qos ?? 0;
    if (this.#hooks.refusesQoS(qos)) throw new Refused("the QoS");
    this.#demandConnection();
    const token = this.#hooks.nextId(this.#lastId);
    const draft = qos === 0 ? publish : { ...publish, packetId: token };
    this.#demandWithinLimits(draft);
    this.#lastId = token;
    if (qos === 0) this.#send(draft);
    else {
      this.#outbox.add({ publish: draft, packetId: token, qos, released: false });
      this.#sendDue();
    }
    if (this.#hooks.deliveredAt(qos) === "sent") this.#tell({ on: "published", client: this.#name, token });
    return token;
  }

  /** Subscribes; gives its token. Throws {@link Refused}. */
  subscribe(asked: Asked): number {
    const subscriptions = subscriptionsIn(asked, this.#text);
    if (subscriptions.some(({ qos = 0 }) => this.#hooks.refusesQoS(qos))) throw new Refused("the QoS");
    const properties = propertiesIn(asked, this.#text);
    return this.#request((packetId) => ({ type: "SUBSCRIBE", packetId, subscriptions, properties }));
  }

  /** Gives subscriptions up; gives its token. Throws {@link Refused}. */
  unsubscribe(asked: Asked): number {
    const filters = (asked.filters as readonly unknown[]).map((filter) => this.#text("filter", filter));
    const properties = propertiesIn(asked, this.#text);
    return this.#request((packetId) => ({ type: "UNSUBSCRIBE", packetId, filters, properties }));
  }

  /** Sends AUTH. Throws {@link Refused}. */
  authenticate(asked: Asked): void {
    if (!this.#line) throw new Refused("there is no connection");
    this.#send({
      type: "AUTH",
      reason: Number(asked.reason),
      properties: propertiesIn(asked, this.#text),
    });
  }

  /** Sends DISCONNECT and closes the connection. Throws {@link Refused}. */
  disconnect(asked: Asked): void {
    this.#demandConnection();
    const unfit = this.#hooks.refusesDisconnect(asked, this.#expiry);
    if (unfit !== undefined) throw new Refused(unfit);
    const properties = propertiesIn(asked, this.#text);
    const goodbye: Draft = { type: "DISCONNECT", reason: Number(asked.reason ?? 0), properties };
    this.#demandWithinLimits(goodbye);
    this.#ended = true;
    const { says, closes } = this.#hooks.disconnects;
    if (says) this.#send(goodbye);
    const line = this.#line;
    void line?.written.then(() => {
      if (closes && this.#line === line) this.close();
      this.#tell({ on: "disconnected", client: this.#name });
    });
  }

  /** Ends the connection silently, without an event. */
  close(): void {
    this.#pinger.stop();
    this.#watch.closed();
    const line = this.#line;
    this.#line = undefined;
    if (this.#accepted) this.#held = this.#hooks.lasts(this.#expiry);
    this.#accepted = false;
    void line?.[Symbol.asyncDispose]();
  }

  async #run(hostname: string, port: number, connect: DraftFor<"CONNECT">): Promise<void> {
    let connection: Deno.TcpConn;
    try {
      connection = await Deno.connect({ hostname, port });
    } catch (error) {
      return this.#tell({ on: "notConnected", client: this.#name, text: String(error) });
    }
    this.#watch.opened(this.#version);
    const line = this.#line = new Line(connection, this.#version, this.#hooks.writing);
    this.#send(connect);
    for (;;) {
      const arrival = await line.receive();
      if (this.#line !== line) return;
      if (arrival && !this.#arrived(arrival)) return;
    }
  }

  /** Returns whether the connection goes on. */
  #arrived(arrival: Arrival): boolean {
    if (arrival.kind === "closed") return this.#lost({ text: "the broker closed the connection" });
    const accepted = this.#accepted;
    const ending = this.#watch.received(arrival);
    if (ending && this.#hooks.endsFor(ending.fault)) return this.#end(ending);
    if (arrival.kind !== "packet") return true;
    const { packet } = arrival;
    if (packet.type === "AUTH" && this.#version === "5.0") return this.#challenged(packet);
    if (packet.type === "CONNACK") {
      return accepted ? this.#forbidden("second-connack") : this.#connack(packet);
    }
    const ofFive = packet.type === "DISCONNECT" || packet.type === "AUTH";
    if (!accepted || !maySend("server", packet.type) || (ofFive && this.#version !== "5.0")) {
      return this.#forbidden("forbidden");
    }
    return this.#handle(packet);
  }

  #connack({ reason, sessionPresent, properties }: ConnackPacket): boolean {
    const told = toldProperties(properties);
    if (reason !== 0) {
      this.#tell(defined({ on: "notConnected", client: this.#name, reason, properties: told }));
      this.close();
      return false;
    }
    if (sessionPresent && !this.#held && this.#version === "5.0" && this.#hooks.endsFor("session")) {
      return this.#end({ fault: "session", reason: PROTOCOL_ERROR });
    }
    this.#accepted = true;
    if (!sessionPresent && this.#hooks.forgets) this.#forget();
    this.#expiry = numberOf(properties, "sessionExpiryInterval") ?? this.#expiry;
    const keepAlive = this.#hooks.keepAlive(this.#keepAlive, numberOf(properties, "serverKeepAlive"));
    this.#pinger.start(this.#hooks.pingAfter(keepAlive));
    this.#tell(defined({ on: "connected", client: this.#name, sessionPresent, properties: told }));
    this.#outbox.again();
    this.#sendDue();
    return true;
  }

  #handle(packet: Packet): boolean {
    switch (packet.type) {
      case "PUBLISH":
        return this.#deliver(this.#inbox.published(packet, this.#watch.topicOf(packet)));
      case "PUBREL":
        return this.#deliver(this.#inbox.released(packet.packetId));
      case "PUBACK":
      case "PUBREC":
      case "PUBCOMP": {
        const { sends, done, wrong } = this.#outbox.acknowledged(packet.type, packet.packetId, packet.reason);
        if (done) this.#published(done.packetId, done.reason, packet.properties);
        sends.forEach((draft) => this.#send(draft));
        this.#sendDue();
        return wrong ? this.#forbidden("forbidden") : true;
      }
      case "SUBACK":
      case "UNSUBACK": {
        if (this.#asked.get(packet.packetId) !== (packet.type === "SUBACK" ? "SUBSCRIBE" : "UNSUBSCRIBE")) {
          return true;
        }
        this.#asked.delete(packet.packetId);
        this.#tell(defined({
          on: packet.type === "SUBACK" ? "subscribed" : "unsubscribed",
          client: this.#name,
          token: packet.packetId,
          reasons: packet.reasons.length > 0 ? [...packet.reasons] : undefined,
          properties: toldProperties(packet.properties),
        }));
        return true;
      }
      case "PINGRESP":
        this.#pinger.answered();
        return true;
      case "DISCONNECT":
        return this.#hooks.endsAtDisconnect
          ? this.#lost({ reason: packet.reason, properties: toldProperties(packet.properties) })
          : true;
      default:
        return true;
    }
  }

  #challenged({ reason, properties }: AuthPacket): true {
    this.#tell(defined({ on: "auth", client: this.#name, reason, properties: toldProperties(properties) }));
    return true;
  }

  #published(token: number, reason: number, properties: PublishPacket["properties"]): void {
    const given = this.#version === "5.0" ? reason : undefined;
    this.#tell(defined({
      on: "published",
      client: this.#name,
      token,
      reason: given,
      properties: toldProperties(properties),
    }));
  }

  #deliver({ event, answer }: Delivery): true {
    if (event) this.#tell(event);
    if (answer) this.#send(answer);
    return true;
  }

  #request(draft: (packetId: number) => DraftFor<"SUBSCRIBE"> | DraftFor<"UNSUBSCRIBE">): number {
    this.#demandConnection();
    const packetId = this.#hooks.nextId(this.#lastId);
    const request = draft(packetId);
    this.#demandWithinLimits(request);
    this.#lastId = packetId;
    this.#asked.set(packetId, request.type);
    this.#send(request);
    return packetId;
  }

  #forbidden(fault: Fault): boolean {
    return this.#hooks.endsFor(fault) ? this.#end({ fault, reason: PROTOCOL_ERROR }) : true;
  }

  /** Ends the connection for a fault of the broker. */
  #end({ fault, reason }: Ending): false {
    if (this.#version === "5.0" && this.#accepted && this.#hooks.saysWhy) {
      this.#send({ type: "DISCONNECT", reason });
    }
    const { closesAfterMs } = this.#hooks;
    const line = this.#line;
    const lose = () => {
      if (this.#line === line) this.#lost({ text: `a fault of the broker: ${fault}` });
    };
    if (closesAfterMs > 0) setTimeout(lose, closesAfterMs);
    else void line?.written.then(lose);
    return false;
  }

  #lost(why: { text?: string; reason?: number; properties?: Asked | undefined }): false {
    this.close();
    if (!this.#ended) this.#tell(defined({ on: "lost", client: this.#name, ...why }));
    return false;
  }

  #forget(): void {
    this.#outbox.clear();
    this.#inbox.clear();
    this.#asked = new Map();
    this.#held = false;
  }

  #demandConnection(): void {
    const early = this.#hooks.sendsBeforeConnack && this.#line !== undefined;
    if (!this.#accepted && !early) throw new Refused("there is no connection");
  }

  #demandWithinLimits(draft: Draft): void {
    const announced = this.#watch.limits;
    if (this.#version !== "5.0" || !announced) return;
    const why = this.#hooks.unfit(draft) ?? beyondLimits(draft, this.#hooks.limits(announced));
    if (why !== undefined) throw new Refused(why);
  }

  #numberIn(asked: Asked, property: string): number {
    return Number((asked.properties as Asked | undefined)?.[property] ?? 0);
  }

  readonly #text = (use: TextUse, octets: unknown): string | Uint8Array => {
    if (typeof octets !== "string") {
      if (this.#hooks.refusesBytes) throw new Refused("a text is not UTF-8");
      return bytesOf(octets);
    }
    const why = this.#hooks.refusesText(use, octets);
    if (why !== undefined) throw new Refused(why);
    return octets;
  };

  #sendDue(): void {
    this.#outbox.due(this.#most).forEach((draft) => this.#send(draft));
  }

  /** How many messages the broker takes at once. */
  get #most(): number {
    const announced = this.#watch.limits;
    return announced ? this.#hooks.limits(announced).receiveMaximum : Infinity;
  }

  #send(draft: Draft): void {
    const line = this.#line;
    const held = this.#hooks.holdsAll && draft.type !== "PUBLISH" && this.#outbox.isFull(this.#most);
    if (!line || held) return;
    const announced = this.#version === "5.0" ? this.#watch.limits : undefined;
    for (const one of this.#hooks.sent(draft)) {
      this.#pinger.sent();
      const bytes = line.send(announced ? this.#hooks.fitted(one, announced.maximumPacketSize) : one);
      this.#watch.sent(bytes);
    }
  }
}
