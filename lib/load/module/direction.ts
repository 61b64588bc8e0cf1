import { crc32 } from "node:zlib";
import type { QoS } from "../../mqtt/packet.ts";
import { counterAt, metricAt, type MetricRecorder } from "../engine/metric_recorder.ts";

/** How many messages are tracked; an older one that has not arrived counts as lost. */
const TRACKED = 4096;
const DECODER = new TextDecoder();

const COUNT = {
  planned: counterAt("planned"),
  sent: counterAt("sent"),
  unsent: counterAt("unsent"),
  unconfirmed: counterAt("unconfirmed"),
  acknowledged: counterAt("acknowledged"),
  failed: counterAt("failed"),
  unanswered: counterAt("unanswered"),
  due: counterAt("due"),
  received: counterAt("received"),
  lost: counterAt("lost"),
  lostPromised: counterAt("lost.promised"),
  duplicated: counterAt("duplicated"),
  duplicatedPromised: counterAt("duplicated.promised"),
  reordered: counterAt("reordered"),
  corrupted: counterAt("corrupted"),
  unexpected: counterAt("unexpected"),
  late: counterAt("late"),
};
const TIME = {
  latency: metricAt("latency"),
  actual: metricAt("latency.actual"),
  acks: [undefined, metricAt("puback"), metricAt("pubcomp")],
  lateness: metricAt("lateness"),
};

/** The outcome of a message that its sender learned; `unconfirmed` at QoS 0, where it learns nothing. */
export type SendOutcome = "acknowledged" | "failed" | "unconfirmed";

/** A message in transit. */
export interface SentMessage {
  readonly number: number;
  readonly qos: QoS;
  readonly dueMs: number;
  sentMs: number;
  confirmed: SendOutcome | undefined;
  arrived: boolean;
  /** Whether the connection was lost meanwhile: a clean session then does not promise to deliver it. */
  cut: boolean;
}

/** What is wrong with a message that arrived. */
export type ArrivalFault = "corrupted" | "unexpected" | "duplicated" | "reordered";

/**
 * One direction of the messages between a module's host and its broker: counts what was sent, what arrived and what is
 * missing.
 */
export class Direction {
  readonly #recorder: MetricRecorder;
  readonly #now: () => number;
  readonly #size: number;
  readonly #lateAfterMs: number;
  readonly #known = new Map<number, SentMessage>();
  /** The highest number that arrived at each QoS. */
  readonly #last = [-1, -1, -1];
  #next = 0;
  /** Messages scheduled before this time, in the warm-up, are counted but not timed. */
  measuredFromMs = 0;

  constructor(recorder: MetricRecorder, now: () => number, size: number, lateAfterMs: number) {
    this.#recorder = recorder;
    this.#now = now;
    this.#size = size;
    this.#lateAfterMs = lateAfterMs;
  }

