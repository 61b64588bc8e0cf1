/** One end of a conversation that breaks no rule and uses every freedom. It shares no code with the ledger. */
import type { Draft, Packet, ProtocolVersion, QoS } from "../../packet.ts";

/** Chooses one of `count` ways to continue: 0 to `count` - 1. */
export type Choose = (count: number) => number;

type AckType = "PUBACK" | "PUBREC" | "PUBREL" | "PUBCOMP";

/** A PUBLISH to send. */
export type Publish = Extract<Draft, { readonly type: "PUBLISH" }>;

/** An incomplete message of QoS 1 or 2 that this end has sent. */
export interface Outgoing {
  readonly packetId: number;
  readonly draft: Publish;
  stage: "sent" | "received" | "released";
  /** Whether it was sent before the current connection. */
  stale: boolean;
}

/** The number of packet ids that an end uses, few enough that they repeat often. */
const IDS = 6;

/** The common part of both ends: the two halves of the QoS 1 and 2 handshakes. */
export class LawfulPeer {
  readonly version: ProtocolVersion;
  readonly choose: Choose;
  /** In the order of first sending. */
  outgoing: Outgoing[] = [];
  /** Packets to send in response to others. */
  todo: Draft[] = [];
  /** The other end's Receive Maximum, and the number of further messages that it accepts. */
  receiveMaximum = Infinity;
  quota = Infinity;
  /** Counters of noteworthy events, which a test checks. */
  readonly counts = new Map<string, number>();

  constructor(version: ProtocolVersion, choose: Choose) {
    this.version = version;
    this.choose = choose;
  }

  /** Counts an event that a test expects. */
  count(what: string): void {
    this.counts.set(what, (this.counts.get(what) ?? 0) + 1);
  }

  /** Starts a network connection. */
  connected(): void {
    this.todo = [];
    this.receiveMaximum = Infinity;
    this.quota = Infinity;
    for (const one of this.outgoing) one.stale = true;
  }

  /** Sets the Receive Maximum that the other end has announced. */
  limit(receiveMaximum: number): void {
    const used = this.outgoing.filter(({ stale }) => !stale).length;
    this.receiveMaximum = receiveMaximum;
    this.quota = receiveMaximum - used;
  }

  /** Returns a free packet id, if there is one. */
  freeId(taken: ReadonlySet<number> = new Set()): number | undefined {
    const free = Array.from({ length: IDS }, (_, n) => n + 1)
      .filter((id) => !taken.has(id) && this.outgoing.every(({ packetId }) => packetId !== id));
    return free[this.choose(Math.max(1, free.length))];
  }

  /**
   * Starts a message. Returns undefined if the quota or the packet ids do not allow it. `dressed` adds a
   * topic alias, which ends with the connection.
   */
  publish(
    message: Publish,
    qos: QoS,
    dressed: (draft: Publish) => Publish,
    taken?: ReadonlySet<number>,
  ): Draft | undefined {
    if (qos === 0) return dressed({ ...message, qos });
    if (this.quota < 1 || this.outgoing.some(({ stale }) => stale)) return undefined;
    const packetId = this.freeId(taken);
    if (packetId === undefined) return undefined;
    this.quota--;
    const draft = { ...message, qos, packetId };
    this.outgoing.push({ packetId, draft, stage: "sent", stale: false });
    return dressed(draft);
  }

  /** Sends the next packet that the session has left from the previous connection. */
  resend(): Draft | undefined {
    const next = this.outgoing.find(({ stale }) => stale);
    if (!next) return undefined;
    if (next.stage !== "sent") {
      next.stale = false;
      next.stage = "released";
      this.count("PUBREL sent again");
      return { type: "PUBREL", packetId: next.packetId };
    }
    if (this.quota < 1) return undefined;
    next.stale = false;
    this.quota--;
    this.count("PUBLISH sent again");
    return { ...next.draft, dup: true };
  }

  /** Sends something a second time on one connection, which is allowed before 5.0. */
  repeat(): Draft | undefined {
    if (this.version === "5.0") return undefined;
    const some = this.outgoing.filter(({ stale, stage }) => !stale && stage !== "received");
    const one = some[this.choose(Math.max(1, some.length))];
    if (!one) return undefined;
    this.count("repeated on one connection");
    return one.stage === "sent" ? { ...one.draft, dup: true } : { type: "PUBREL", packetId: one.packetId };
  }

  /** Answers a message of the other end. */
  answerPublish({ qos, packetId }: Extract<Packet, { type: "PUBLISH" }>): void {
    if (packetId === undefined) return;
    const refused = this.version === "5.0" && this.choose(8) === 0;
    const reason = refused ? 0x87 : this.version === "5.0" && this.choose(4) === 0 ? 0x10 : undefined;
    if (refused) this.count("message refused");
    this.todo.push({ type: qos === 1 ? "PUBACK" : "PUBREC", packetId, reason });
  }

  /** Continues a handshake. */
  answerAck({ type, packetId, reason }: { type: AckType; packetId: number; reason: number }): void {
    const found = this.outgoing.find((one) => one.packetId === packetId);
    const over = () => this.outgoing = this.outgoing.filter((one) => one !== found);
    if (type === "PUBREL") {
      this.todo.push({ type: "PUBCOMP", packetId });
    } else if (type === "PUBREC" && reason < 0x80) {
      // It may answer a repetition of a message that is already released.
      if (found?.stage === "sent" && found.draft.qos === 2) found.stage = "received";
      this.todo.push({ type: "PUBREL", packetId });
    } else {
      this.quota = Math.min(this.receiveMaximum, this.quota + 1);
      const ends = type === "PUBREC" ||
        (type === "PUBACK" ? found?.draft.qos === 1 : found?.stage === "released");
      if (ends) over();
    }
  }

  /** Sends the answer at this position of the list. */
  takeTodo(index: number): Draft | undefined {
    const [draft] = this.todo.splice(index, 1);
    if (draft?.type === "PUBREL") {
      const found = this.outgoing.find(({ packetId, stage }) =>
        packetId === draft.packetId && stage === "received"
      );
      if (found) found.stage = "released";
    }
    return draft;
  }
}
