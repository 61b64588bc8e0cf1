import { Turns } from "../../ground/turn.ts";
import { pause } from "../../ground/wait.ts";
import type { Plan } from "../plan/plan.ts";
import type { RateSegment } from "../plan/rate_segment.ts";
import type { LoadClient } from "./client.ts";
import type { ClientCertificates } from "./client_certificates.ts";
import type { ClientHost, Flows, Flushable, SharedCounts } from "./client_host.ts";
import { Connections } from "./connections.ts";
import { COUNT } from "./counter_ids.ts";
import { DeliveryTracker } from "./delivery_tracker.ts";
import { type FaultEvidence, FaultLog } from "./fault_log.ts";
import { FlowIndex } from "./flow_index.ts";
import { GroupRun } from "./group_run.ts";
import { markPlaces } from "./mark_place.ts";
import { MetricRecorder } from "./metric_recorder.ts";
import { TimerWheel } from "./loop/timer_wheel.ts";

/** How often clients are connected and disconnected by the times of the profile, in milliseconds. */
const ADJUST_MS = 10;
/** How often keep-alives are checked, in milliseconds. */
const KEEP_ALIVE_MS = 500;
/**
 * How long clients may keep the thread without a turn of the event loop, in milliseconds. Reads and writes that the
 * system can answer at once resolve without one, so a broker that floods its clients would delay timers and the
 * requests of the load. The limit is longer than the time between two turns of an idle engine, so it costs nothing
 * without overload.
 */
const TURN_MS = 20;
/** How long DISCONNECT may take to be written, and connections to end, in milliseconds. */
const DISCONNECT_MS = 50;
const GOODBYE_MS = 1_000;

/** What an engine needs from its worker. */
export interface EngineHost {
  /** Milliseconds since the run began, on the clock that all workers share. */
  readonly now: () => number;
  /** The moment when the run began, in milliseconds since 1970. */
  readonly epochMs: number;
  /** Called with each fault that is kept. */
  readonly fault: (fault: FaultEvidence) => void;
  /** Called when all clients that the load starts with are connected, or have failed for good. */
  readonly settled: () => void;
  /** The certificates of the clients that have their own. */
  readonly certificates: ClientCertificates;
}

/**
 * One worker's part of a load: its clients, and the loop that serves them. Its owner calls {@link tick} at {@link
 * nextDueMs}, and from time to time.
 */
export class Engine implements ClientHost {
  readonly plan: Plan;
  readonly now: () => number;
  readonly epochMs: number;
  readonly recorder = new MetricRecorder();
  readonly faults: FaultLog;
  readonly flows: Flows;
  readonly connections: Connections;
  readonly timers: TimerWheel;
  readonly certificates: ClientCertificates;
  startMs = Infinity;
  measuredFromMs = Infinity;
  running = false;
  ending = false;
  readonly #groups: readonly GroupRun[];
  /** Writers with something to write. */
  readonly #dirty: Flushable[] = [];
  #random: number;
  /** Whether clients come and go at times that the profile sets. */
  readonly #varies: boolean;
  /** Whether no more messages come due. */
  #stopped = false;
  #adjustedMs = -Infinity;
  #keptAliveMs = 0;
  #turn = Promise.withResolvers<void>();
  readonly #turns: Turns;

  constructor(plan: Plan, worker: number, shared: SharedCounts, host: EngineHost) {
    this.plan = plan;
    this.now = host.now;
    this.#turns = new Turns(TURN_MS, host.now);
    this.epochMs = host.epochMs;
    this.certificates = host.certificates;
    if (host.certificates.size > 0) this.recorder.add(COUNT.certificates, host.certificates.size);
    this.faults = new FaultLog(this.recorder, plan.protocol, host.fault);
    this.flows = {
      sent: shared.sent,
      uncertain: shared.uncertain,
      awaited: shared.awaited,
      index: new FlowIndex(plan),
      tracker: new DeliveryTracker(),
      shared: new Map(),
      marks: markPlaces(plan.groups),
    };
    const outstanding = Math.max(1, Math.ceil(plan.connect.outstanding / plan.workers));
    this.connections = new Connections(outstanding, host.now, host.settled);
    this.timers = new TimerWheel(host.now());
    this.#varies = varies(plan);
    this.#random = (plan.seed ^ Math.imul(worker + 1, 0x9e3779b1)) | 1;
    this.#groups = plan.groups.map((group) => new GroupRun(this, group, worker));
  }

  /** Whether it reads and writes less often than data arrives; its owner then calls {@link tick} at a fixed pace. */
  get paced(): boolean {
    return this.plan.mode === "throughput";
  }

  /** Whether messages come due by a schedule. */
  get scheduled(): boolean {
    return this.#groups.some(({ scheduled }) => scheduled);
  }

