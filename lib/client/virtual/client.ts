import { type Arrival, MqttLink } from "../../link/mqtt_link.ts";
import type { Draft, Packet, PublishPacket } from "../../mqtt/packet.ts";
import { bytesOf, type Octets, octetsOf } from "../octets.ts";
import type { ClientEvent } from "../protocol.ts";
import type { Hooks, Outgoing } from "./hooks.ts";

/** What an application asks for; the fields are those of the adapter protocol. */
export type Asked = Readonly<Record<string, unknown>>;

/** A request that the client refuses, with the reason. */
export class Refused extends Error {
  override readonly name = "Refused";
}

/** The packets that a broker sends once it has accepted a connection of 3.1.1. */
const FROM_BROKER = [
  "CONNACK",
  "PUBLISH",
  "PUBACK",
  "PUBREC",
  "PUBREL",
  "PUBCOMP",
  "SUBACK",
  "UNSUBACK",
  "PINGRESP",
];
/** Milliseconds between two looks at the clock of Keep Alive. */
const LOOK_MS = 50;

/** A client of MQTT 3.1.1 with a session that outlives its connections. */
export class VirtualClient {
  readonly #name: string;
  readonly #hooks: Hooks;
  readonly #tell: (event: ClientEvent) => void;
  #link: MqttLink | undefined;
  #accepted = false;
  #ended = false;
  #lastId = 0;
  #outgoing: Outgoing[] = [];
  /** Identifiers of QoS 2 messages of the broker that it has not released. */
  #incoming = new Set<number>();
  /** What was asked by SUBSCRIBE or UNSUBSCRIBE and not answered, by its identifier. */
  #asked = new Map<number, "SUBSCRIBE" | "UNSUBSCRIBE">();
  #writes: Promise<void> = Promise.resolve();
  #timer: ReturnType<typeof setInterval> | undefined;
  #sentAt = 0;
  #pingedAt: number | undefined;

  /** `tell` hears the events of the client `name`. */
  constructor(name: string, hooks: Hooks, tell: (event: ClientEvent) => void) {
    this.#name = name;
    this.#hooks = hooks;
    this.#tell = (event) => hooks.told(event).forEach(tell);
  }

