import { sharedFilter } from "../../mqtt/topic.ts";
import type { Client } from "./client.ts";
import { COUNT, TIME } from "./counter_ids.ts";
import { type Marked, type ReadMark, readMark } from "./mark.ts";
import { Arrival } from "./tracker.ts";

interface AskedFor {
  readonly filter: string;
  readonly qos: number;
}

const mark: ReadMark = { flow: 0, sequence: 0, due: 0, delay: 0 };

/** A message this far ahead of the next one is not believed to carry a right number, if its checksum is wrong. */
const BELIEVED = 128;

/** What a client receives, held against what its subscriptions promise; and its answers. */
export class Receiver {
  readonly #client: Client;
  /** The pair of each flow that the subscriptions let in. */
  readonly #pairs = new Map<number, number>();
  #lastFlow = -1;
  #lastPair = -1;
  /** Whether the last flow's moments can be held against this shard's clock. */
  #lastLocal = true;
  #asked: readonly AskedFor[] = [];
  #subscribeMs = 0;
  /** When the subscriptions were confirmed; Infinity while they are not. */
  #subscribedMs = Infinity;
  /** Messages of subscriptions that have ended may still come. */
  #over = false;
  #resumed = false;
  /** Packet ids of QoS 1 and 2 that are not answered to the end, as bits. */
  #held: Uint8Array | undefined;
  #heldCount = 0;
  /** Ids whose last answer waits to be written. */
  readonly #answered: number[] = [];

  constructor(client: Client) {
    this.#client = client;
  }

  /** Whether the broker has kept the subscriptions of an earlier connection. */
  get resumed(): boolean {
    return this.#resumed;
  }

