import { describe } from "../../mqtt/describe.ts";
import { Decoder } from "../../mqtt/decode.ts";
import type { FaultKind, LoadFault } from "../../run/load_event.ts";
import type { Transport } from "../../transport/transport.ts";
import type { Client } from "./client.ts";
import { COUNT } from "./counter_ids.ts";
import { FlowIndex } from "./flow_index.ts";
import { GroupRun } from "./group_run.ts";
import { ownerOf, type Plan, wordsOf } from "../plan/plan.ts";
import type { RateSegment } from "../plan/rate_segment.ts";
import { MetricRecorder } from "./metric_recorder.ts";
import { fill } from "../profile/template.ts";
import { Tracker } from "./tracker.ts";
import { Wheel } from "./wheel.ts";

/** How often clients are put online and offline by the profile's times, in milliseconds. */
const ADJUST_MS = 10;
/** How often keep-alives are looked after, in milliseconds. */
const KEEP_ALIVE_MS = 500;
/** How long connections may take to end, in milliseconds. */
const GOODBYE_MS = 1_000;
/** How many faults of each kind are kept with their evidence. */
const EVIDENCE = 10;
/** Bytes of a packet, and packets before it, that are shown as evidence. */
const SHOWN_BYTES = 512;
const SHOWN_PACKETS = 8;

const COUNTER_OF: Readonly<Record<FaultKind, number>> = {
  "qos2-duplicate": COUNT.qos2Duplicate,
  "packet-id-reuse": COUNT.packetIdReuse,
  "receive-maximum": COUNT.receiveMaximum,
  "retain-flag": COUNT.retainFlag,
  "protocol": COUNT.protocol,
  "corrupted": COUNT.corrupted,
  // Counted where they are found, since not each of them is a fault.
  "duplicated": -1,
  "reordered": COUNT.reordered,
  "unexpected": COUNT.unexpected,
};

/** What all workers share: by flow, how many messages were sent, and how many of these nobody knows the fate of. */
export interface SharedCounts {
  readonly sent: Int32Array;
  readonly uncertain: Int32Array;
}

/** What an engine asks of its surroundings. */
export interface EngineHost {
  /** Milliseconds since the run began, on the clock that all workers share. */
  readonly now: () => number;
  /** The moment when the run began, in milliseconds since 1970. */
  readonly epochMs: number;
  readonly fault: (fault: Omit<LoadFault, "kind" | "t">) => void;
  /** All clients that are to be connected at the start are, or have failed for good. */
  readonly settled: () => void;
}

/**
 * One worker's share of a load: its clients, and the loop that serves them. Whoever owns it calls {@link tick} at the
 * moments that {@link nextWakeMs} tells.
 */
export class Engine {
  readonly plan: Plan;
  readonly now: () => number;
  readonly epochMs: number;
  readonly recorder = new MetricRecorder();
  readonly tracker = new Tracker();
  readonly index: FlowIndex;
  readonly wheel: Wheel;
  readonly sent: Int32Array;
  readonly uncertain: Int32Array;
  /** Messages received by members of shared subscriptions, by flow. */
  readonly shares = new Map<number, number>();
  readonly dirty: Client[] = [];
  /** Connections being dialled or read. */
  readonly attempts = new Pending();
  readonly groups: readonly GroupRun[];
  /** Reading and writing less often than data comes. */
  readonly pacing: boolean;
  /** Whether messages are timed. */
  readonly timing: boolean;
  readonly five: boolean;
  readonly closedLoop: boolean;
  readonly requests: boolean;
  readonly lateAfterUs: number;
  /** When the load began, in ms of the clock; Infinity before. */
  startMs = Infinity;
  /** Messages due before are not timed. */
  measuredFromMs = Infinity;
  /** Whether a closed loop may send. */
  running = false;
  ending = false;
  connected = 0;
  onTheWay = 0;
  readonly #host: EngineHost;
  readonly #outstanding: number;
  readonly #queue: { readonly client: Client; readonly dueMs: number }[] = [];
  #queueAt = 0;
  readonly #segments: readonly RateSegment[];
  #random: number;
  readonly #unsettled = new Set<Client>();
  /** Whether the profile lets clients come and go by its times. */
  readonly #varies: boolean;
  #adjustedMs = -Infinity;
  #keptAliveMs = 0;
  #turned = Promise.withResolvers<void>();
  readonly #evidence = new Map<FaultKind, number>();
  readonly #closing: { readonly transport: Transport; readonly atMs: number }[] = [];

