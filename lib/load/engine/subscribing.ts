import type { SubackPacket } from "../../mqtt/packet.ts";
import type { Client } from "./client.ts";
import { COUNT, TIME } from "./counter_ids.ts";
import { wordsOf } from "../plan/plan.ts";
import { fill } from "../profile/template.ts";

/** The packet id of SUBSCRIBE and UNSUBSCRIBE: the highest, which no window of messages takes before all others. */
const PACKET_ID = 65_535;

/** The subscriptions of one client: all filters of its group, in one packet. */
export class Subscribing {
  readonly #client: Client;
  /** How many filters wait for SUBACK; 0 for none. */
  #waiting = 0;
  #sentMs = 0;

  constructor(client: Client) {
    this.#client = client;
  }

  /** Sends SUBSCRIBE. */
  subscribe(): void {
    const { engine, group, receiver } = this.#client;
    const filters = this.#filters();
    const subscriptions = group.plan.subscribe.map(({ qos }, at) => ({ filter: filters[at] ?? "", qos }));
    this.#waiting = subscriptions.length;
    this.#sentMs = engine.now();
    receiver.subscribing(subscriptions, this.#sentMs);
    this.#client.send({ type: "SUBSCRIBE", packetId: PACKET_ID, subscriptions });
    engine.flush(this.#client);
  }

  /** Sends UNSUBSCRIBE. */
  unsubscribe(): void {
    this.#client.receiver.unsubscribing();
    this.#client.send({ type: "UNSUBSCRIBE", packetId: PACKET_ID, filters: this.#filters() });
    this.#client.engine.flush(this.#client);
  }

  /** Takes a SUBACK; gives whether one was due. */
  suback(packet: SubackPacket, now: number): boolean {
    const { receiver, engine: { recorder } } = this.#client;
    if (this.#waiting === 0) return false;
    this.#waiting = 0;
    recorder.record(TIME.suback, (now - this.#sentMs) * 1000);
    const refused = packet.reasons.filter((reason) => reason >= 0x80).length;
    recorder.add(COUNT.subscribed, packet.reasons.length - refused);
    recorder.add(COUNT.subscribeFailed, refused);
    receiver.subscribed(packet.reasons, now);
    return true;
  }

  /** The connection is gone, and with it what was asked on it. */
  disconnected(): void {
    this.#waiting = 0;
  }

  #filters(): string[] {
    const { engine, group, index } = this.#client;
    const words = wordsOf(engine.plan, group.plan, index);
    return group.plan.subscribe.map(({ filter }) => fill(filter, words));
  }
}
