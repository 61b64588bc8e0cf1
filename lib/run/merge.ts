import { defined } from "../ground/defined.ts";
import { Histogram } from "./histogram.ts";
import type { RunEnded, RunEvent, RunStarted } from "./event.ts";
import type { LoadEnded, LoadEvent, LoadFault, LoadSecond, LoadStarted } from "./load_event.ts";
import { foldLoad, loadHolds } from "./load_result.ts";
import { addCounts, addReasons, type Counts, type Metric, METRIC_NAMES } from "./metrics.ts";

/** The journal of one shard, with a name for messages. */
export interface ShardJournal {
  readonly name: string;
  readonly events: readonly RunEvent[];
}

/** The journal of the whole load, or why the shards do not form one. */
export type Merged =
  | {
    readonly events: readonly RunEvent[];
    /** How far apart the shards started, in milliseconds by the machines' clocks. */
    readonly apartMs: number;
  }
  | { readonly problems: readonly string[] };

interface Shard {
  readonly name: string;
  readonly run: RunStarted;
  readonly load: LoadStarted;
  readonly seconds: readonly LoadSecond[];
  readonly faults: readonly LoadFault[];
  readonly ended: LoadEnded;
  readonly runEnded: RunEnded;
}

/**
 * Merges the shards of one load into the journal that a run without shards would have written. Counts and
 * histograms are added second by second; readers of the journal judge thresholds on the sum. All shards must
 * be present, once and complete, with the same profile, seed, version and brokers. Never throws.
 */
export function mergeShards(journals: readonly ShardJournal[]): Merged {
  const problems: string[] = [];
  const shards: Shard[] = [];
  for (const journal of journals) {
    const shard = shardOf(journal);
    if (typeof shard === "string") problems.push(shard);
    else shards.push(shard);
  }
  const [first] = shards;
  if (!first || problems.length > 0) return { problems };
  problems.push(
    ...missing(shards),
    ...shards.slice(1).flatMap((shard) => differences(first, shard)),
    ...shards.flatMap(unreadable),
  );
  if (problems.length > 0) return { problems };
  const sorted = shards.toSorted((a, b) => (a.load.shard?.index ?? 0) - (b.load.shard?.index ?? 0));
  const begins = sorted.map(({ run, load }) => Date.parse(run.startedAt) + load.t);
  return { events: added(sorted), apartMs: Math.max(...begins) - Math.min(...begins) };
}

function shardOf({ name, events }: ShardJournal): Shard | string {
  const run = events.find((event) => event.kind === "run-started");
  const load = events.find((event) => event.kind === "load-started");
  const ended = events.find((event) => event.kind === "load-ended");
  const runEnded = events.find((event) => event.kind === "run-ended");
  if (!run || !load) return `"${name}" is not a journal of a load`;
  if (!load.shard) return `"${name}" is a whole load, not a shard of one`;
  const { index, of } = load.shard;
  if (!Number.isInteger(index) || !Number.isInteger(of) || index < 1 || index > of || of > MOST_SHARDS) {
    return `"${name}" is shard ${index} of ${of}; expected at most ${MOST_SHARDS} shards`;
  }
  if (events.some((event) => event.kind === "load-trial")) {
    return `"${name}" is a search, which has no shards`;
  }
  if (!ended || !runEnded) return `"${name}" is incomplete`;
  return {
    name,
    run,
    load,
    seconds: events.filter((event) => event.kind === "load-second"),
    faults: events.filter((event) => event.kind === "load-fault"),
    ended,
    runEnded,
  };
}

/** The most shards of a load, more than any scheduler starts. */
const MOST_SHARDS = 999_999;
/** How many missing shards are listed. */
const MOST_NAMED = 20;

/** Returns which shards are missing, and which occur twice. */
function missing(shards: readonly Shard[]): readonly string[] {
  const of = shards[0]?.load.shard?.of ?? 0;
  const by = Map.groupBy(shards, ({ load }) => load.shard?.index ?? 0);
  const twice = [...by.values()].filter((same) => same.length > 1)
    .map((same) =>
      `shard ${same[0]?.load.shard?.index} occurs ${same.length} times: ${same.map(quoted).join(", ")}`
    );
  const absent = Array.from({ length: of }, (_, n) => n + 1).filter((index) => !by.has(index));
  if (absent.length === 0) return twice;
  return [
    ...twice,
    `of ${of} shards ${absent.length === 1 ? "one is" : "some are"} missing: ${
      absent.slice(0, MOST_NAMED).join(", ")
    }${absent.length > MOST_NAMED ? ` and ${absent.length - MOST_NAMED} more` : ""}`,
  ];
}

/** Returns the histograms of a shard that cannot be added. */
function unreadable({ name, seconds, ended }: Shard): readonly string[] {
  const parts = [
    ...seconds.map(({ second, histograms }) => ({ where: `second ${second}`, histograms })),
    { where: "the end", histograms: ended.histograms },
  ];
  return parts.flatMap(({ where, histograms }) =>
    METRIC_NAMES.filter((metric) => !isHistogram(histograms[metric]))
      .map((metric) => `"${name}" has an unreadable histogram of ${metric} at ${where}`)
  );
}

function isHistogram(text: string | undefined): boolean {
  try {
    if (text !== undefined) Histogram.decode(text);
    return true;
  } catch {
    return false;
  }
}

