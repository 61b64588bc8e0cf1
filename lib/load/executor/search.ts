import { pause } from "../../ground/wait.ts";
import type { LoadTrial } from "../../run/load_event.ts";
import { missedThresholds } from "../../run/load_result.ts";
import { duration, type Form } from "../../spec/form.ts";
import { object } from "../../spec/form_parts.ts";
import { generatorLimit } from "../engine/generator_limit.ts";
import { MetricSums } from "../engine/metric_sums.ts";
import { amount, share } from "../profile/profile_parts.ts";
import { refuseEnds, refuseModule, requireKey, requireRates } from "./checks.ts";
import type { Executor, LoadControl } from "./executor.ts";

const NAME = "search";

/** What a search tries. Rates are in messages per second of all groups together. */
export interface SearchSettings {
  readonly from: number;
  readonly to: number;
  /** How long each rate is measured, and how long it runs before that, in milliseconds. */
  readonly holdMs: number;
  readonly settleMs: number;
  /** The search ends when the bounds are this close, as a share of the upper one. */
  readonly precision: number;
}

/** The share of a rate that must be sent; below 1, because a second does not end exactly with a message. */
const SENT_SHARE = 0.95;
/** How often a rate is retried if the generator was the limit: another program may have kept the machine busy. */
const RETRIES = 1;
/** How long before a segment begins the workers get it, in milliseconds. */
const AHEAD_MS = 100;
/** How long deliveries may take after the end of a rate, and how often they are counted meanwhile, in milliseconds. */
const PATIENCE_MS = 500;
const ASK_MS = 50;
/** How long a queue that a rate has built up may take to empty, in milliseconds. */
const RECOVER_MS = 10_000;

/**
 * Finds the highest rate that keeps the thresholds: it doubles the rate until one is missed, then halves the interval.
 * Each rate settles, and is then held and measured. The groups share a rate in proportion to their own rates.
 */
export const search: Executor = {
  name: NAME,
  about: "the highest rate at which the thresholds hold",
  read(keys, report) {
    const settings = keys.optional("search", searchForm(), "of the executor search: what it tries");
    return (outline) => {
      refuseModule(NAME, keys, report);
      requireKey(NAME, "search", keys, report);
      requireRates(outline, keys, report);
      refuseEnds(NAME, outline, keys, report);
      if (!settings) return undefined;
      return {
        name: NAME,
        loop: "open",
        knownRate: false,
        trials: true,
        // Each rate is laid out when it is tried.
        layOut: () => ({ segments: [], planned: [] }),
        drive: (load) => drive(settings, load),
      };
    };
  },
};

function searchForm(): Form<SearchSettings> {
  return object("a search", (keys, report): SearchSettings | undefined => {
    const from = keys.required(
      "from",
      amount("a rate", 10_000_000),
      "the first rate, messages per second of all groups",
    );
    const to = keys.required("to", amount("a rate", 10_000_000), "the highest rate to try");
    const holdMs = keys.optional("hold", duration(), "how long each rate is measured; default 5s") ?? 5_000;
    const settleMs =
      keys.optional("settle", duration(), "how long each rate runs before it is measured; default 1s") ??
        1_000;
    const precision =
      keys.optional("precision", share(), "how close the bounds must be at the end; default 5%") ?? 0.05;
    const place = keys.place("to");
    if (from !== undefined && to !== undefined && to <= from && place) {
      report.add("a highest rate that is not above the first", place);
    }
    if (place && holdMs < 1_000) {
      report.add("a rate held for less than 1 s", keys.place("hold") ?? place, "at least 1s");
    }
    return from === undefined || to === undefined
      ? undefined
      : { from, to, holdMs, settleMs, precision: Math.min(1, Math.max(0.001, precision)) };
  });
}

