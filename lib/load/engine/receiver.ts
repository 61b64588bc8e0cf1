import { sharedFilter } from "../../mqtt/topic.ts";
import type { PlannedGroup } from "../plan/plan.ts";
import { AwaitedMessages } from "./awaited.ts";
import type { ClientHost, Flows } from "./client_host.ts";
import type { ConnectionWriter } from "./connection_writer.ts";
import { COUNT, TIME } from "./counter_ids.ts";
import { InSequence } from "./delivery_tracker.ts";
import { HeldPacketIds } from "./held_packet_ids.ts";
import { behindProperties } from "./property_length.ts";
import { type Marked, type ReadMark, readMark } from "./mark.ts";
import { type MarkPlaces, readPlaced } from "./mark_place.ts";
import type { MetricRecorder } from "./metric_recorder.ts";
import type { LoadPublisher } from "./publisher.ts";
import { think } from "./think.ts";

/** A subscription that was sent. */
interface Asked {
  readonly filter: string;
  readonly qos: number;
}

/** What a receiver knows about its client. */
export interface ReceiverOwner {
  readonly id: string;
  /** Its number among all clients. */
  readonly number: number;
}

/** The mark that was read last; all receivers of a thread share it, so that reading allocates nothing. */
const mark: ReadMark = { flow: 0, sequence: 0, due: 0, delay: 0 };

/** How far ahead of the next message a number with a wrong checksum may be to count as plausible. */
const PLAUSIBLE_AHEAD = 128;

/** The types of the answers, as first bytes. */
const PUBACK = 0x40;
const PUBREC = 0x50;
const PUBCOMP = 0x70;
const DUP = 0x08;
const RETAIN = 0x01;

/**
 * Receives the messages of one client: answers them, times them, and checks them against the promises of the
 * subscriptions.
 *
 * Hot path: no allocation per message, and the pair of the last message is kept, because the next one usually has the
 * same. Measured: the mark of a 64-byte payload is read and checked in 70 ns.
 */
export class LoadReceiver {
  readonly #host: ClientHost;
  readonly #recorder: MetricRecorder;
  readonly #flows: Flows;
  readonly #group: PlannedGroup;
  readonly #owner: ReceiverOwner;
  readonly #writer: ConnectionWriter;
  readonly #publisher: LoadPublisher | undefined;
  readonly #hasProperties: boolean;
  readonly #timing: boolean;
  readonly #lateAfterUs: number;
  readonly #responds: boolean;
  /** The pair of each flow that the subscriptions match. */
  readonly #pairs = new Map<number, number>();
  #lastFlow = -1;
  #lastPair = -1;
  /** Whether the publisher of the last flow uses this machine's clock. */
  #lastLocal = true;
  #asked: readonly Asked[] = [];
  #subscribeMs = 0;
  /** When the subscriptions were confirmed; Infinity while they are not. */
  #subscribedMs = Infinity;
  /** Whether the subscriptions have ended: their messages may still come. */
  #unsubscribed = false;
  #resumed = false;
  readonly #held = new HeldPacketIds();
  readonly #awaited: AwaitedMessages | undefined;
  readonly #places: MarkPlaces | undefined;

  constructor(
    host: ClientHost,
    group: PlannedGroup,
    owner: ReceiverOwner,
    writer: ConnectionWriter,
    publisher: LoadPublisher | undefined,
  ) {
    this.#host = host;
    this.#recorder = host.recorder;
    this.#flows = host.flows;
    this.#group = group;
    this.#owner = owner;
    this.#writer = writer;
    this.#publisher = publisher;
    this.#hasProperties = host.plan.protocol === "5.0";
    this.#timing = host.plan.mode === "latency";
    this.#lateAfterUs = host.plan.lateAfterMs * 1000;
    this.#responds = group.role === "respond";
    this.#places = host.flows.marks;
    this.#awaited = AwaitedMessages.of(host.plan, group, host.flows.awaited);
  }

  /** Whether the broker kept the subscriptions of an earlier connection. */
  get resumed(): boolean {
    return this.#resumed;
  }

