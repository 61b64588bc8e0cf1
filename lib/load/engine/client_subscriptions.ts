import type { SubackPacket } from "../../mqtt/packet.ts";
import { type PlannedGroup, wordsOf } from "../plan/plan.ts";
import { fill } from "../profile/template.ts";
import type { ClientHost } from "./client_host.ts";
import type { ConnectionWriter } from "./connection_writer.ts";
import { COUNT, TIME } from "./counter_ids.ts";
import type { LoadReceiver } from "./receiver.ts";

/** The packet id of SUBSCRIBE and UNSUBSCRIBE: the highest one, which a window of messages uses last. */
const PACKET_ID = 65_535;

/** The subscriptions of one client: all filters of its group, in one packet. */
export class ClientSubscriptions {
  readonly #host: ClientHost;
  readonly #group: PlannedGroup;
  readonly #index: number;
  readonly #writer: ConnectionWriter;
  readonly #receiver: LoadReceiver;
  /** Whether a SUBACK is expected. */
  #waiting = false;
  #sentMs = 0;

  constructor(
    host: ClientHost,
    group: PlannedGroup,
    index: number,
    writer: ConnectionWriter,
    receiver: LoadReceiver,
  ) {
    this.#host = host;
    this.#group = group;
    this.#index = index;
    this.#writer = writer;
    this.#receiver = receiver;
  }

  /** Sends SUBSCRIBE. */
  subscribe(): void {
    const filters = this.#filters();
    const subscriptions = this.#group.subscribe.map(({ qos }, at) => ({ filter: filters[at] ?? "", qos }));
    this.#waiting = true;
    this.#sentMs = this.#host.now();
    this.#receiver.subscribing(subscriptions, this.#sentMs);
    this.#writer.send({ type: "SUBSCRIBE", packetId: PACKET_ID, subscriptions });
    this.#writer.flushNow();
  }

  /** Sends UNSUBSCRIBE. */
  unsubscribe(): void {
    this.#receiver.unsubscribing();
    this.#writer.send({ type: "UNSUBSCRIBE", packetId: PACKET_ID, filters: this.#filters() });
    this.#writer.flushNow();
  }

  /** Handles SUBACK; returns whether one was expected. */
  suback(packet: SubackPacket, now: number): boolean {
    const { recorder } = this.#host;
    if (!this.#waiting) return false;
    this.#waiting = false;
    recorder.record(TIME.suback, (now - this.#sentMs) * 1000);
    const refused = packet.reasons.filter((reason) => reason >= 0x80).length;
    recorder.add(COUNT.subscribed, packet.reasons.length - refused);
    recorder.add(COUNT.subscribeFailed, refused);
    this.#receiver.subscribed(packet.reasons, now);
    return true;
  }

  /** Records that the connection is down, so no SUBACK is expected. */
  disconnected(): void {
    this.#waiting = false;
  }

  #filters(): string[] {
    const words = wordsOf(this.#host.plan, this.#group, this.#index);
    return this.#group.subscribe.map(({ filter }) => fill(filter, words));
  }
}
