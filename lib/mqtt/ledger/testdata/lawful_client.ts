import type { Draft, Packet, Property, ProtocolVersion, QoS } from "../../packet.ts";
import { type Choose, LawfulPeer, type Publish } from "./lawful_peer.ts";

const TOPICS = ["a/b", "a/c", "d"] as const;
const FILTERS = ["a/+", "a/#", "d", "#", "$share/g/a/b"] as const;

/** A client that keeps every rule. */
export class LawfulClient extends LawfulPeer {
  /** `none` without a connection, `opening` until it has read CONNACK, `left` after DISCONNECT. */
  state: "none" | "opening" | "open" | "left" = "none";
  /** In seconds. */
  keepAlive = 0;
  /** Whether the session persists after the connection closes. */
  lasts = false;
  readonly #clientId: string;
  readonly #requests = new Set<number>();
  readonly #aliases = new Map<number, string>();
  #aliasMaximum = 0;
  #maximumQoS: QoS = 2;
  #clean = true;

  constructor(version: ProtocolVersion, choose: Choose, clientId: string) {
    super(version, choose);
    this.#clientId = clientId;
  }

  /** Starts a connection. */
  connect(): Draft {
    this.connected();
    this.#requests.clear();
    this.#aliases.clear();
    this.#aliasMaximum = 0;
    this.#maximumQoS = 2;
    this.state = "opening";
    this.keepAlive = this.choose(2) * 60;
    this.#clean = this.choose(3) === 0;
    this.lasts = this.version === "5.0" ? this.choose(4) > 0 : !this.#clean;
    if (this.#clean) this.outgoing = [];
    const number = (name: string, value: number): Property[] => this.choose(2) === 0 ? [] : [{ name, value }];
    return {
      type: "CONNECT",
      clientId: this.#clientId,
      cleanStart: this.#clean,
      keepAlive: this.keepAlive,
      properties: [
        ...(this.lasts ? [{ name: "sessionExpiryInterval", value: 100 }] : []),
        ...number("receiveMaximum", 1 + this.choose(3)),
        ...number("topicAliasMaximum", this.choose(3)),
        ...number("requestProblemInformation", this.choose(2)),
      ],
    };
  }

  /** Handles the loss of the connection. */
  dropped(): void {
    this.state = "none";
    if (!this.lasts) this.outgoing = [];
  }

  /** Returns a packet that the client sends by itself, or undefined if there is nothing to send. */
  act(): Draft | undefined {
    switch (this.choose(9)) {
      case 0:
      case 1:
      case 2:
        return this.#publish();
      case 3:
        return this.#request();
      case 4:
        return { type: "PINGREQ" };
      case 5:
        return this.takeTodo(0);
      case 6:
        // Before 5.0 a client need not wait for CONNACK.
        return this.state === "open" || (this.version !== "5.0" && !this.#clean) ? this.resend() : undefined;
      case 7:
        return this.repeat();
      default:
        if (this.choose(10) > 0) return this.takeTodo(0);
        this.state = "left";
        return { type: "DISCONNECT" };
    }
  }

  /** Reads a packet of the server. Returns true if it closes the connection. */
  read(packet: Packet): boolean {
    switch (packet.type) {
      case "CONNACK":
        return this.#readConnack(packet);
      case "PUBLISH":
        this.answerPublish(packet);
        return false;
      case "PUBACK":
      case "PUBREC":
      case "PUBREL":
      case "PUBCOMP":
        this.answerAck(packet);
        return false;
      case "SUBACK":
      case "UNSUBACK":
        this.#requests.delete(packet.packetId);
        return false;
      case "DISCONNECT":
        return true;
      default:
        return false;
    }
  }

  #readConnack({ reason, sessionPresent, properties }: Extract<Packet, { type: "CONNACK" }>): boolean {
    if (reason !== 0) return true;
    if (this.state === "opening") this.state = "open";
    const value = (name: string) => properties.find((one) => one.name === name)?.value;
    const aliases = value("topicAliasMaximum");
    this.#aliasMaximum = typeof aliases === "number" ? aliases : 0;
    const qos = value("maximumQoS");
    this.#maximumQoS = qos === 0 || qos === 1 ? qos : 2;
    const most = value("receiveMaximum");
    this.limit(typeof most === "number" ? most : Infinity);
    if (sessionPresent || this.#clean) return false;
    // Before 5.0 a client may continue its state or drop it.
    this.count("session lost");
    if (this.version === "5.0" || this.choose(2) === 0) {
      this.outgoing = this.outgoing.filter(({ stale }) => !stale);
    }
    return false;
  }

  #publish(): Draft | undefined {
    const topic = TOPICS[this.choose(TOPICS.length)] ?? "d";
    const qos = [0, 1, 2] as const;
    // Before CONNACK it knows no limits.
    const most = this.state === "open" ? this.#maximumQoS : 2;
    return this.publish(
      { type: "PUBLISH", topic, payload: String(this.choose(3)), retain: this.choose(5) === 0 },
      qos[this.choose(most + 1)] ?? 0,
      (draft) => this.#dressed(draft, topic),
      this.#requests,
    );
  }

  #dressed(draft: Publish, topic: string): Publish {
    if (this.#aliasMaximum === 0 || this.state !== "open" || this.choose(2) === 0) return draft;
    const alias = 1 + this.choose(this.#aliasMaximum);
    this.count("alias of a client");
    const properties = [{ name: "topicAlias", value: alias }];
    if (this.#aliases.get(alias) === topic) return { ...draft, topic: "", properties };
    this.#aliases.set(alias, topic);
    return { ...draft, properties };
  }

  #request(): Draft | undefined {
    const packetId = this.freeId(this.#requests);
    if (packetId === undefined) return undefined;
    this.#requests.add(packetId);
    const filters = FILTERS.filter(() => this.choose(3) === 0);
    if (filters.length === 0) filters.push("d");
    if (this.choose(4) === 0) return { type: "UNSUBSCRIBE", packetId, filters };
    const five = this.version === "5.0";
    return {
      type: "SUBSCRIBE",
      packetId,
      subscriptions: filters.map((filter) => ({
        filter,
        qos: this.choose(3),
        retainAsPublished: five && this.choose(4) === 0,
        retainHandling: five ? this.choose(3) : 0,
      })),
      properties: this.choose(2) === 0
        ? []
        : [{ name: "subscriptionIdentifier", value: 1 + this.choose(200) }],
    };
  }
}
