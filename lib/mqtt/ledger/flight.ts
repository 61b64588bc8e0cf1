import { type MessageMark, sameMessage } from "./message_mark.ts";

/** One message of QoS 1 or 2 in transit from sender to receiver. */
export interface Exchange {
  readonly packetId: number;
  readonly message: MessageMark;
  /** The size of the PUBLISH in bytes when it was first sent. */
  readonly size: number;
  /** Whether it has a Message Expiry Interval, after which a sender may drop it. */
  readonly expires: boolean;
  /** Its position in the order in which the messages were first sent. */
  readonly order: number;
  /** The connection on which the PUBLISH was last sent. */
  page: number;
  /**
   * `sent`: PUBLISH was sent. `received`: PUBREC came. `released`: PUBREL was sent. `done`: the packet id is
   * free. A completed exchange is kept, because its sender may not have received the last answer and may
   * continue it.
   */
  stage: "sent" | "received" | "released" | "done";
  /** The connection on which PUBREL was last sent; undefined before the first one. */
  releasedOn: number | undefined;
  /** Whether a PUBREC with a code of 0x80 or above ended it. */
  refused: boolean;
  /** Whether everything that happened to it was seen. */
  certain: boolean;
}

/**
 * The number of completed exchanges to keep, the latest ones, because their sender may not have received the
 * last answer.
 */
const DONE_KEPT = 1000;

/** The PUBLISH that starts or repeats an exchange. */
export interface Sending {
  readonly packetId: number;
  readonly message: MessageMark;
  readonly dup: boolean;
  readonly size: number;
  readonly expires: boolean;
  readonly page: number;
}

/** The messages of QoS 1 and 2 that one end of a session has sent; at most one exchange per packet id. */
export class Flight {
  readonly #exchanges = new Map<number, Exchange>();
  /** The packet ids of completed exchanges, the earliest first. */
  readonly #done = new Set<number>();
  /** Messages of an earlier session that were in transit when it ended. */
  readonly #lapsed = new Map<number, MessageMark>();
  readonly #pubacks = new Tally();
  readonly #pubrecs = new Tally();
  readonly #pubrels = new Tally();
  readonly #pubcomps = new Tally();
  #repeated = { page: 0, packetIds: new Set<number>() };
  #order = 0;

  /** Returns the current or last exchange of this packet id. */
  exchange(packetId: number): Exchange | undefined {
    return this.#exchanges.get(packetId);
  }

  /** Returns the current exchange of this packet id, if that is certain. */
  open(packetId: number): Exchange | undefined {
    const found = this.#exchanges.get(packetId);
    return found?.certain && found.stage !== "done" ? found : undefined;
  }

  /** Returns the message of an earlier session with this packet id whose delivery the session's end cut off. */
  lapsed(packetId: number): MessageMark | undefined {
    return this.#lapsed.get(packetId);
  }

  /** Whether a PUBLISH of QoS 1 with this packet id waits for its PUBACK. */
  awaitsPuback(packetId: number): boolean {
    return this.#pubacks.has(packetId);
  }

  /** Whether the receiver may send PUBREC, also repeatedly until the exchange is complete. */
  awaitsPubrec(packetId: number): boolean {
    const found = this.#exchanges.get(packetId);
    const open = found !== undefined && found.message.qos === 2 && found.stage !== "done";
    return open || this.#pubrecs.has(packetId);
  }

  /** Whether a PUBREC with this packet id waits for its PUBREL. */
  awaitsPubrel(packetId: number): boolean {
    return this.#pubrels.has(packetId);
  }

  /** Whether a PUBREL with this packet id waits for its PUBCOMP. */
  awaitsPubcomp(packetId: number): boolean {
    return this.#pubcomps.has(packetId);
  }

