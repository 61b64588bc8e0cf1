import { crc32 } from "node:zlib";
import type { QoS } from "../../mqtt/packet.ts";
import { counterAt, metricAt, type MetricRecorder } from "../engine/metric_recorder.ts";

/** Messages of which it is remembered whether they came; an older one that has not is lost. */
const REMEMBERED = 4096;
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

/** What became of a message's confirmation. */
export type Confirmed = "acknowledged" | "failed" | "unconfirmed";

/** A message on its way. */
export interface Sent {
  readonly number: number;
  readonly qos: QoS;
  readonly dueMs: number;
  sentMs: number;
  confirmed: Confirmed | undefined;
  arrived: boolean;
  /** A connection was lost while it was on its way, which a clean session does not promise it to outlive. */
  cut: boolean;
}

/** What was wrong with an arrival. */
export type Oddity = "corrupted" | "unexpected" | "duplicated" | "reordered";

/** One direction between a host and its broker, through a module: what was sent, what came, what is missing. */
export class Flow {
  readonly #recorder: MetricRecorder;
  readonly #now: () => number;
  readonly #size: number;
  readonly #lateAfterMs: number;
  readonly #known = new Map<number, Sent>();
  /** The last number that came at each QoS. */
  readonly #last = [-1, -1, -1];
  #next = 0;
  /** What was due before is counted and not timed: the warm-up. */
  measuredFromMs = 0;

  constructor(recorder: MetricRecorder, now: () => number, size: number, lateAfterMs: number) {
    this.#recorder = recorder;
    this.#now = now;
    this.#size = size;
    this.#lateAfterMs = lateAfterMs;
  }

  /** A message came due; gives it with its payload, for whoever sends it. */
  begin(dueMs: number, qos: QoS): { readonly sent: Sent; readonly payload: string } {
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

  /** It was not sent. */
  drop(): void {
    this.#recorder.add(COUNT.unsent, 1);
  }

  /** It is on its way from now. `free` says that nothing but the generator has held it back. */
  send(sent: Sent, free: boolean): void {
    sent.sentMs = this.#now();
    this.#recorder.add(COUNT.sent, 1);
    this.#recorder.add(COUNT.due, 1);
    if (free) this.#time(TIME.lateness, sent, sent.dueMs);
    this.#known.set(sent.number, sent);
    if (this.#known.size <= REMEMBERED) return;
    for (const [number, oldest] of this.#known) {
      this.#known.delete(number);
      this.#settle(oldest);
      return;
    }
  }

  /** Its sender was told what became of it. */
  confirm(sent: Sent, confirmed: Confirmed): void {
    if (sent.confirmed !== undefined) return;
    sent.confirmed = confirmed;
    this.#recorder.add(COUNT[confirmed], 1);
    const metric = TIME.acks[sent.qos];
    if (confirmed === "acknowledged" && metric !== undefined) this.#time(metric, sent, sent.dueMs);
  }

  /** A payload came; gives what is wrong with it. */
  arrive(bytes: Uint8Array, qos: QoS, mayRepeat: boolean): Oddity | undefined {
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

  /** The connection was lost: what is on its way may be gone with it. */
  cut(): void {
    for (const sent of this.#known.values()) if (!sent.arrived) sent.cut = true;
  }

  /** How many are on their way. */
  get left(): number {
    let left = 0;
    for (const { arrived, confirmed } of this.#known.values()) {
      if (!arrived || confirmed === undefined) left++;
    }
    return left;
  }

  /** All that has not come by now is lost. */
  end(): void {
    for (const sent of this.#known.values()) this.#settle(sent);
    this.#known.clear();
  }

  #time(metric: number, sent: Sent, sinceMs: number): void {
    if (sent.dueMs >= this.measuredFromMs) this.#recorder.record(metric, (this.#now() - sinceMs) * 1000);
  }

  #settle(sent: Sent): void {
    if (sent.confirmed === undefined) {
      this.#recorder.add(sent.qos === 0 ? COUNT.unconfirmed : COUNT.unanswered, 1);
    }
    if (sent.arrived) return;
    this.#recorder.add(COUNT.lost, 1);
    // What was refused was never taken over; all else at QoS 1 and 2 was, and its connection stood.
    if (sent.qos > 0 && sent.confirmed !== "failed" && !sent.cut) this.#recorder.add(COUNT.lostPromised, 1);
  }
}

/** `17-<checksum>-xxxx`: letters and digits alone, since a quote or a comma can't be typed into every module. */
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