async function drive(settings: SearchSettings, load: LoadControl): Promise<void> {
  const { signal } = load;
  const startMs = await load.begin(Infinity);
  let kept = 0;
  let missed = Infinity;
  let rate = settings.from;
  while (!signal.aborted) {
    let trial = await tryRate(settings, rate, startMs, load);
    for (let retry = 0; retry < RETRIES && trial?.generatorLimited !== undefined; retry++) {
      load.emit(trial);
      trial = await tryRate(settings, rate, startMs, load);
    }
    if (!trial) return;
    load.emit(trial);
    const held = trial.missed.length === 0 && trial.generatorLimited === undefined;
    if (held) kept = rate;
    else missed = rate;
    if (held && rate >= settings.to) return;
    if (missed !== Infinity && missed - kept <= missed * settings.precision) return;
    rate = missed === Infinity ? Math.min(settings.to, rate * 2) : (kept + missed) / 2;
    // The profile allows no rate below the first one.
    if (kept === 0 && rate < settings.from) return;
    if (!held) await recover(load);
  }
}

/** Measures one rate; undefined if the signal aborted. */
async function tryRate(
  settings: SearchSettings,
  rate: number,
  startMs: number,
  load: LoadControl,
): Promise<LoadTrial | undefined> {
  const { workers, seconds, now, signal } = load;
  const share = rate / load.fullRate;
  const fromMs = now() - startMs + AHEAD_MS;
  const measureMs = fromMs + settings.settleMs;
  const endMs = measureMs + settings.holdMs;
  const segment = { startMs: fromMs, endMs, fromRate: share, toRate: share, fromClients: 1, toClients: 1 };
  workers.extend([segment], startMs + measureMs);
  for (let at = fromMs; at < measureMs; at += 1000) {
    await pause(startMs + Math.min(at + 1000, measureMs) - now(), signal);
    if (signal.aborted) return undefined;
    await seconds.cut({ phase: "warm-up", stage: 0 });
  }
  const missingBefore = (await workers.left()).missing;
  const sums = new MetricSums();
  seconds.trial = sums;
  for (let at = measureMs; at < endMs; at += 1000) {
    await pause(startMs + Math.min(at + 1000, endMs) - now(), signal);
    if (signal.aborted) break;
    await seconds.cut({ phase: "measure", stage: 0 });
  }
  seconds.trial = undefined;
  if (signal.aborted) return undefined;
  await countLost(sums, missingBefore, load);
  const lasted = sums.measuredMs / 1000;
  const sentRate = (sums.counts.sent ?? 0) / lasted;
  const missed = [...missedThresholds(load.thresholds, sums)];
  if (sentRate < rate * SENT_SHARE) missed.push(`sent.rate >= ${Math.round(rate * SENT_SHARE)}`);
  const limited = generatorLimit(sums);
  return {
    kind: "load-trial",
    t: now(),
    rate,
    lastedMs: sums.measuredMs,
    sentRate,
    receivedRate: (sums.counts.received ?? 0) / lasted,
    histograms: sums.encoded(),
    counts: sums.counts,
    missed,
    ...(limited === undefined ? {} : { generatorLimited: limited }),
  };
}

/** Adds what a trial lost to its sums. A short wait separates lost messages from those still in transit. */
async function countLost(sums: MetricSums, missingBefore: number, load: LoadControl): Promise<void> {
  const { workers, signal } = load;
  let lost = Infinity;
  for (let waited = 0; lost > 0 && waited <= PATIENCE_MS && !signal.aborted; waited += ASK_MS) {
    if (waited > 0) await pause(ASK_MS, signal);
    lost = Math.max(0, (await workers.left()).missing - missingBefore);
  }
  sums.counts.lost = (sums.counts.lost ?? 0) + lost;
  sums.counts.due = (sums.counts.received ?? 0) + sums.counts.lost;
}

/** Waits until the queues that a rate has built up are empty. */
async function recover({ workers, seconds, now, signal }: LoadControl): Promise<void> {
  const until = now() + RECOVER_MS;
  let cutMs = now() + 1000;
  while (!signal.aborted && now() < until) {
    if ((await workers.left()).left === 0) return;
    await pause(100, signal);
    if (now() < cutMs) continue;
    await seconds.cut({ phase: "drain", stage: 0 });
    cutMs += 1000;
  }
}