function quoted({ name }: Shard): string {
  return `"${name}"`;
}

function differences(first: Shard, shard: Shard): readonly string[] {
  const found: string[] = [];
  const same = (what: string, a: unknown, b: unknown) => {
    if (JSON.stringify(a) !== JSON.stringify(b)) {
      found.push(`"${shard.name}" has another ${what} than "${first.name}"`);
    }
  };
  same("number of shards", first.load.shard?.of, shard.load.shard?.of);
  same("profile", first.load.profile, shard.load.profile);
  same("seed", first.run.seed, shard.run.seed);
  same("version of attest", first.run.attest, shard.run.attest);
  same("protocol", first.load.protocol, shard.load.protocol);
  same("mode", [first.load.mode, first.load.pauseMs], [shard.load.mode, shard.load.pauseMs]);
  same("plan of stages", first.load.stages, shard.load.stages);
  same("list of thresholds", first.load.thresholds, shard.load.thresholds);
  return found;
}

function added(shards: readonly Shard[]): readonly RunEvent[] {
  const [first] = shards;
  if (!first) return [];
  const { shard: _, ...load } = first.load;
  // Shards take different times to connect but start their stages together, so their seconds are aligned
  // there.
  const connecting = shards.map(({ seconds }) => seconds.filter(({ phase }) => phase === "connect").length);
  const longest = Math.max(...connecting);
  const meeting = shards.flatMap(({ seconds }, n) =>
    seconds.map((one) => ({ ...one, second: one.second - (connecting[n] ?? 0) + longest }))
  );
  const bySecond = Map.groupBy(meeting, ({ second }) => second);
  const seconds = [...bySecond.entries()].toSorted(([a], [b]) => a - b).map(([, same]) => addSeconds(same));
  const ends = shards.map(({ ended }) => ended);
  const limited = shards.filter(({ ended }) => ended.generatorLimited !== undefined);
  const last = Math.max(...shards.map(({ ended }) => ended.t));
  const loads: LoadEvent[] = [
    {
      ...load,
      workers: shards.reduce((sum, shard) => sum + shard.load.workers, 0),
      limits: { ...load.limits, shards: shards.map(({ name }) => name).join(", ") },
    },
    ...seconds,
    ...shards.flatMap(({ faults }) => faults),
    {
      kind: "load-ended",
      t: last,
      counts: sum(ends.map(({ counts }) => counts)),
      measured: sum(ends.map(({ measured }) => measured)),
      measuredMs: Math.max(...ends.map(({ measuredMs }) => measuredMs)),
      reasons: sumReasons(ends),
      histograms: addHistograms(ends),
      ...defined({
        generatorLimited: limited.length > 0
          ? limited.map(({ name, ended }) => `${name}: ${ended.generatorLimited}`).join("; ")
          : undefined,
      }),
    },
  ];
  const interrupted = shards.some(({ runEnded }) => runEnded.interrupted);
  return [first.run, ...loads, { kind: "run-ended", t: last, interrupted, exit: exitOf(shards, loads) }];
}

/**
 * Returns the exit status of the whole load. Thresholds apply to the sum, not to a shard; a broken harness or
 * an interruption of one shard applies to all.
 */
function exitOf(shards: readonly Shard[], loads: readonly LoadEvent[]): number {
  const own = Math.max(...shards.map(({ runEnded }) => runEnded.exit));
  if (own > 1) return own;
  const load = foldLoad(loads);
  return load && loadHolds(load) ? 0 : 1;
}

function addSeconds(same: readonly LoadSecond[]): LoadSecond {
  const [first] = same;
  if (!first) throw new RangeError("A second of no shard");
  const broker = same.flatMap(({ health }) => health.brokerCpu ?? []);
  return {
    ...first,
    t: Math.max(...same.map(({ t }) => t)),
    lastedMs: Math.max(...same.map(({ lastedMs }) => lastedMs)),
    connected: same.reduce((all, { connected }) => all + connected, 0),
    counts: sum(same.map(({ counts }) => counts)),
    reasons: sumReasons(same),
    histograms: addHistograms(same),
    health: defined({
      cpu: same.reduce((all, { health }) => all + health.cpu, 0),
      memory: same.reduce((all, { health }) => all + health.memory, 0),
      brokerCpu: broker.length > 0 ? Math.max(...broker) : undefined,
    }),
  };
}

function sum(all: readonly Counts[]): Counts {
  const counts: Counts = {};
  for (const one of all) addCounts(counts, one);
  return counts;
}

function sumReasons(
  all: readonly { readonly reasons: Readonly<Record<string, number>> }[],
): Record<string, number> {
  const reasons: Record<string, number> = {};
  for (const one of all) addReasons(reasons, one.reasons);
  return reasons;
}

function addHistograms(
  all: readonly { readonly histograms: LoadSecond["histograms"] }[],
): Partial<Record<Metric, string>> {
  const added: Partial<Record<Metric, string>> = {};
  for (const metric of METRIC_NAMES) {
    const texts = all.flatMap(({ histograms }) => histograms[metric] ?? []);
    const [only] = texts;
    if (texts.length === 1 && only !== undefined) added[metric] = only;
    if (texts.length < 2) continue;
    const sum = new Histogram();
    for (const text of texts) sum.add(Histogram.decode(text));
    added[metric] = sum.encode();
  }
  return added;
}