  constructor(plan: Plan, worker: number, shared: SharedCounts, host: EngineHost) {
    this.plan = plan;
    this.#host = host;
    this.now = host.now;
    this.epochMs = host.epochMs;
    this.wheel = new Wheel(host.now());
    this.sent = shared.sent;
    this.uncertain = shared.uncertain;
    this.index = new FlowIndex(plan);
    this.pacing = plan.mode === "throughput";
    this.timing = !this.pacing;
    this.five = plan.protocol === "5.0";
    this.closedLoop = plan.loop === "closed";
    this.requests = plan.groups.some(({ role }) => role === "request" || role === "respond");
    this.lateAfterUs = plan.lateAfterMs * 1000;
    this.#outstanding = Math.max(1, Math.ceil(plan.connect.outstanding / plan.workers));
    this.#segments = plan.segments;
    this.#varies =
      plan.groups.some(({ online }) =>
        online.length > 1 || online[0]?.fromMs !== 0 || online[0].untilMs !== undefined
      ) ||
      plan.segments.some(({ fromClients, toClients }) => fromClients !== 1 || toClients !== 1);
    this.#random = (plan.seed ^ Math.imul(worker + 1, 0x9e3779b1)) | 1;
    this.groups = plan.groups.map((group) => new GroupRun(this, group, worker));
  }

  /** A random number from 0 to below 1, that follows from the seed. */
  random(): number {
    let state = this.#random;
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    this.#random = state;
    return (state >>> 0) / 2 ** 32;
  }

