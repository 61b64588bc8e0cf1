/** An end of a conversation that breaks no rule, and uses every freedom that it has. It shares no code with the ledger. */
import type { Draft, Packet, ProtocolVersion, QoS } from "../../packet.ts";

/** Chooses one of `count` ways to go on: 0 to `count` - 1. */
export type Choose = (count: number) => number;

type AckType = "PUBACK" | "PUBREC" | "PUBREL" | "PUBCOMP";

/** A PUBLISH to send. */
export type Publish = Extract<Draft, { readonly type: "PUBLISH" }>;

/** A message of QoS 1 or 2 that this end has sent and that is not over. */
export interface Outgoing {
  readonly packetId: number;
  readonly draft: Publish;
  stage: "sent" | "received" | "released";
  /** It was not sent on the connection that there is now. */
  stale: boolean;
}

/** How many packet ids an end uses: few, so that they come round often. */
const IDS = 6;

/** What both ends have in common: the two halves of the QoS 1 and 2 handshakes. */
export class LawfulPeer {
  readonly version: ProtocolVersion;
  readonly choose: Choose;
  /** In the order of their first sending. */
  outgoing: Outgoing[] = [];
  /** Packets that have to be sent in answer to others. */
  todo: Draft[] = [];
  /** The other end's Receive Maximum, and how many more messages it takes. */
  receiveMaximum = Infinity;
  quota = Infinity;
  /** Whatever is called for, so that a test can tell that it happened. */
  readonly counts = new Map<string, number>();

  constructor(version: ProtocolVersion, choose: Choose) {
    this.version = version;
    this.choose = choose;
  }

  /** Something happened that a test wants to have seen. */
  count(what: string): void {
    this.counts.set(what, (this.counts.get(what) ?? 0) + 1);
  }

  /** A network connection begins. */
  connected(): void {
    this.todo = [];
    this.receiveMaximum = Infinity;
    this.quota = Infinity;
    for (const one of this.outgoing) one.stale = true;
  }

  /** The other end has announced its Receive Maximum. */
  limit(receiveMaximum: number): void {
    const used = this.outgoing.filter(({ stale }) => !stale).length;
    this.receiveMaximum = receiveMaximum;
    this.quota = receiveMaximum - used;
  }

  /** A packet id that is free, if there is one. */
  freeId(taken: ReadonlySet<number> = new Set()): number | undefined {
    const free = Array.from({ length: IDS }, (_, n) => n + 1)
      .filter((id) => !taken.has(id) && this.outgoing.every(({ packetId }) => packetId !== id));
    return free[this.choose(Math.max(1, free.length))];
  }

  /**
   * Begins a message; undefined where the quota or the packet ids do not let it. `dressed` gives it a topic alias, which lasts no
   * longer than the connection.
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

  /** Sends the next of what the session has left from the connection before. */
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

  /** Sends something a second time on one connection, as one may before 5.0. */
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

  /** Goes on with a handshake. */
  answerAck({ type, packetId, reason }: { type: AckType; packetId: number; reason: number }): void {
    const found = this.outgoing.find((one) => one.packetId === packetId);
    const over = () => this.outgoing = this.outgoing.filter((one) => one !== found);
    if (type === "PUBREL") {
      this.todo.push({ type: "PUBCOMP", packetId });
    } else if (type === "PUBREC" && reason < 0x80) {
      // It may be the answer to a repetition of what is already released.
      if (found?.stage === "sent" && found.draft.qos === 2) found.stage = "received";
      this.todo.push({ type: "PUBREL", packetId });
    } else {
      this.quota = Math.min(this.receiveMaximum, this.quota + 1);
      const ends = type === "PUBREC" ||
        (type === "PUBACK" ? found?.draft.qos === 1 : found?.stage === "released");
      if (ends) over();
    }
  }

  /** The answer at this place of the list goes out. */
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