  /** Opens a connection and sends CONNECT; an event reports the result. Throws {@link Refused}. */
  connect(asked: Asked): void {
    const will = asked.will as Asked | undefined;
    const clientId = this.#text("text", asked.clientId);
    const unfit = this.#hooks.refusesConnect(asked);
    if (unfit !== undefined) throw new Refused(unfit);
    if (will && this.#hooks.refusesQoS(Number(will.qos))) throw new Refused("the QoS of the will");
    const old = asked.protocol === "3.1";
    const connect: Draft = {
      type: "CONNECT",
      protocolName: old ? "MQIsdp" : "MQTT",
      protocolLevel: old ? 3 : 4,
      cleanStart: asked.cleanStart === true,
      keepAlive: Number(asked.keepAlive),
      clientId,
      ...(asked.userName === undefined ? {} : { userName: this.#text("text", asked.userName) }),
      ...(asked.password === undefined ? {} : { password: bytesOf(asked.password) }),
      ...(will
        ? {
          will: {
            topic: this.#text("topic", will.topic),
            payload: bytesOf(will.payload),
            qos: Number(will.qos),
            retain: will.retain === true,
          },
        }
        : {}),
    };
    this.close();
    this.#ended = false;
    if (asked.cleanStart === true && this.#hooks.forgets) this.#forget();
    void this.#run(String(asked.server), Number(asked.port), connect);
  }

  /** Sends a message; gives its token. Throws {@link Refused}. */
  publish(asked: Asked): number {
    const topic = this.#text("topic", asked.topic);
    const qos = Number(asked.qos);
    if (this.#hooks.refusesQoS(qos)) throw new Refused("the QoS");
    this.#demandConnection();
    const publish: Extract<Draft, { type: "PUBLISH" }> = {
      type: "PUBLISH",
      topic,
      payload: bytesOf(asked.payload),
      qos,
      retain: asked.retain === true,
      dup: false,
    };
    const token = this.#lastId = this.#hooks.nextId(this.#lastId);
    const draft = qos === 0 ? publish : { ...publish, packetId: token };
    if (qos > 0) this.#outgoing.push({ publish: draft, packetId: token, qos, released: false });
    this.#send(draft);
    if (this.#hooks.deliveredAt(qos) === "sent") this.#tell({ on: "published", client: this.#name, token });
    return token;
  }

  /** Subscribes; gives its token. Throws {@link Refused}. */
  subscribe(asked: Asked): number {
    const subscriptions = (asked.filters as readonly Asked[]).map(({ filter, qos }) => {
      if (this.#hooks.refusesQoS(Number(qos))) throw new Refused("the QoS");
      return { filter: this.#text("filter", filter), qos: Number(qos) };
    });
    return this.#request("SUBSCRIBE", (packetId) => ({ type: "SUBSCRIBE", packetId, subscriptions }));
  }

  /** Gives subscriptions up; gives its token. Throws {@link Refused}. */
  unsubscribe(asked: Asked): number {
    const filters = (asked.filters as readonly Octets[]).map((filter) => this.#text("filter", filter));
    return this.#request("UNSUBSCRIBE", (packetId) => ({ type: "UNSUBSCRIBE", packetId, filters }));
  }

  /** Sends DISCONNECT and closes the connection. Throws {@link Refused}. */
  disconnect(): void {
    this.#demandConnection();
    this.#ended = true;
    const { says, closes } = this.#hooks.disconnects;
    if (says) this.#send({ type: "DISCONNECT" });
    void this.#writes.then(() => {
      if (closes) this.close();
      this.#tell({ on: "disconnected", client: this.#name });
    });
  }

  /** Ends the connection silently, without an event. */
  close(): void {
    clearInterval(this.#timer);
    const link = this.#link;
    this.#link = undefined;
    this.#accepted = false;
    void link?.[Symbol.asyncDispose]();
  }

  async #run(hostname: string, port: number, connect: Extract<Draft, { type: "CONNECT" }>): Promise<void> {
    let connection: Deno.TcpConn;
    try {
      connection = await Deno.connect({ hostname, port });
    } catch (error) {
      return this.#tell({ on: "notConnected", client: this.#name, text: String(error) });
    }
    const link = this.#link = new MqttLink(connection, { version: "3.1.1" });
    this.#send(connect);
    this.#watch(connect.keepAlive ?? 0);
    for (;;) {
      const arrival = await link.receive(2 ** 31 - 1);
      if (this.#link !== link) return;
      if (arrival && !this.#arrived(arrival)) return;
    }
  }

  /** Returns whether the connection goes on. */
  #arrived(arrival: Arrival): boolean {
    if (arrival.kind === "closed") return this.#lost("the broker closed the connection");
    if (arrival.kind !== "packet" || arrival.violations.length > 0) {
      return this.#hooks.endsFor("malformed") ? this.#lost("a malformed packet") : true;
    }
    const { packet } = arrival;
    if (!this.#accepted && packet.type === "CONNACK") return this.#connack(packet);
    if (packet.type === "CONNACK") return this.#unless("second-connack");
    if (!this.#accepted || !FROM_BROKER.includes(packet.type)) return this.#unless("forbidden");
    return this.#handle(packet);
  }

  #connack({ reason, sessionPresent }: Extract<Packet, { type: "CONNACK" }>): boolean {
    if (reason !== 0) {
      this.#tell({ on: "notConnected", client: this.#name, reason });
      this.close();
      return false;
    }
    this.#accepted = true;
    if (!sessionPresent && this.#hooks.forgets) this.#forget();
    this.#tell({ on: "connected", client: this.#name, sessionPresent });
    this.#hooks.again(this.#outgoing).forEach((draft) => this.#send(draft));
    return true;
  }

  #handle(packet: Packet): boolean {
    switch (packet.type) {
      case "PUBLISH":
        this.#message(packet);
        return true;
      case "PUBREL":
        this.#incoming.delete(packet.packetId);
        this.#send({ type: "PUBCOMP", packetId: packet.packetId });
        return true;
      case "PUBACK":
      case "PUBREC":
      case "PUBCOMP":
        return this.#acknowledged(packet.type, packet.packetId);
      case "SUBACK":
      case "UNSUBACK": {
        const due = packet.type === "SUBACK" ? "SUBSCRIBE" : "UNSUBSCRIBE";
        if (this.#asked.get(packet.packetId) !== due) return true;
        this.#asked.delete(packet.packetId);
        const token = { client: this.#name, token: packet.packetId };
        this.#tell(
          packet.type === "SUBACK"
            ? { on: "subscribed", ...token, reasons: [...packet.reasons] }
            : { on: "unsubscribed", ...token },
        );
        return true;
      }
      case "PINGRESP":
        this.#pingedAt = undefined;
        return true;
      default:
        return true;
    }
  }

  #message({ topic, payload, qos, retain, packetId }: PublishPacket): void {
    const again = qos === 2 && packetId !== undefined && this.#incoming.has(packetId);
    if (qos === 2 && packetId !== undefined) this.#incoming.add(packetId);
    if (!again || this.#hooks.deliversAgain) {
      this.#tell({ on: "message", client: this.#name, topic, payload: octetsOf(payload), qos, retain });
    }
    if (qos > 0) this.#send({ type: qos === 1 ? "PUBACK" : "PUBREC", packetId });
  }

  /** An acknowledgement of what is not under way says nothing; one of the wrong kind is against the protocol. */
  #acknowledged(type: "PUBACK" | "PUBREC" | "PUBCOMP", packetId: number): boolean {
    const one = this.#outgoing.find((each) => each.packetId === packetId);
    if (!one) return true;
    const delivered = this.#hooks.deliveredAt(one.qos) === type &&
      (type !== "PUBCOMP" || one.released || this.#hooks.skipsPubrec);
    if (delivered) this.#tell({ on: "published", client: this.#name, token: packetId });
    const due = one.qos === 1 ? "PUBACK" : one.released || this.#hooks.skipsPubrec ? "PUBCOMP" : "PUBREC";
    if (type === "PUBREC" && one.qos === 2) {
      one.released = true;
      this.#send({ type: "PUBREL", packetId });
    } else if (type === due) this.#outgoing = this.#outgoing.filter((each) => each !== one);
    else return this.#unless("forbidden");
    return true;
  }

  #request(type: "SUBSCRIBE" | "UNSUBSCRIBE", draft: (packetId: number) => Draft): number {
    this.#demandConnection();
    const packetId = this.#lastId = this.#hooks.nextId(this.#lastId);
    this.#asked.set(packetId, type);
    this.#send(draft(packetId));
    return packetId;
  }

  #unless(what: "forbidden" | "second-connack"): boolean {
    return this.#hooks.endsFor(what) ? this.#lost(`a packet that is ${what}`) : true;
  }

  #lost(text: string): false {
    this.close();
    if (!this.#ended) this.#tell({ on: "lost", client: this.#name, text });
    return false;
  }

  #forget(): void {
    this.#outgoing = [];
    this.#incoming = new Set();
    this.#asked = new Map();
  }

  #demandConnection(): void {
    if (!this.#accepted) throw new Refused("there is no connection");
  }

  #text(what: "topic" | "filter" | "text", octets: unknown): string | Uint8Array {
    if (typeof octets !== "string") {
      if (this.#hooks.refusesBytes) throw new Refused("a text is not UTF-8");
      return bytesOf(octets);
    }
    const why = this.#hooks.refusesText(what, octets);
    if (why !== undefined) throw new Refused(why);
    return octets;
  }

  #send(draft: Draft): void {
    const link = this.#link;
    if (!link) return;
    for (const one of this.#hooks.sent(draft)) {
      this.#sentAt = performance.now();
      this.#writes = this.#writes.then(async () => void await link.send(one)).catch(() => {
        // The end of the connection is reported when it is read.
      });
    }
  }

  #watch(keepAlive: number): void {
    const after = this.#hooks.pingAfter(keepAlive);
    this.#pingedAt = undefined;
    clearInterval(this.#timer);
    if (after === undefined) return;
    this.#timer = setInterval(() => {
      const now = performance.now();
      if (this.#pingedAt !== undefined && now - this.#pingedAt > after * 2 && this.#hooks.missesPong) {
        this.#lost("no PINGRESP came");
      } else if (this.#accepted && this.#pingedAt === undefined && now - this.#sentAt >= after) {
        this.#pingedAt = now;
        this.#send({ type: "PINGREQ" });
      }
    }, LOOK_MS);
  }
}