  /** SUBSCRIBE goes out. */
  subscribing(asked: readonly AskedFor[], nowMs: number): void {
    const { engine } = this.#client;
    this.#asked = asked;
    this.#subscribeMs = nowMs;
    this.#over = false;
    for (const { filter, qos } of asked) {
      const shared = sharedFilter(filter);
      for (const flow of engine.index.flows(shared?.filter ?? filter)) {
        if (this.#pairs.has(flow)) continue;
        const plan = { flow, qos: Math.min(qos, engine.index.qos(flow)), shared: shared !== undefined };
        this.#pairs.set(flow, engine.tracker.begin(plan));
      }
    }
  }

  /** SUBACK came. */
  subscribed(reasons: readonly number[], nowMs: number): void {
    const { engine } = this.#client;
    this.#subscribedMs = nowMs;
    const refused = this.#asked.filter((_, index) => (reasons[index] ?? 0) >= 0x80);
    const taken = this.#asked.filter((_, index) => (reasons[index] ?? 0) < 0x80);
    if (refused.length > 0) this.#forget(refused, taken);
    for (const pair of this.#pairs.values()) {
      engine.tracker.confirm(pair, engine.sent[engine.tracker.flowOf(pair)] ?? 0);
    }
  }

  /** UNSUBSCRIBE goes out: what comes from now on is not due. */
  unsubscribing(): void {
    this.#endAll();
    this.#over = true;
    this.#subscribedMs = Infinity;
  }

  /** CONNACK came. */
  connected(sessionPresent: boolean): void {
    const kept = sessionPresent && this.#asked.length > 0 && !this.#client.group.plan.cleanSession;
    this.#resumed = kept;
    if (!kept) {
      this.#endAll();
      this.#held = undefined;
      this.#heldCount = 0;
      return;
    }
    // Messages of QoS 0 were not kept, so they are due from now on only.
    const { engine } = this.#client;
    this.subscribing(this.#asked, engine.now());
    this.subscribed([], engine.now());
  }

  /** The connection is gone. */
  disconnected(): void {
    this.#answered.length = 0;
    this.#subscribedMs = Infinity;
    if (this.#client.group.plan.cleanSession) this.#endAll();
    else this.#endAll((pair) => this.#client.engine.tracker.qosOf(pair) === 0);
  }

  /** The load is over: what has not come by now is lost. */
  finish(): void {
    const { engine } = this.#client;
    const ready = this.#client.state === "ready";
    for (const [flow, pair] of this.#pairs) this.#close(pair, ready ? engine.sent[flow] ?? 0 : undefined);
    this.#pairs.clear();
    this.#lastFlow = -1;
  }

  /** How many messages are still due. */
  get missing(): number {
    const { tracker, sent, uncertain } = this.#client.engine;
    let missing = 0;
    if (this.#client.state !== "ready") return 0;
    for (const [flow, pair] of this.#pairs) {
      if (tracker.isShared(pair)) continue;
      missing += Math.max(
        0,
        tracker.dueOf(pair, sent[flow] ?? 0) - tracker.receivedOf(pair) - (uncertain[flow] ?? 0),
      );
    }
    return missing;
  }

  /** What was put up to be written is being written: the broker may take its answers as given. */
  flushed(): void {
    const held = this.#held;
    if (!held || this.#answered.length === 0) return;
    for (const id of this.#answered) {
      held[id >>> 3] = (held[id >>> 3] ?? 0) & ~(1 << (id & 7));
    }
    this.#heldCount -= this.#answered.length;
    this.#answered.length = 0;
  }

  /** A PUBLISH came, from `start` to `end` of `bytes`; its body begins at `body`. */
  publish(bytes: Uint8Array, start: number, body: number, end: number, now: number): void {
    const client = this.#client;
    const { engine } = client;
    const first = bytes[start] ?? 0;
    const qos = first >> 1 & 3;
    let at = body + 2 + ((bytes[body] ?? 0) << 8 | (bytes[body + 1] ?? 0));
    let id = 0;
    if (qos > 0) {
      id = (bytes[at] ?? 0) << 8 | (bytes[at + 1] ?? 0);
      at += 2;
    }
    if (engine.five) at = behindProperties(bytes, at, end);
    if (at > end || qos === 3 || (qos > 0 && id === 0)) {
      return engine.fault("protocol", client, "a PUBLISH that can't be read", bytes, start, end);
    }
    if (qos > 0 && !this.#hold(qos, id, first, bytes, start, end)) return;
    const marked = readMark(bytes, at, end, mark);
    if (marked !== "right" && !this.#believed(marked, bytes, start, end)) return;
    this.#message(first, bytes, start, at, end, now);
  }

  /** PUBREL came: the message of QoS 2 is complete. */
  pubrel(id: number): void {
    this.#answer(0x70, id);
    if (this.#isHeld(id)) this.#answered.push(id);
  }

  /** Takes the packet id and answers; gives false for a message that is here already. */
  #hold(qos: number, id: number, first: number, bytes: Uint8Array, start: number, end: number): boolean {
    const client = this.#client;
    const again = this.#isHeld(id);
    if (again && (first & 0x08) === 0) {
      client.engine.fault(
        "packet-id-reuse",
        client,
        `packet id ${id} again, while it is in flight`,
        bytes,
        start,
        end,
      );
    }
    if (!again) {
      const held = this.#held ??= new Uint8Array(8192);
      held[id >>> 3] = (held[id >>> 3] ?? 0) | 1 << (id & 7);
      this.#heldCount++;
      const most = client.group.plan.receiveMaximum;
      if (most !== undefined && this.#heldCount > most) {
        const text = `${this.#heldCount} messages in flight, and the client takes ${most}`;
        client.engine.fault("receive-maximum", client, text, bytes, start, end);
      }
    }
    this.#answer(qos === 1 ? 0x40 : 0x50, id);
    if (qos === 1) {
      if (!again) this.#answered.push(id);
      return true;
    }
    // A PUBLISH of QoS 2 that is sent again before PUBREL is the same message. [MQTT-4.3.3-2]
    return !again || (first & 0x08) === 0;
  }

  #isHeld(id: number): boolean {
    return ((this.#held?.[id >>> 3] ?? 0) & 1 << (id & 7)) !== 0;
  }

  #answer(type: number, id: number): void {
    const at = this.#client.reserve(4);
    const { out } = this.#client;
    out[at] = type;
    out[at + 1] = 2;
    out[at + 2] = id >>> 8;
    out[at + 3] = id;
  }

  /** Whether a payload that is wrong still tells which message it is; what it is, is counted. */
  #believed(marked: Marked, bytes: Uint8Array, start: number, end: number): boolean {
    const client = this.#client;
    const { engine } = client;
    if (marked === "foreign") {
      if (!this.#over) {
        engine.fault("unexpected", client, "a message without attest's mark", bytes, start, end);
      }
      return false;
    }
    engine.fault("corrupted", client, "a payload whose checksum is wrong", bytes, start, end);
    const pair = this.#pairs.get(mark.flow);
    const next = pair === undefined ? -1 : engine.tracker.nextOf(pair);
    return next >= 0 && mark.sequence >= next && mark.sequence < next + BELIEVED;
  }

  #message(first: number, bytes: Uint8Array, start: number, at: number, end: number, now: number): void {
    const client = this.#client;
    const { engine } = client;
    const { flow, sequence } = mark;
    let pair = this.#lastPair;
    if (flow !== this.#lastFlow) {
      const found = this.#pairs.get(flow);
      if (found === undefined) return this.#unpaired(first, bytes, start, end, now);
      this.#lastFlow = flow;
      this.#lastPair = pair = found;
      this.#lastLocal = engine.index.isLocal(flow);
    }
    const nowUs = (now * 1000) | 0;
    // Differences of moments modulo 2^32 µs, so that no long run confuses them.
    const latency = Math.max(0, (nowUs - (mark.due | 0)) | 0);
    if ((first & 1) !== 0) {
      if (!this.#lastLocal || now - latency / 1000 < this.#subscribedMs) return this.#retained(now);
      engine.fault(
        "retain-flag",
        client,
        "the retain flag on a message published after SUBACK",
        bytes,
        start,
        end,
      );
    }
    const arrival = engine.tracker.accept(pair, sequence);
    if (arrival === Arrival.Again) return this.#again(pair, bytes, start, end);
    engine.recorder.add(COUNT.received, 1);
    if (arrival === Arrival.Filled && (first & 0x08) === 0) {
      engine.fault(
        "reordered",
        client,
        `message ${sequence} of flow ${flow} after a later one`,
        bytes,
        start,
        end,
      );
    }
    // Between two shards there is no common clock.
    if (engine.timing && this.#lastLocal) {
      if (now - latency / 1000 >= engine.measuredFromMs) {
        engine.recorder.record(TIME.latency, latency);
        if (mark.delay >= 0) engine.recorder.record(TIME.latencyActual, latency - mark.delay);
      }
      if (latency > engine.lateAfterUs) engine.recorder.add(COUNT.late, 1);
    }
    if (engine.requests && client.group.plan.role === "respond") {
      engine.respond(client, flow, bytes.slice(at, end));
    }
  }

  #unpaired(first: number, bytes: Uint8Array, start: number, end: number, now: number): void {
    const client = this.#client;
    const { engine } = client;
    const own = client.publisher && engine.index.isOf(mark.flow, client.number);
    if (own && client.group.plan.role === "request") {
      engine.recorder.add(COUNT.responses, 1);
      const latency = Math.max(0, (((now * 1000) | 0) - (mark.due | 0)) | 0);
      if (!engine.timing || now - latency / 1000 < engine.measuredFromMs) return;
      engine.recorder.record(TIME.response, latency);
      if (mark.delay >= 0) engine.recorder.record(TIME.responseActual, latency - mark.delay);
      return;
    }
    if (engine.index.isWill(mark.flow)) {
      if (this.#letIn(mark.flow)) return engine.recorder.add(COUNT.wills, 1);
    }
    if (this.#over) return;
    const retained = (first & 1) !== 0 ? "retained " : "";
    const text = `a ${retained}message of flow ${mark.flow}, "${
      engine.index.topic(mark.flow)
    }", that no filter lets in`;
    engine.fault("unexpected", client, text, bytes, start, end);
  }

  #letIn(flow: number): boolean {
    return this.#asked.some(({ filter }) =>
      this.#client.engine.index.lets(sharedFilter(filter)?.filter ?? filter, flow)
    );
  }

  #retained(now: number): void {
    const { recorder } = this.#client.engine;
    recorder.add(COUNT.retained, 1);
    recorder.record(TIME.retained, (now - this.#subscribeMs) * 1000);
  }

  #again(pair: number, bytes: Uint8Array, start: number, end: number): void {
    const client = this.#client;
    const { engine } = client;
    const qos = engine.tracker.qosOf(pair);
    engine.recorder.add(COUNT.duplicated, 1);
    if (qos === 1) return;
    engine.recorder.add(COUNT.duplicatedPromised, 1);
    const text = `message ${mark.sequence} of flow ${mark.flow} again, at QoS ${qos}`;
    engine.fault(qos === 2 ? "qos2-duplicate" : "duplicated", client, text, bytes, start, end);
  }

  #forget(refused: readonly AskedFor[], taken: readonly AskedFor[]): void {
    const { engine } = this.#client;
    const kept = new Set(
      taken.flatMap(({ filter }) => [...engine.index.flows(sharedFilter(filter)?.filter ?? filter)]),
    );
    for (const { filter } of refused) {
      for (const flow of engine.index.flows(sharedFilter(filter)?.filter ?? filter)) {
        const pair = this.#pairs.get(flow);
        if (pair === undefined || kept.has(flow)) continue;
        engine.tracker.end(pair);
        this.#pairs.delete(flow);
      }
    }
    this.#lastFlow = -1;
  }

  #endAll(which: (pair: number) => boolean = () => true): void {
    for (const [flow, pair] of this.#pairs) {
      if (!which(pair)) continue;
      this.#close(pair, undefined);
      this.#pairs.delete(flow);
    }
    this.#lastFlow = -1;
  }

  /** Counts what a pair owes. `end` is how many messages its flow has; absent, only what is missing amid what came. */
  #close(pair: number, end: number | undefined): void {
    const { tracker, recorder, uncertain, shares } = this.#client.engine;
    const received = tracker.receivedOf(pair);
    const flow = tracker.flowOf(pair);
    if (tracker.isShared(pair)) shares.set(flow, (shares.get(flow) ?? 0) + received);
    else {
      const due = tracker.dueOf(pair, end);
      recorder.add(COUNT.due, due);
      recorder.add(COUNT.lost, due - received);
      if (tracker.qosOf(pair) > 0) {
        recorder.add(COUNT.lostPromised, Math.max(0, due - received - (uncertain[flow] ?? 0)));
      }
    }
    tracker.end(pair);
  }
}

/** Where the payload begins behind the properties that begin at `at`; behind `end` where they are longer than the packet. */
function behindProperties(bytes: Uint8Array, at: number, end: number): number {
  let length = 0;
  let shift = 0;
  let next = at;
  for (;;) {
    const byte = bytes[next++] ?? 0;
    length |= (byte & 0x7f) << shift;
    shift += 7;
    if (byte < 0x80) return next + length;
    if (shift > 21 || next >= end) return end + 1;
  }
}