  /** How many deliveries to a connected client are expected and have not arrived. */
  get missing(): number {
    const { tracker, sent, uncertain } = this.#flows;
    let missing = 0;
    for (const [flow, pair] of this.#pairs) {
      if (tracker.isShared(pair)) continue;
      const due = tracker.dueOf(pair, sent[flow] ?? 0);
      missing += Math.max(0, due - tracker.receivedOf(pair) - (uncertain[flow] ?? 0));
    }
    return missing;
  }

  /** Records that SUBSCRIBE is sent. */
  subscribing(asked: readonly Asked[], nowMs: number): void {
    const { index, tracker } = this.#flows;
    this.#asked = asked;
    this.#subscribeMs = nowMs;
    this.#unsubscribed = false;
    for (const { filter, qos } of asked) {
      const shared = sharedFilter(filter);
      for (const flow of index.flows(shared?.filter ?? filter)) {
        if (this.#pairs.has(flow)) continue;
        const plan = { flow, qos: Math.min(qos, index.qos(flow)), shared: shared !== undefined };
        this.#pairs.set(flow, tracker.begin(plan));
      }
    }
  }

  /** Handles SUBACK. */
  subscribed(reasons: readonly number[], nowMs: number): void {
    const { tracker, sent } = this.#flows;
    this.#subscribedMs = nowMs;
    const refused = this.#asked.filter((_, index) => (reasons[index] ?? 0) >= 0x80);
    const granted = this.#asked.filter((_, index) => (reasons[index] ?? 0) < 0x80);
    if (refused.length > 0) this.#endRefused(refused, granted);
    for (const pair of this.#pairs.values()) tracker.confirm(pair, sent[tracker.flowOf(pair)] ?? 0);
  }

  /** Records that UNSUBSCRIBE is sent: messages that arrive from now on are not expected. */
  unsubscribing(): void {
    this.#endAll();
    this.#unsubscribed = true;
    this.#subscribedMs = Infinity;
  }

  /** Handles CONNACK. */
  connected(sessionPresent: boolean): void {
    this.#resumed = sessionPresent && this.#asked.length > 0 && !this.#group.cleanSession;
    if (!this.#resumed) {
      this.#endAll();
      this.#held.clear();
      return;
    }
    // The broker has kept no QoS 0 messages, so they are expected from now on only.
    const now = this.#host.now();
    this.subscribing(this.#asked, now);
    this.subscribed([], now);
  }

  /** Records that the connection is down. */
  disconnected(): void {
    const { tracker } = this.#flows;
    this.#held.disconnected();
    this.#subscribedMs = Infinity;
    if (this.#group.cleanSession) this.#endAll();
    else this.#endAll((pair) => tracker.qosOf(pair) === 0);
  }

  /** Ends the load: what has not arrived by now is lost. `ready` says whether the client is connected. */
  finish(ready: boolean): void {
    const { sent } = this.#flows;
    for (const [flow, pair] of this.#pairs) this.#end(pair, ready ? sent[flow] ?? 0 : undefined);
    this.#pairs.clear();
    this.#lastFlow = -1;
  }

  /** Records that the waiting answers are being written. */
  written(): void {
    this.#held.written();
  }

  /** Handles a PUBLISH from `start` to `end` of `bytes`, its body from `body`. */
  publish(bytes: Uint8Array, start: number, body: number, end: number, now: number): void {
    const first = bytes[start] ?? 0;
    const qos = first >> 1 & 3;
    let at = body + 2 + ((bytes[body] ?? 0) << 8 | (bytes[body + 1] ?? 0));
    let id = 0;
    if (qos > 0) {
      id = (bytes[at] ?? 0) << 8 | (bytes[at + 1] ?? 0);
      at += 2;
    }
    const properties = at;
    if (this.#hasProperties) at = behindProperties(bytes, at, end);
    if (at > end || qos === 3 || (qos > 0 && id === 0)) {
      const text = "a PUBLISH that can't be read";
      return this.#host.faults.add("protocol", this.#owner, text, bytes, start, end);
    }
    if (qos > 0 && !this.#hold(qos, id, first, bytes, start, end)) return;
    const marked = this.#places
      ? readPlaced(this.#places, bytes, body, properties, at, end, mark)
      : readMark(bytes, at, end, mark);
    if (marked !== "right" && !this.#identified(marked, bytes, start, end)) return;
    this.#message(first, bytes, start, at, end, now);
  }

  /** Handles PUBREL, which completes a message of QoS 2. */
  pubrel(id: number): void {
    this.#answer(PUBCOMP, id);
    if (this.#held.has(id)) this.#held.answer(id);
  }

  /** Holds the packet id and answers; returns false for a message that the client already has. */
  #hold(qos: number, id: number, first: number, bytes: Uint8Array, start: number, end: number): boolean {
    const { faults } = this.#host;
    const held = this.#held;
    const again = held.has(id);
    if (again && (first & DUP) === 0) {
      const text = `packet id ${id} again, while it is in flight`;
      faults.add("packet-id-reuse", this.#owner, text, bytes, start, end);
    }
    if (!again) {
      held.hold(id);
      const most = this.#group.receiveMaximum;
      if (most !== undefined && held.count > most) {
        const text = `${held.count} messages in flight, and the client takes ${most}`;
        faults.add("receive-maximum", this.#owner, text, bytes, start, end);
      }
    }
    this.#answer(qos === 1 ? PUBACK : PUBREC, id);
    if (qos === 1) {
      if (!again) held.answer(id);
      return true;
    }
    // A PUBLISH of QoS 2 that is sent again before PUBREL is the same message. [MQTT-4.3.3-2]
    return !again || (first & DUP) === 0;
  }

  #answer(type: number, id: number): void {
    const at = this.#writer.reserve(4);
    const { bytes } = this.#writer;
    bytes[at] = type;
    bytes[at + 1] = 2;
    bytes[at + 2] = id >>> 8;
    bytes[at + 3] = id;
  }

  /** Counts a wrong payload; returns whether its mark still identifies the message. */
  #identified(marked: Marked, bytes: Uint8Array, start: number, end: number): boolean {
    const { faults } = this.#host;
    if (marked === "foreign") {
      if (!this.#unsubscribed) {
        const text = "a message without attest's mark";
        faults.add("unexpected", this.#owner, text, bytes, start, end);
      }
      return false;
    }
    faults.add("corrupted", this.#owner, "a payload whose checksum is wrong", bytes, start, end);
    const pair = this.#pairs.get(mark.flow);
    const next = pair === undefined ? -1 : this.#flows.tracker.nextOf(pair);
    return next >= 0 && mark.sequence >= next && mark.sequence < next + PLAUSIBLE_AHEAD;
  }

  #message(first: number, bytes: Uint8Array, start: number, at: number, end: number, now: number): void {
    const host = this.#host;
    const { flow, sequence } = mark;
    let pair = this.#lastPair;
    if (flow !== this.#lastFlow) {
      const found = this.#pairs.get(flow);
      if (found === undefined) return this.#unpaired(first, bytes, start, end, now);
      this.#lastFlow = flow;
      this.#lastPair = pair = found;
      this.#lastLocal = this.#flows.index.isLocal(flow);
    }
    const latency = latencyUs(now);
    if ((first & RETAIN) !== 0) {
      if (!this.#lastLocal || now - latency / 1000 < this.#subscribedMs) return this.#retained(now);
      const text = "the retain flag on a message published after SUBACK";
      host.faults.add("retain-flag", this.#owner, text, bytes, start, end);
    }
    const fits = this.#flows.tracker.accept(pair, sequence);
    if (fits === InSequence.Again) return this.#again(pair, bytes, start, end);
    this.#recorder.add(COUNT.received, 1);
    this.#awaited?.came();
    if (fits === InSequence.Filled && (first & DUP) === 0) {
      const text = `message ${sequence} of flow ${flow} after a later one`;
      host.faults.add("reordered", this.#owner, text, bytes, start, end);
    }
    // Two shards have no common clock.
    if (this.#timing && this.#lastLocal) {
      if (now - latency / 1000 >= host.measuredFromMs) {
        this.#recorder.record(TIME.latency, latency);
        if (mark.delay >= 0) this.#recorder.record(TIME.latencyActual, latency - mark.delay);
      }
      if (latency > this.#lateAfterUs) this.#recorder.add(COUNT.late, 1);
    }
    if (this.#responds) think(this.#publisher, this.#group.think, host, flow, bytes.slice(at, end));
  }

  /** Handles a message of a flow that no subscription tracks: an answer to a request, a will, or a fault. */
  #unpaired(first: number, bytes: Uint8Array, start: number, end: number, now: number): void {
    const { faults, measuredFromMs } = this.#host;
    const { index } = this.#flows;
    const own = this.#publisher && index.isOf(mark.flow, this.#owner.number);
    if (own && this.#group.role === "request") {
      this.#recorder.add(COUNT.responses, 1);
      const latency = latencyUs(now);
      if (!this.#timing || now - latency / 1000 < measuredFromMs) return;
      this.#recorder.record(TIME.response, latency);
      if (mark.delay >= 0) this.#recorder.record(TIME.responseActual, latency - mark.delay);
      return;
    }
    if (index.isWill(mark.flow) && this.#matches(mark.flow)) return this.#recorder.add(COUNT.wills, 1);
    if (this.#unsubscribed) return;
    const retained = (first & RETAIN) !== 0 ? "retained " : "";
    const topic = index.topic(mark.flow);
    const text = `a ${retained}message of flow ${mark.flow}, "${topic}", that no filter lets in`;
    faults.add("unexpected", this.#owner, text, bytes, start, end);
  }

  #matches(flow: number): boolean {
    return this.#asked.some(({ filter }) =>
      this.#flows.index.lets(sharedFilter(filter)?.filter ?? filter, flow)
    );
  }

  #retained(now: number): void {
    this.#recorder.add(COUNT.retained, 1);
    this.#awaited?.came();
    this.#recorder.record(TIME.retained, (now - this.#subscribeMs) * 1000);
  }

  #again(pair: number, bytes: Uint8Array, start: number, end: number): void {
    const qos = this.#flows.tracker.qosOf(pair);
    this.#recorder.add(COUNT.duplicated, 1);
    if (qos === 1) return;
    this.#recorder.add(COUNT.duplicatedPromised, 1);
    const text = `message ${mark.sequence} of flow ${mark.flow} again, at QoS ${qos}`;
    const kind = qos === 2 ? "qos2-duplicate" : "duplicated";
    this.#host.faults.add(kind, this.#owner, text, bytes, start, end);
  }

  /** Ends the pairs of filters that the broker refused, unless a granted filter matches the flow as well. */
  #endRefused(refused: readonly Asked[], granted: readonly Asked[]): void {
    const { index, tracker } = this.#flows;
    const flowsOf = ({ filter }: Asked) => index.flows(sharedFilter(filter)?.filter ?? filter);
    const kept = new Set(granted.flatMap((one) => [...flowsOf(one)]));
    for (const flow of refused.flatMap((one) => [...flowsOf(one)])) {
      const pair = this.#pairs.get(flow);
      if (pair === undefined || kept.has(flow)) continue;
      tracker.end(pair);
      this.#pairs.delete(flow);
    }
    this.#lastFlow = -1;
  }

  #endAll(which: (pair: number) => boolean = () => true): void {
    for (const [flow, pair] of this.#pairs) {
      if (!which(pair)) continue;
      this.#end(pair, undefined);
      this.#pairs.delete(flow);
    }
    this.#lastFlow = -1;
  }

  /**
   * Ends a pair and counts what it should have received. `end` is how many messages its flow has; without it only gaps
   * count as lost.
   */
  #end(pair: number, end: number | undefined): void {
    const { tracker, uncertain, shared } = this.#flows;
    const received = tracker.receivedOf(pair);
    const flow = tracker.flowOf(pair);
    if (tracker.isShared(pair)) shared.set(flow, (shared.get(flow) ?? 0) + received);
    else {
      const due = tracker.dueOf(pair, end);
      this.#recorder.add(COUNT.due, due);
      this.#recorder.add(COUNT.lost, due - received);
      if (tracker.qosOf(pair) > 0) {
        this.#recorder.add(COUNT.lostPromised, Math.max(0, due - received - (uncertain[flow] ?? 0)));
      }
    }
    tracker.end(pair);
  }
}

/** How long the message of the last mark took until `now`, in µs: a difference modulo 2^32. */
function latencyUs(now: number): number {
  return Math.max(0, (((now * 1000) | 0) - (mark.due | 0)) | 0);
}