  /** Counts a scheduled message, and returns it with its payload. */
  begin(dueMs: number, qos: QoS): { readonly sent: SentMessage; readonly payload: string } {
    const number = this.#next++;
    this.#recorder.add(COUNT.planned, 1);
    return {
      sent: {
        number,
        qos,
        dueMs,
        sentMs: NaN,
        confirmed: undefined,
        arrived: false,
        cut: false,
      },
      payload: payloadOf(number, this.#size),
    };
  }

  /** Counts a message that was not sent. */
  drop(): void {
    this.#recorder.add(COUNT.unsent, 1);
  }

  /** Counts a message as sent now. `free` says that only the generator can have delayed it. */
  send(sent: SentMessage, free: boolean): void {
    sent.sentMs = this.#now();
    this.#recorder.add(COUNT.sent, 1);
    this.#recorder.add(COUNT.due, 1);
    if (free) this.#time(TIME.lateness, sent, sent.dueMs);
    this.#known.set(sent.number, sent);
    if (this.#known.size <= TRACKED) return;
    for (const [number, oldest] of this.#known) {
      this.#known.delete(number);
      this.#settle(oldest);
      return;
    }
  }

  /** Counts the outcome of a message that its sender learned; only the first one counts. */
  confirm(sent: SentMessage, confirmed: SendOutcome): void {
    if (sent.confirmed !== undefined) return;
    sent.confirmed = confirmed;
    this.#recorder.add(COUNT[confirmed], 1);
    const metric = TIME.acks[sent.qos];
    if (confirmed === "acknowledged" && metric !== undefined) this.#time(metric, sent, sent.dueMs);
  }

  /** Counts a payload that arrived, and returns what is wrong with it. `mayRepeat` says that its QoS allows a repetition. */
  arrive(bytes: Uint8Array, qos: QoS, mayRepeat: boolean): ArrivalFault | undefined {
    const read = numberOf(bytes);
    if (read === undefined) {
      this.#recorder.add(COUNT.corrupted, 1);
      return "corrupted";
    }
    const sent = this.#known.get(read);
    if (read >= this.#next || (sent && sent.qos !== qos)) {
      this.#recorder.add(COUNT.unexpected, 1);
      return "unexpected";
    }
    if (!sent || sent.arrived) {
      this.#recorder.add(COUNT.duplicated, 1);
      if (!mayRepeat) this.#recorder.add(COUNT.duplicatedPromised, 1);
      return "duplicated";
    }
    sent.arrived = true;
    const now = this.#now();
    this.#recorder.add(COUNT.received, 1);
    this.#time(TIME.latency, sent, sent.dueMs);
    this.#time(TIME.actual, sent, sent.sentMs);
    if (now - sent.dueMs > this.#lateAfterMs) this.#recorder.add(COUNT.late, 1);
    const behind = read < (this.#last[qos] ?? -1);
    if (!behind) this.#last[qos] = read;
    else this.#recorder.add(COUNT.reordered, 1);
    return behind ? "reordered" : undefined;
  }

  /** Records that the connection was lost; messages in transit may be lost with it. */
  cut(): void {
    for (const sent of this.#known.values()) if (!sent.arrived) sent.cut = true;
  }

  /** How many messages are in transit or not confirmed. */
  get left(): number {
    let left = 0;
    for (const { arrived, confirmed } of this.#known.values()) {
      if (!arrived || confirmed === undefined) left++;
    }
    return left;
  }

  /** Ends the load: messages that have not arrived are lost. */
  end(): void {
    for (const sent of this.#known.values()) this.#settle(sent);
    this.#known.clear();
  }

  #time(metric: number, sent: SentMessage, sinceMs: number): void {
    if (sent.dueMs >= this.measuredFromMs) this.#recorder.record(metric, (this.#now() - sinceMs) * 1000);
  }

  #settle(sent: SentMessage): void {
    if (sent.confirmed === undefined) {
      this.#recorder.add(sent.qos === 0 ? COUNT.unconfirmed : COUNT.unanswered, 1);
    }
    if (sent.arrived) return;
    this.#recorder.add(COUNT.lost, 1);
    // A module is not responsible for a message that it refused. All others of QoS 1 and 2 are promised while the connection lasts.
    if (sent.qos > 0 && sent.confirmed !== "failed" && !sent.cut) this.#recorder.add(COUNT.lostPromised, 1);
  }
}

/** Makes a payload such as `17-<checksum>-abc`. Not every module accepts a quote or a comma in a command. */
function payloadOf(number: number, size: number): string {
  const head = `${number}-`;
  const filler = "abcdefghijklmnopqrstuvwxyz".repeat(Math.ceil(size / 26)).slice(
    0,
    Math.max(0, size - head.length - 9),
  );
  return `${head}${checksum(head + filler)}-${filler}`;
}

function numberOf(bytes: Uint8Array): number | undefined {
  const [, head = "", sum, filler = ""] = /^(\d{1,15}-)([0-9a-f]{8})-([a-z]*)$/.exec(DECODER.decode(bytes)) ??
    [];
  return sum !== undefined && checksum(head + filler) === sum ? Number(head.slice(0, -1)) : undefined;
}

function checksum(text: string): string {
  return crc32(text).toString(16).padStart(8, "0");
}