  /** Records a sent PUBLISH. */
  published(sending: Sending): void {
    const { packetId, message, dup, page } = sending;
    const found = this.#exchanges.get(packetId);
    const again = found && sameMessage(found.message, message) &&
      (dup || (found.stage !== "done" && found.page !== page));
    (message.qos === 1 ? this.#pubacks : this.#pubrecs).add(packetId);
    if (again) {
      if (found.page === page) this.#repeatedOn(page).add(packetId);
      // Either resent without DUP, or a new message that happens to be identical.
      if (!dup) found.certain = false;
      // On the same connection the answer and the repetition have crossed, and the packet id is free anyway.
      if (found.stage === "done" && found.page !== page) {
        found.stage = "sent";
        this.#done.delete(packetId);
      }
      found.page = page;
      return;
    }
    // If two messages had the packet id at once, or one came twice, an answer cannot be attributed.
    const certain = (found === undefined || found.stage === "done") && !this.#repeatedOn(page).has(packetId);
    const { size, expires } = sending;
    const order = ++this.#order;
    const stage = "sent";
    this.#lapsed.delete(packetId);
    this.#done.delete(packetId);
    this.#exchanges.set(packetId, {
      ...{ packetId, message, size, expires, order, page, stage, certain },
      releasedOn: undefined,
      refused: false,
    });
  }

  /** Records a PUBACK from the receiver. */
  acknowledged(packetId: number): void {
    this.#pubacks.take(packetId);
    const found = this.#exchanges.get(packetId);
    if (!found) return;
    if (found.message.qos === 1) this.#end(found);
    else found.certain = false;
  }

  /** Records a PUBREC from the receiver; `refused` means a code of 0x80 or above. */
  received(packetId: number, refused: boolean): void {
    this.#pubrecs.take(packetId);
    const found = this.#exchanges.get(packetId);
    if (!found || !refused) this.#pubrels.add(packetId);
    if (!found) return;
    if (found.message.qos !== 2) {
      found.certain = false;
    } else if (refused) {
      found.refused = true;
      this.#end(found);
    } else if (found.stage === "sent") {
      found.stage = "received";
    }
  }

  /** Records a PUBREL from the sender. */
  released(packetId: number, page: number): void {
    this.#pubrels.take(packetId);
    this.#pubcomps.add(packetId);
    const found = this.#exchanges.get(packetId);
    if (!found) return;
    if (found.message.qos !== 2) {
      found.certain = false;
      return;
    }
    if (found.releasedOn === page) this.#repeatedOn(page).add(packetId);
    if (found.stage !== "done") found.stage = "released";
    found.releasedOn = page;
  }

  /** Records a PUBCOMP from the receiver. */
  completed(packetId: number): void {
    this.#pubcomps.take(packetId);
    const found = this.#exchanges.get(packetId);
    if (!found) return;
    if (found.stage === "released") this.#end(found);
    else if (found.stage !== "done") found.certain = false;
  }

  /** Starts a new session on this connection: what was sent before is discarded. */
  begin(page: number): void {
    for (const [packetId, found] of this.#exchanges) {
      if (found.page === page) continue;
      this.#exchanges.delete(packetId);
      this.#done.delete(packetId);
      this.#lapsed.set(packetId, found.message);
      for (const tally of [this.#pubacks, this.#pubrecs, this.#pubrels]) tally.forget(packetId);
      // A client may have sent it before it knew that the session had ended.
      if (found.releasedOn !== page) this.#pubcomps.forget(packetId);
    }
  }

  /**
   * Resumes the session with a receiver that accepts packets up to this size; larger ones may have been
   * dropped.
   */
  resume(maximumPacketSize: number): void {
    for (const found of this.#exchanges.values()) {
      if (found.expires || found.size > maximumPacketSize) found.certain = false;
    }
  }

  /** Marks the state as unknown. */
  blur(): void {
    for (const found of this.#exchanges.values()) found.certain = false;
  }

  #end(found: Exchange): void {
    found.stage = "done";
    this.#done.add(found.packetId);
    const [oldest] = this.#done;
    if (this.#done.size <= DONE_KEPT || oldest === undefined) return;
    this.#done.delete(oldest);
    this.#exchanges.delete(oldest);
  }

  /** The packet ids of packets that came twice on this connection, as is allowed before 5.0. */
  #repeatedOn(page: number): Set<number> {
    if (this.#repeated.page !== page) this.#repeated = { page, packetIds: new Set() };
    return this.#repeated.packetIds;
  }
}

/** Counts occurrences per packet id. */
class Tally {
  readonly #counts = new Map<number, number>();

  has(packetId: number): boolean {
    return this.#counts.has(packetId);
  }

  add(packetId: number): void {
    this.#counts.set(packetId, (this.#counts.get(packetId) ?? 0) + 1);
  }

  take(packetId: number): void {
    const left = (this.#counts.get(packetId) ?? 0) - 1;
    if (left > 0) this.#counts.set(packetId, left);
    else this.#counts.delete(packetId);
  }

  forget(packetId: number): void {
    this.#counts.delete(packetId);
  }
}
