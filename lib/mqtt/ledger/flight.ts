import { type MessageMark, sameMessage } from "./message_mark.ts";

/** One message of QoS 1 or 2 on its way from its sender to the receiver. */
export interface Exchange {
  readonly packetId: number;
  readonly message: MessageMark;
  /** Bytes of the PUBLISH as it was sent first. */
  readonly size: number;
  /** Whether it has a Message Expiry Interval, after which a sender may have dropped it. */
  readonly expires: boolean;
  /** Its place in the order in which the messages were first sent. */
  readonly order: number;
  /** The connection on which the PUBLISH was sent last. */
  page: number;
  /**
   * `sent`: the PUBLISH was; `received`: PUBREC came; `released`: PUBREL was sent; `done`: the packet id is free. An exchange
   * that is done is kept, since its sender may not have heard of the last answer and go on with it.
   */
  stage: "sent" | "received" | "released" | "done";
  /** The connection on which PUBREL was sent last; undefined before the first. */
  releasedOn: number | undefined;
  /** A PUBREC with a code of 0x80 or above has ended it. */
  refused: boolean;
  /** Whether all that happened to it was seen. */
  certain: boolean;
}

/** Exchanges that are done and kept: those that ended last, of whose end the sender may not have heard. */
const DONE_KEPT = 1000;

/** What begins or repeats an exchange. */
export interface Sending {
  readonly packetId: number;
  readonly message: MessageMark;
  readonly dup: boolean;
  readonly size: number;
  readonly expires: boolean;
  readonly page: number;
}

/** The messages of QoS 1 and 2 that one end of a session has sent. There is one exchange for each packet id at most. */
export class Flight {
  readonly #exchanges = new Map<number, Exchange>();
  /** The packet ids of those that are done, the first to end first. */
  readonly #done = new Set<number>();
  /** Messages of an earlier session that were under way when it ended. */
  readonly #lapsed = new Map<number, MessageMark>();
  readonly #pubacks = new Tally();
  readonly #pubrecs = new Tally();
  readonly #pubrels = new Tally();
  readonly #pubcomps = new Tally();
  #repeated = { page: 0, packetIds: new Set<number>() };
  #order = 0;

  /** The exchange that this packet id has, or had last. */
  exchange(packetId: number): Exchange | undefined {
    return this.#exchanges.get(packetId);
  }

  /** The exchange that has this packet id now, where that is certain. */
  open(packetId: number): Exchange | undefined {
    const found = this.#exchanges.get(packetId);
    return found?.certain && found.stage !== "done" ? found : undefined;
  }

  /** The message of an earlier session with this packet id that its end cut off. */
  lapsed(packetId: number): MessageMark | undefined {
    return this.#lapsed.get(packetId);
  }

  /** Whether a PUBLISH of QoS 1 with this packet id waits for its PUBACK. */
  awaitsPuback(packetId: number): boolean {
    return this.#pubacks.has(packetId);
  }

  /** Whether the receiver may send PUBREC: again as well, until the exchange is over. */
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

  /** PUBLISH was sent. */
  published(sending: Sending): void {
    const { packetId, message, dup, page } = sending;
    const found = this.#exchanges.get(packetId);
    const again = found && sameMessage(found.message, message) &&
      (dup || (found.stage !== "done" && found.page !== page));
    (message.qos === 1 ? this.#pubacks : this.#pubrecs).add(packetId);
    if (again) {
      if (found.page === page) this.#repeatedOn(page).add(packetId);
      // Sent again without DUP, or a new message that is the same by chance.
      if (!dup) found.certain = false;
      // On the same connection the answer and the repetition have crossed, and the packet id is free all the same.
      if (found.stage === "done" && found.page !== page) {
        found.stage = "sent";
        this.#done.delete(packetId);
      }
      found.page = page;
      return;
    }
    // Where two messages had the packet id at once, or one came twice, nobody can say for which of them an answer is.
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

  /** The receiver has sent PUBACK. */
  acknowledged(packetId: number): void {
    this.#pubacks.take(packetId);
    const found = this.#exchanges.get(packetId);
    if (!found) return;
    if (found.message.qos === 1) this.#end(found);
    else found.certain = false;
  }

  /** The receiver has sent PUBREC; `refused` is for a code of 0x80 or above. */
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

  /** The sender has sent PUBREL. */
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

  /** The receiver has sent PUBCOMP. */
  completed(packetId: number): void {
    this.#pubcomps.take(packetId);
    const found = this.#exchanges.get(packetId);
    if (!found) return;
    if (found.stage === "released") this.#end(found);
    else if (found.stage !== "done") found.certain = false;
  }

  /** A new session has begun on this connection: what was sent before has lapsed. */
  begin(page: number): void {
    for (const [packetId, found] of this.#exchanges) {
      if (found.page === page) continue;
      this.#exchanges.delete(packetId);
      this.#done.delete(packetId);
      this.#lapsed.set(packetId, found.message);
      for (const tally of [this.#pubacks, this.#pubrecs, this.#pubrels]) tally.forget(packetId);
      // A client may have sent it before it knew that the session has ended.
      if (found.releasedOn !== page) this.#pubcomps.forget(packetId);
    }
  }

  /** The session goes on, with a receiver that takes packets up to this size: what is larger may have been dropped. */
  resume(maximumPacketSize: number): void {
    for (const found of this.#exchanges.values()) {
      if (found.expires || found.size > maximumPacketSize) found.certain = false;
    }
  }

  /** What happened is no longer known. */
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

  /** The packet ids of what came twice on this connection, as it may before 5.0. */
  #repeatedOn(page: number): Set<number> {
    if (this.#repeated.page !== page) this.#repeated = { page, packetIds: new Set() };
    return this.#repeated.packetIds;
  }
}

/** How often for each packet id. */
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
