import { messageOf } from "../../ground/error_message.ts";
import type { RunEvent, TargetStarted } from "../../run/event.ts";
import { exitCode } from "../../run/exit_code.ts";
import type { LoadEvent, LoadStarted } from "../../run/load_event.ts";
import { foldLoad, loadHolds } from "../../run/load_result.ts";
import { tally as countStandings } from "../../run/standing.ts";
import { generatorLimit } from "../engine/generator_limit.ts";
import type { MetricSums } from "../engine/metric_sums.ts";
import type { Layout } from "../executor/executor.ts";
import type { Profile } from "../profile/profile.ts";
import { type Machine, readMachine } from "./machine.ts";
import { SecondKeeper, type SecondSeen, type WorkerSecond } from "./second_keeper.ts";

/** What every load needs to run, whether it drives brokers or a module. */
export interface RunOptions {
  readonly profile: Profile;
  readonly seed: number;
  readonly version: string;
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly emit: (event: RunEvent) => void;
  /** Called with each second, for a live view. */
  readonly seen: (seen: SecondSeen) => void;
  /** Called with a sentence that says what the run waits for. */
  readonly notice?: ((text: string) => void) | undefined;
  /** Ends the load normally. */
  readonly signal: AbortSignal;
}

/** What a load adds to its `load-started` event. */
export type StartFacts =
  & Pick<LoadStarted, "pauseMs" | "workers" | "clients" | "brokers" | "limits">
  & { readonly layout: Layout; readonly shard?: LoadStarted["shard"] | undefined };

/**
 * Runs a load from its first event to its last, and returns the exit status. `preflight` may throw before anything is
 * emitted. `drive` does the work; it returns why the load could not be done, or undefined.
 */
export async function runLoad(
  options: RunOptions,
  preflight: (machine: Machine) => void,
  drive: (run: RunningLoad) => Promise<string | undefined>,
): Promise<number> {
  const machine = await readMachine();
  preflight(machine);
  const run = new RunningLoad(options, machine);
  await using _resources = run.resources;
  options.emit({
    kind: "run-started",
    format: 1,
    attest: options.version,
    what: "load",
    seed: options.seed,
    startedAt: new Date(run.epochMs).toISOString(),
    command: options.command,
    environment: options.environment,
    planned: 0,
  });
  let reason: string | undefined;
  try {
    reason = await drive(run);
  } catch (error) {
    reason = messageOf(error);
  }
  const interrupted = options.signal.aborted;
  if (interrupted) reason = run.gap;
  const exit = exitCode({
    totals: countStandings([]),
    interrupted,
    broken: reason !== undefined,
    thresholdsHold: run.holds,
  });
  options.emit({
    kind: "run-ended",
    t: run.now(),
    interrupted,
    exit,
    ...(reason === undefined ? {} : { reason }),
  });
  return exit;
}

/** A load that is running: its clock, its events, and the resources that it has taken. */
export class RunningLoad {
  /** When the run began, in milliseconds since 1970. */
  readonly epochMs = Date.now();
  readonly machine: Machine;
  /** What is missing from the counts, and why; an interrupted run reports it too. */
  gap: string | undefined;
  /** Released after the last event of the run. */
  readonly resources = new AsyncDisposableStack();
  readonly #options: RunOptions;
  readonly #zero = performance.now();
  /** The events that decide the exit status; seconds are added up as they arrive. */
  readonly #events: LoadEvent[] = [];

  constructor(options: RunOptions, machine: Machine) {
    this.#options = options;
    this.machine = machine;
  }

  /** Milliseconds since the run began. */
  readonly now = (): number => performance.now() - this.#zero;

  /** Records an event of the load. */
  readonly emit = (event: LoadEvent): void => {
    if (event.kind !== "load-second") this.#events.push(event);
    this.#options.emit(event);
  };

  /** Whether the thresholds and promises hold so far as they can be judged. */
  get holds(): boolean {
    const result = foldLoad(this.#events);
    return result !== undefined && loadHolds(result);
  }

  /** Records that a target is reached. */
  targetStarted(target: Omit<TargetStarted, "t">): void {
    this.#options.emit({ ...target, t: this.now() });
  }

  /** Records that the load starts: what the profile says, and what the run adds. */
  started({ layout, shard, limits, ...facts }: StartFacts): void {
    const { profile } = this.#options;
    const { name, title, file, text } = profile;
    this.emit({
      kind: "load-started",
      t: this.now(),
      profile: { name, title, file, text },
      executor: profile.executor.name,
      mode: profile.mode,
      pauseMs: facts.pauseMs,
      protocol: profile.protocol,
      workers: facts.workers,
      clients: facts.clients,
      brokers: facts.brokers,
      warmUpMs: profile.warmUpMs,
      plannedMs: layout.segments.at(-1)?.endMs ?? 0,
      stages: layout.planned,
      thresholds: profile.thresholds.map(({ expression }) => expression),
      ...(shard === undefined ? {} : { shard }),
      limits,
    });
  }

  /**
   * Begins to record seconds. `take` returns what was counted since its last call, `pids` are processes of the target,
   * `check` is called with each second.
   */
  seconds(
    take: () => Promise<readonly WorkerSecond[]>,
    pids: readonly number[],
    check: (seen: SecondSeen) => void = () => {},
  ): SecondKeeper {
    const seen = (one: SecondSeen) => {
      this.#options.seen(one);
      check(one);
    };
    return new SecondKeeper(take, this.now, this.emit, seen, pids);
  }

  /**
   * Records what the whole load has measured. `endedEarly` says why it ended before its stages did, `sys` is the
   * broker's own count.
   */
  ended(total: MetricSums, endedEarly?: string, sys?: Readonly<Record<string, number>>): void {
    const limited = this.#options.profile.executor.trials ? undefined : generatorLimit(total);
    this.emit({
      kind: "load-ended",
      t: this.now(),
      counts: total.counts,
      measured: total.measured,
      measuredMs: total.measuredMs,
      reasons: total.reasons,
      histograms: total.encoded(),
      ...(limited === undefined ? {} : { generatorLimited: limited }),
      ...(endedEarly === undefined ? {} : { endedEarly }),
      ...(sys === undefined ? {} : { sys }),
    });
  }
}
