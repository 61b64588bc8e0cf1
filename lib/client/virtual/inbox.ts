import { defined } from "../../ground/defined.ts";
import { numberOf } from "../../mqtt/ledger/property_value.ts";
import type { Draft, PublishPacket } from "../../mqtt/packet.ts";
import { octetsOf } from "../octets.ts";
import type { ClientEvent } from "../protocol.ts";
import { toldProperties } from "./drafts.ts";
import type { Hooks } from "./hooks.ts";

/** What a message of the broker leads to. */
export interface Delivery {
  readonly event?: ClientEvent | undefined;
  readonly answer?: Draft | undefined;
}

/** The messages that come from the broker. */
export class Inbox {
  readonly #client: string;
  readonly #hooks: Hooks;
  /** Messages at QoS 2 that the broker has not released, by identifier, with those that are not delivered yet. */
  readonly #held = new Map<number, ClientEvent | undefined>();
  /** The topics of the aliases that the broker has set on any connection. */
  readonly #aliases = new Map<number, string>();

  /** `client` is the name that events have. */
  constructor(client: string, hooks: Hooks) {
    this.#client = client;
    this.#hooks = hooks;
  }

  /** Forgets what the broker has not released. */
  clear(): void {
    this.#held.clear();
  }

  /** Takes a PUBLISH; `topic` is what it stands for on its connection, undefined for an alias that was not set. */
  published(packet: PublishPacket, topic: string | undefined): Delivery {
    const { payload, qos, retain, packetId, properties } = packet;
    const event: ClientEvent = defined({
      on: "message",
      client: this.#client,
      topic: this.#topicOf(packet, topic),
      payload: octetsOf(payload),
      qos,
      retain,
      properties: toldProperties(properties),
    });
    if (qos === 0) return { event };
    const answer: Draft = { type: qos === 1 ? "PUBACK" : "PUBREC", packetId };
    if (qos === 1 || packetId === undefined) return { event, answer };
    const again = this.#held.has(packetId);
    const later = this.#hooks.deliversAtPubrel && !this.#hooks.deliversAgain;
    if (!again) this.#held.set(packetId, later ? event : undefined);
    return { event: (!again || this.#hooks.deliversAgain) && !later ? event : undefined, answer };
  }

  /** Takes a PUBREL. */
  released(packetId: number): Delivery {
    const event = this.#held.get(packetId);
    this.#held.delete(packetId);
    return { event, answer: { type: "PUBCOMP", packetId } };
  }

  #topicOf({ topic: given, properties }: PublishPacket, topic: string | undefined): string {
    const alias = numberOf(properties, "topicAlias");
    if (alias === undefined) return topic ?? "";
    const found = topic ?? (this.#hooks.keepsAliases ? this.#aliases.get(alias) : undefined) ?? "";
    this.#aliases.set(alias, found);
    return given === "" ? this.#hooks.aliasedTopic(found) : found;
  }
}
