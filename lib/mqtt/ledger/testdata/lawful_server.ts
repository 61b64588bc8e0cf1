import type { Draft, Packet, Property, QoS, Subscription } from "../../packet.ts";
import { matches, sharedFilter } from "../../topic.ts";
import { LawfulPeer, type Publish } from "./lawful_peer.ts";

const TOPICS = ["a/b", "a/c", "d"] as const;

interface Kept extends Subscription {
  readonly identifier: number | undefined;
}

interface Stored {
  readonly topic: string;
  readonly qos: QoS;
  readonly retain: boolean;
  readonly identifiers: readonly number[];
}

/** A server that keeps every rule. */
export class LawfulServer extends LawfulPeer {
  state: "none" | "opening" | "open" | "left" = "none";
  #connect: Extract<Packet, { type: "CONNECT" }> | undefined;
  #session = false;
  #subscriptions = new Map<string, Kept>();
  #stored: Stored[] = [];
  readonly #aliases = new Map<number, string>();
  #lasts = false;

  /** Handles the loss of the connection. */
  dropped(): void {
    this.state = "none";
    if (this.#lasts) return;
    this.#forget();
  }

  /** Returns a packet that the server sends by itself, or undefined if there is nothing to send. */
  act(): Draft | undefined {
    if (this.state === "opening") return this.#connack();
    switch (this.choose(8)) {
      case 0:
      case 1:
        this.#store();
        return this.#deliver();
      case 2:
        return this.#deliver();
      case 3:
      case 4:
        return this.#answer();
      case 5:
        return this.resend();
      case 6:
        return this.repeat();
      default:
        if (this.version !== "5.0" || this.choose(12) > 0) return this.#answer();
        this.state = "left";
        return { type: "DISCONNECT", reason: 0x8b };
    }
  }

  /** Reads a packet of the client. Returns true if it closes the connection. */
  read(packet: Packet): boolean {
    switch (packet.type) {
      case "CONNECT":
        this.connected();
        this.#aliases.clear();
        this.#connect = packet;
        this.state = "opening";
        return false;
      case "PUBLISH":
        this.answerPublish(packet);
        return false;
      case "PUBACK":
      case "PUBREC":
      case "PUBREL":
      case "PUBCOMP":
        this.answerAck(packet);
        return false;
      case "SUBSCRIBE":
        this.#subscribe(packet);
        return false;
      case "UNSUBSCRIBE":
        for (const filter of packet.filters) this.#subscriptions.delete(filter);
        this.todo.push({ type: "UNSUBACK", packetId: packet.packetId, reasons: packet.filters.map(() => 0) });
        return false;
      case "PINGREQ":
        this.todo.push({ type: "PINGRESP" });
        return false;
      default:
        return packet.type === "DISCONNECT";
    }
  }

  #forget(): void {
    this.#session = false;
    this.outgoing = [];
    this.#subscriptions = new Map();
    this.#stored = [];
  }

  #connack(): Draft | undefined {
    const connect = this.#connect;
    if (!connect) return undefined;
    if (this.choose(15) === 0) {
      this.state = "left";
      this.count("refused");
      return { type: "CONNACK", reason: this.version === "5.0" ? 0x88 : 3 };
    }
    this.state = "open";
    // A server may lose its state, as in a restart.
    if (connect.cleanStart || this.choose(5) === 0) this.#forget();
    const sessionPresent = this.#session && this.version !== "3.1";
    if (this.#session) this.count("session goes on");
    this.#session = true;
    const value = (name: string) => connect.properties.find((one) => one.name === name)?.value;
    this.#lasts = this.version === "5.0" ? value("sessionExpiryInterval") !== undefined : !connect.cleanStart;
    const most = value("receiveMaximum");
    this.limit(typeof most === "number" ? most : Infinity);
    const some = (name: string, number: number): Property[] =>
      this.choose(2) === 0 ? [] : [{ name, value: number }];
    return {
      type: "CONNACK",
      sessionPresent,
      properties: [
        ...some("receiveMaximum", 1 + this.choose(3)),
        ...some("topicAliasMaximum", this.choose(3)),
        ...some("maximumQoS", this.choose(2)),
      ],
    };
  }

  /** Sends any of the answers: a server has to keep an order only among PUBRELs. */
  #answer(): Draft | undefined {
    const index = this.choose(Math.max(1, this.todo.length));
    const isPubrel = this.todo[index]?.type === "PUBREL";
    return this.takeTodo(isPubrel ? this.todo.findIndex(({ type }) => type === "PUBREL") : index);
  }

  #subscribe({ packetId, subscriptions, properties }: Extract<Packet, { type: "SUBSCRIBE" }>): void {
    const found = properties.find(({ name }) => name === "subscriptionIdentifier")?.value;
    const identifier = typeof found === "number" ? found : undefined;
    const reasons = subscriptions.map((one) => {
      if (this.version !== "3.1" && this.choose(8) === 0) return 0x80;
      const granted = this.choose(one.qos + 1);
      const qos: QoS = granted === 2 ? 2 : granted === 1 ? 1 : 0;
      const isNew = !this.#subscriptions.has(one.filter);
      this.#subscriptions.set(one.filter, { ...one, qos, identifier });
      const sends = one.retainHandling === 0 || (one.retainHandling === 1 && isNew);
      for (const topic of TOPICS) {
        if (!sends || !covers(one.filter, topic) || this.choose(2) === 0) continue;
        this.#stored.push({
          topic,
          qos,
          retain: true,
          identifiers: identifier === undefined ? [] : [identifier],
        });
      }
      return qos;
    });
    this.todo.push({ type: "SUBACK", packetId, reasons });
  }

  /** Simulates a message that is published by another client. */
  #store(): void {
    const topic = TOPICS[this.choose(TOPICS.length)] ?? "d";
    const matching = [...this.#subscriptions.values()].filter(({ filter }) => covers(filter, topic));
    if (matching.length === 0) return;
    const most = Math.max(...matching.map(({ qos }) => qos));
    const picked = this.choose(most + 1);
    this.#stored.push({
      topic,
      qos: picked === 2 ? 2 : picked === 1 ? 1 : 0,
      retain: this.choose(2) === 0 && matching.some(({ retainAsPublished }) => retainAsPublished),
      identifiers: matching.flatMap(({ identifier }) => identifier === undefined ? [] : [identifier]),
    });
  }

  #deliver(): Draft | undefined {
    const [next] = this.#stored;
    if (!next) return undefined;
    const { topic, qos, retain, identifiers } = next;
    const properties: Property[] = identifiers.map((value) => ({ name: "subscriptionIdentifier", value }));
    const sent = this.publish(
      { type: "PUBLISH", topic, payload: String(this.choose(3)), retain, properties },
      qos,
      (draft) => this.#dressed(draft, topic),
    );
    if (sent) this.#stored.shift();
    return sent;
  }

  #dressed(draft: Publish, topic: string): Publish {
    const value = this.#connect?.properties.find(({ name }) => name === "topicAliasMaximum")?.value;
    if (typeof value !== "number" || value === 0 || this.choose(2) === 0) return draft;
    const alias = 1 + this.choose(value);
    this.count("alias of a server");
    const properties = [{ name: "topicAlias", value: alias }, ...draft.properties ?? []];
    if (this.#aliases.get(alias) === topic) return { ...draft, topic: "", properties };
    this.#aliases.set(alias, topic);
    return { ...draft, properties };
  }
}

function covers(filter: string, topic: string): boolean {
  return matches(sharedFilter(filter)?.filter ?? filter, topic);
}
