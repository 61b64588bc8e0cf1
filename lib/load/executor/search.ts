import { pause } from "../../ground/wait.ts";
import type { LoadEvent, LoadTrial } from "../../run/load_event.ts";
import { missedThresholds } from "../../run/load_result.ts";
import { generatorLimit } from "../run/generator.ts";
import type { Profile, Search } from "../profile/profile.ts";
import type { SecondKeeper } from "../run/second_keeper.ts";
import { Tally } from "../engine/tally.ts";
import type { WorkerPool } from "../run/worker_pool.ts";

/** What a search works with. */
export interface SearchBench {
  readonly pool: WorkerPool;
  readonly keeper: SecondKeeper;
  readonly now: () => number;
  /** When the load began, in ms of the run's clock. */
  readonly startMs: number;
  /** What all groups together send per second at a share of 1. */
  readonly fullRate: number;
  readonly emit: (event: LoadEvent) => void;
  readonly signal: AbortSignal;
}

/** A rate that is kept must have been sent nearly whole; seconds do not end to the message. */
const NEARLY = 0.95;
/** A rate at which the generator was the limit is tried again so often: something else may have kept the machine busy. */
const MORE_TRIES = 1;
/** How long workers know a stretch before it begins, in milliseconds. */
const AHEAD_MS = 100;
/** How long deliveries may take behind the end of a rate, and how often it is asked for them; milliseconds. */
const PATIENCE_MS = 500;
const ASK_MS = 50;
/** After a rate that was too high, what has piled up is given so long to go. */
const RECOVER_MS = 10_000;

/**
 * Looks for the highest rate that keeps the thresholds: doubles it until one is missed, then halves what lies between.
 * Each rate settles, and is then held and measured.
 */
export async function runSearch(profile: Profile, search: Search, bench: SearchBench): Promise<void> {
  let kept = 0;
  let missed = Infinity;
  let rate = search.from;
  while (!bench.signal.aborted) {
    let trial = await tryRate(profile, search, rate, bench);
    for (let again = 0; again < MORE_TRIES && trial?.generatorLimited !== undefined; again++) {
      bench.emit(trial);
      trial = await tryRate(profile, search, rate, bench);
    }
    if (!trial) return;
    bench.emit(trial);
    const held = trial.missed.length === 0 && trial.generatorLimited === undefined;
    if (held) kept = rate;
    else missed = rate;
    if (held && rate >= search.to) return;
    if (missed !== Infinity && missed - kept <= missed * search.precision) return;
    rate = missed === Infinity ? Math.min(search.to, rate * 2) : (kept + missed) / 2;
    // Below the first rate there is nothing to be found that the user has asked for.
    if (kept === 0 && rate < search.from) return;
    if (!held) await recover(bench);
  }
}

async function tryRate(
  profile: Profile,
  search: Search,
  rate: number,
  bench: SearchBench,
): Promise<LoadTrial | undefined> {
  const { pool, keeper, now, startMs, signal } = bench;
  const share = rate / bench.fullRate;
  const fromMs = now() - startMs + AHEAD_MS;
  const measureMs = fromMs + search.settleMs;
  const endMs = measureMs + search.holdMs;
  const piece = { startMs: fromMs, endMs, fromRate: share, toRate: share, fromClients: 1, toClients: 1 };
  pool.tell({ kind: "extend", pieces: [piece], measuredFromMs: startMs + measureMs });
  for (let at = fromMs; at < measureMs; at += 1000) {
    await pause(startMs + Math.min(at + 1000, measureMs) - now(), signal);
    if (signal.aborted) return undefined;
    await keeper.cut({ phase: "warm-up", stage: 0 });
  }
  const missingBefore = await missingOf(pool);
  const tally = new Tally();
  keeper.trial = tally;
  for (let at = measureMs; at < endMs; at += 1000) {
    await pause(startMs + Math.min(at + 1000, endMs) - now(), signal);
    if (signal.aborted) break;
    await keeper.cut({ phase: "measure", stage: 0 });
  }
  keeper.trial = undefined;
  if (signal.aborted) return undefined;
  // What is lost for good is told from what is on its way by a moment of patience.
  let lost = Infinity;
  for (let waited = 0; lost > 0 && waited <= PATIENCE_MS && !signal.aborted; waited += ASK_MS) {
    if (waited > 0) await pause(ASK_MS, signal);
    lost = Math.max(0, await missingOf(pool) - missingBefore);
  }
  tally.counts.lost = (tally.counts.lost ?? 0) + lost;
  tally.counts.due = (tally.counts.received ?? 0) + tally.counts.lost;
  const seconds = tally.measuredMs / 1000;
  const sentRate = (tally.counts.sent ?? 0) / seconds;
  const missed = [...missedThresholds(profile.thresholds, tally)];
  if (sentRate < rate * NEARLY) missed.push(`sent.rate >= ${Math.round(rate * NEARLY)}`);
  const limited = generatorLimit(tally);
  return {
    kind: "load-trial",
    t: now(),
    rate,
    lastedMs: tally.measuredMs,
    sentRate,
    receivedRate: (tally.counts.received ?? 0) / seconds,
    histograms: tally.encoded(),
    counts: tally.counts,
    missed,
    ...(limited === undefined ? {} : { generatorLimited: limited }),
  };
}

async function missingOf(pool: WorkerPool): Promise<number> {
  const answers = await pool.ask({ kind: "left" }, "left");
  return answers.reduce((sum, { missing }) => sum + missing, 0);
}

/** Lets what has piled up go before the next rate. */
async function recover({ pool, keeper, now, signal }: SearchBench): Promise<void> {
  const until = now() + RECOVER_MS;
  let cutMs = now() + 1000;
  while (!signal.aborted && now() < until) {
    const answers = await pool.ask({ kind: "left" }, "left");
    if (answers.every(({ left }) => left === 0)) return;
    await pause(100, signal);
    if (now() < cutMs) continue;
    await keeper.cut({ phase: "drain", stage: 0 });
    cutMs += 1000;
  }
}