  /** When the next message comes due, in ms of the clock. */
  get nextDueMs(): number {
    let next = Infinity;
    if (this.#stopped) return next;
    for (const group of this.#groups) next = Math.min(next, group.nextDueMs);
    return next;
  }

  /** How many deliveries have not arrived yet. */
  get missing(): number {
    let missing = 0;
    for (const client of this.#clients()) missing += client.missing;
    return missing;
  }

  /** How much is pending: messages due or in flight, and missing deliveries. */
  get left(): number {
    let left = 0;
    for (const client of this.#clients()) left += client.left;
    return left;
  }

  random(): number {
    let state = this.#random;
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    this.#random = state;
    return (state >>> 0) / 2 ** 32;
  }

  flushSoon(writer: Flushable): void {
    this.#dirty.push(writer);
  }

  nextTurn(): Promise<void> {
    return this.#turn.promise;
  }

  turnDue(): Promise<void> | undefined {
    return this.#turns.due();
  }

  sleep(ms: number): Promise<void> {
    return new Promise((resolve) => this.timers.at(this.now() + ms, resolve));
  }

  /** Begins to connect the clients that the load starts with. */
  connectAll(): void {
    const now = this.now();
    const { connect: { rate }, segments } = this.plan;
    const share = segments[0]?.fromClients ?? 1;
    const clients = this.#groups.flatMap((group) => group.startingClients(share));
    for (const client of clients) client.wanted = true;
    this.connections.start(clients, ({ number }) => now + (rate === Infinity ? 0 : number / rate * 1000));
  }

  /** Begins the load at `startMs` of the clock; messages due before `measuredFromMs` are not timed. */
  begin(startMs: number, measuredFromMs: number): void {
    this.startMs = startMs;
    this.measuredFromMs = measuredFromMs;
  }

  /** Appends to the schedules of all groups. */
  extend(segments: readonly RateSegment[], measuredFromMs: number): void {
    for (const group of this.#groups) group.extend(segments);
    this.measuredFromMs = measuredFromMs;
  }

  /** Lets the clients of a closed loop send, or stops them. */
  run(running: boolean): void {
    this.running = running;
    if (!running) return;
    const now = this.now();
    for (const client of this.#clients()) client.publisher?.pump(now);
  }

  /** Ends the schedule: the load ends before its stages do. */
  stop(): void {
    // Messages that have come due by now count as planned, however late this thread is.
    this.#send(this.now());
    this.#stopped = true;
    this.running = false;
  }

  #send(now: number): void {
    if (this.#stopped) return;
    for (const group of this.#groups) group.send(now);
  }

  /**
   * One turn of the loop: runs timers, connects clients, sends the messages that have come due, and writes once for
   * each connection.
   */
  tick(): void {
    const now = this.now();
    this.#turns.had(now);
    this.timers.turn(now);
    if (!this.ending) {
      if (this.#varies && now - this.#adjustedMs >= ADJUST_MS && now >= this.startMs) {
        this.#adjustedMs = now;
        for (const group of this.#groups) group.adjust(now - this.startMs, this.plan.segments);
      }
      this.connections.connectDue(now);
    }
    this.#send(now);
    if (now - this.#keptAliveMs >= KEEP_ALIVE_MS) {
      this.#keptAliveMs = now;
      for (const client of this.#clients()) client.keepAlive(now);
      this.connections.closeLate(now);
    }
    const { resolve } = this.#turn;
    this.#turn = Promise.withResolvers();
    resolve();
    this.#flushAll();
  }

  #flushAll(): void {
    for (const writer of this.#dirty) writer.flush();
    this.#dirty.length = 0;
  }

  /** Ends the load: counts what is left, and disconnects. */
  async finish(): Promise<void> {
    this.ending = true;
    this.running = false;
    this.connections.stop();
    // Messages that have come due by now count as planned, however late this thread is.
    const now = this.now();
    this.#send(now);
    for (const client of this.#clients()) client.finish();
    for (const client of this.#clients()) {
      client.wanted = false;
      client.leave("disconnect");
    }
    await pause(this.connections.closing ? DISCONNECT_MS : 0);
    this.connections.closeLate(Infinity);
    this.#turn.resolve();
    // A connection to a host that does not answer ends with the thread.
    const ended = new AbortController();
    await Promise.race([this.connections.ended(), pause(GOODBYE_MS, ended.signal)]);
    ended.abort();
  }

  *#clients(): Generator<LoadClient> {
    for (const group of this.#groups) yield* group.clients;
  }
}

function varies({ groups, segments }: Plan): boolean {
  return groups.some(({ online }) =>
    online.length > 1 || online[0]?.fromMs !== 0 || online[0].untilMs !== undefined
  ) || segments.some(({ fromClients, toClients }) => fromClients !== 1 || toClients !== 1);
}