  /** Begins to connect the clients that are to be there when the load begins. */
  connectAll(): void {
    const now = this.now();
    const { rate } = this.plan.connect;
    for (const group of this.groups) {
      const share = this.#segments[0]?.fromClients ?? 1;
      const count = Math.ceil(share * group.plan.clients - 1e-9);
      if (!group.plan.online.some(({ fromMs }) => fromMs === 0)) continue;
      for (const client of group.clients) {
        if (client.index >= count) continue;
        client.wanted = true;
        this.#unsettled.add(client);
        this.queue(client, now + (rate === Infinity ? 0 : client.number / rate * 1000));
      }
    }
    if (this.#unsettled.size === 0) this.#host.settled();
  }

  /** Lets a client connect at `dueMs`, in its turn. */
  queue(client: Client, dueMs: number): void {
    this.#queue.push({ client, dueMs });
  }

  /** A client is connected, or will not be. */
  settled(client: Client): void {
    if (!this.#unsettled.delete(client)) return;
    if (this.#unsettled.size === 0) this.#host.settled();
  }

  /** The load begins at `startMs` of the clock; what is due before `measuredFromMs` is not timed. */
  begin(startMs: number, measuredFromMs: number): void {
    this.startMs = startMs;
    this.measuredFromMs = measuredFromMs;
  }

  /** A connection is there or has failed, so that another may be begun. */
  arrived(): void {
    this.onTheWay--;
    if (!this.ending) this.#connect(this.now());
  }

  /** Adds stretches to the schedule of a search. */
  extend(segments: readonly RateSegment[], measuredFromMs: number): void {
    for (const one of segments) for (const group of this.groups) group.schedule?.add(one);
    this.measuredFromMs = measuredFromMs;
  }

  /** When the loop has something to do next, in ms of the clock. */
  get nextWakeMs(): number {
    let next = Infinity;
    for (const group of this.groups) next = Math.min(next, group.nextDueMs);
    return next;
  }

  /** One turn of the loop: timers, connections, messages that are due, and one write for each connection. */
  tick(): void {
    const now = this.now();
    this.wheel.turn(now);
    if (!this.ending) {
      if (this.#varies && now - this.#adjustedMs >= ADJUST_MS && now >= this.startMs) {
        this.#adjustedMs = now;
        for (const group of this.groups) group.adjust(now - this.startMs, this.#segments);
      }
      this.#connect(now);
    }
    for (const group of this.groups) group.send(now);
    if (now - this.#keptAliveMs >= KEEP_ALIVE_MS) {
      this.#keptAliveMs = now;
      for (const group of this.groups) for (const client of group.clients) client.keepAlive(now);
      this.#closeLate(now);
    }
    const before = this.#turned;
    this.#turned = Promise.withResolvers();
    before.resolve();
    this.flushAll();
  }

  /** Writes for all clients that have something to write. */
  flushAll(): void {
    for (const client of this.dirty) client.flush();
    this.dirty.length = 0;
  }

  /** Lets a client write: at once, or with the next turn where the loop is paced. */
  flush(client: Client): void {
    if (!this.pacing) client.flush();
  }

  /** Resolves with the next turn. */
  turn(): Promise<void> {
    return this.#turned.promise;
  }

  /** Resolves `ms` later. */
  sleep(ms: number): Promise<void> {
    return new Promise((resolve) => this.wheel.at(this.now() + ms, resolve));
  }

  /** Lets a closed loop begin or end. */
  run(running: boolean): void {
    this.running = running;
    if (!running) return;
    const now = this.now();
    for (const group of this.groups) for (const client of group.clients) client.publisher?.pump(now);
  }

  /** How many deliveries have not come yet. */
  get missing(): number {
    let missing = 0;
    for (const group of this.groups) for (const client of group.clients) missing += client.receiver.missing;
    return missing;
  }

  /** How much is still on its way: messages due, in flight, or not delivered. */
  get left(): number {
    let left = this.missing;
    for (const group of this.groups) {
      for (const client of group.clients) {
        const { publisher } = client;
        if (publisher && client.wanted) left += publisher.owed + publisher.inFlight;
        if (client.busy) left++;
      }
    }
    return left;
  }

  /** Answers a request that a client received. */
  respond(client: Client, flow: number, payload: Uint8Array): void {
    const owner = ownerOf(this.plan, flow);
    const template = client.group.plan.publish?.topic;
    if (!owner || !template) return;
    client.publisher?.respond(
      fill(template, wordsOf(this.plan, owner.group, owner.client, owner.topic)),
      payload,
    );
  }

  /** Counts a fault, and keeps the first of each kind with their evidence. */
  fault(kind: FaultKind, client: Client, text: string, bytes: Uint8Array, start: number, end: number): void {
    const counter = COUNTER_OF[kind];
    if (counter >= 0) this.recorder.add(counter, 1);
    const kept = this.#evidence.get(kind) ?? 0;
    if (kept >= EVIDENCE) return;
    this.#evidence.set(kind, kept + 1);
    const size = end - start;
    this.#host.fault({
      fault: kind,
      client: client.id,
      text,
      chart: this.#chart(bytes, end),
      hex: bytes.subarray(start, Math.min(end, start + SHOWN_BYTES)).toHex(),
      size,
    });
  }

  /** The last packets that were read together with one that ends at `end`. */
  #chart(bytes: Uint8Array, end: number): readonly string[] {
    const decoder = new Decoder({ version: this.plan.protocol, maximumPacketSize: 32 * 1024 * 1024 });
    decoder.push(bytes.subarray(0, end));
    const lines: string[] = [];
    for (let frame = decoder.next(); frame; frame = decoder.next()) {
      lines.push(
        frame.kind === "packet" ? describe(frame.packet) : frame.violations[0]?.message ?? frame.kind,
      );
      if (lines.length > SHOWN_PACKETS) lines.shift();
      if (frame.kind === "broken") break;
    }
    return lines;
  }

  /** Closes a connection once what is being written to it has gone. */
  closeSoon(transport: Transport): void {
    this.#closing.push({ transport, atMs: this.now() + KEEP_ALIVE_MS });
  }

  #closeLate(now: number): void {
    while (this.#closing[0] && this.#closing[0].atMs <= now) this.#closing.shift()?.transport.close();
  }

  #connect(now: number): void {
    const waiting = this.#queue;
    while (this.#queueAt < waiting.length && this.onTheWay < this.#outstanding) {
      const next = waiting[this.#queueAt];
      if (!next || next.dueMs > now) break;
      this.#queueAt++;
      if (!next.client.wanted || next.client.state !== "offline") continue;
      this.onTheWay++;
      next.client.connect(next.dueMs);
    }
    if (this.#queueAt > 1_000 && this.#queueAt * 2 > waiting.length) {
      waiting.splice(0, this.#queueAt);
      this.#queueAt = 0;
    }
  }

  /** Ends the load: counts what is left, and says goodbye to the broker. */
  async finish(): Promise<void> {
    this.ending = true;
    this.running = false;
    // What has come due by now counts as planned, however late this thread is.
    const now = this.now();
    for (const group of this.groups) group.send(now);
    for (const group of this.groups) {
      for (const client of group.clients) {
        client.publisher?.finish();
        client.receiver.finish();
      }
    }
    for (const group of this.groups) {
      for (const client of group.clients) {
        client.wanted = false;
        client.leave("disconnect");
      }
    }
    await new Promise((resolve) => setTimeout(resolve, this.#closing.length > 0 ? 50 : 0));
    this.#closeLate(Infinity);
    this.#turned.resolve();
    // A connection to a host that does not answer is given up with its thread.
    await Promise.race([this.attempts.ended(), new Promise((resolve) => setTimeout(resolve, GOODBYE_MS))]);
  }
}

/** Promises that are under way. */
class Pending {
  readonly #all = new Set<Promise<void>>();

  /** Takes a promise that does not reject. */
  add(promise: Promise<void>): void {
    this.#all.add(promise);
    void promise.finally(() => this.#all.delete(promise));
  }

  /** Resolves when all have ended. */
  async ended(): Promise<void> {
    while (this.#all.size > 0) await Promise.all(this.#all);
  }
}
