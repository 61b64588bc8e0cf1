import type { RunEvent } from "../../run/event.ts";
import type { ConformOptions } from "../conform.ts";
import { plan, type PlannedCase, waits } from "../plan.ts";
import { type Defect, ProofBench } from "./proof_bench.ts";
import type { ProofRecord } from "./proof_record.ts";

/** The options of a proof of clauses. */
export interface ClauseProofOptions extends Omit<ConformOptions, "repeat" | "forMs"> {
  /** The protocol whose clauses are proved; each case runs in it, also one that exists in others. */
  readonly protocol: string;
  /** The clauses to prove. */
  readonly clauses: readonly string[];
  /** The defects of each target, by its name. */
  readonly defects: ReadonlyMap<string, readonly Defect[]>;
  /** Recorded pairs of a defect and a case, by the name of the target; they are tried first. */
  readonly records: ReadonlyMap<string, ProofRecord>;
  /** Called before each round of trials, with the number of clauses that are still open. */
  readonly onRound?: ((open: number) => void) | undefined;
}

/** A case that passes on a target, and fails there under a defect. */
export interface Breach {
  readonly target: string;
  readonly id: string;
  readonly defect: string;
}

/** A clause, and what the targets show about it. */
export interface ProvedClause {
  readonly clause: string;
  /** The targets on which a case that covers it passes. */
  readonly passesOn: readonly string[];
  /** What breaks it; undefined if no defect does. */
  readonly breach?: Breach | undefined;
}

/** The verdicts of the cases of a target without a defect. */
export interface Baseline {
  readonly target: string;
  readonly verdicts: ReadonlyMap<string, number>;
  /** The cases that failed, were inconclusive or ended in an error. */
  readonly unsound: readonly string[];
}

/** How many pairs are tried for a clause in one round. */
const AT_A_TIME = 4;

interface Candidate {
  readonly bench: ProofBench;
  readonly one: PlannedCase;
  readonly defect: string;
  /** The order in which they are tried. */
  readonly rank: number;
}

/**
 * Proves clauses: on some target a case that covers the clause passes, and fails there with a defect, in the same
 * protocol. Recorded pairs and defects that name the clause are tried first. A pair must fail twice.
 */
export async function proveClauses(options: ClauseProofOptions): Promise<{
  readonly baselines: readonly Baseline[];
  readonly clauses: readonly ProvedClause[];
}> {
  const begin = performance.now();
  const now = () => Math.round((performance.now() - begin) * 1000) / 1000;
  const selection = { ...options.plan.selection, protocols: [options.protocol] };
  const places: { readonly bench: ProofBench; readonly passing: readonly PlannedCase[] }[] = [];
  const baselines: Baseline[] = [];
  for (const file of options.targets) {
    const bench = new ProofBench(options, file, now);
    const verdicts = new Map<string, number>();
    const unsound: string[] = [];
    const ids = new Map<number, string>();
    const passing = await bench.passing(plan(file, { ...options.plan, selection }), (event: RunEvent) => {
      options.emit(event);
      if (event.kind === "case-started") ids.set(event.n, event.id);
      if (event.kind !== "case-ended") return;
      verdicts.set(event.verdict, (verdicts.get(event.verdict) ?? 0) + 1);
      if (event.verdict !== "pass" && event.verdict !== "skip") unsound.push(ids.get(event.n) ?? "");
    });
    places.push({ bench, passing });
    baselines.push({ target: file.name, verdicts, unsound });
  }
  const passesOn = (clause: string) =>
    places.filter(({ passing }) => passing.some((one) => covering(one, clause)));
  const queues = new Map(options.clauses.map((clause) => [
    clause,
    passesOn(clause).flatMap(({ bench, passing }) => candidates(options, clause, bench, passing))
      .sort((a, b) => a.rank - b.rank),
  ]));
  const breaches = await breaking(queues, options.onRound);
  const clauses = options.clauses.map((clause) => ({
    clause,
    passesOn: passesOn(clause).map(({ bench }) => bench.file.name),
    breach: breaches.get(clause),
  }));
  return { baselines, clauses };
}

function covering(one: PlannedCase, clause: string): boolean {
  return one.case.covers[one.protocol]?.includes(clause) ?? false;
}

/** The pairs of a defect and a case that may prove a clause on a target. */
function candidates(
  { defects, records }: ClauseProofOptions,
  clause: string,
  bench: ProofBench,
  passing: readonly PlannedCase[],
): readonly Candidate[] {
  const own = records.get(bench.file.name);
  const all = [...records.values()];
  return passing.filter((one) => covering(one, clause)).flatMap((one) =>
    (defects.get(bench.file.name) ?? []).flatMap((defect): Candidate[] => {
      const names = defect.clauses?.includes(clause) ?? false;
      const recorded = (record: ProofRecord | undefined) => record?.get(defect.id)?.includes(one.case.id);
      const here = recorded(own) ?? false;
      const known = here || all.some(recorded);
      if (!names && !known) return [];
      const rank = (names ? 0 : 10) + (here ? 0 : known ? 1 : 2) + (waits(one.case) ? 0.5 : 0);
      return [{ bench, one, defect: defect.id, rank }];
    })
  );
}

/** Tries the candidates of all clauses in rounds until each clause has a breach or no candidate is left. */
async function breaking(
  queues: ReadonlyMap<string, Candidate[]>,
  onRound: ((open: number) => void) | undefined,
): Promise<ReadonlyMap<string, Breach>> {
  const found = new Map<string, Breach>();
  for (;;) {
    const turn = [...queues].filter(([clause]) => !found.has(clause))
      .map(([clause, queue]) => ({ clause, tried: queue.splice(0, AT_A_TIME) }))
      .filter(({ tried }) => tried.length > 0);
    if (turn.length === 0) return found;
    onRound?.(turn.length);
    const failed = await failing(turn.flatMap(({ tried }) => tried));
    for (const { clause, tried } of turn) {
      const first = tried.find(({ bench, one, defect }) => failed.has(key(bench, defect, one.case.id)));
      if (!first) continue;
      const { bench, one, defect } = first;
      found.set(clause, { target: bench.file.name, id: one.case.id, defect });
    }
  }
}

function key(bench: ProofBench, defect: string, id: string): string {
  return JSON.stringify([bench.file.name, defect, id]);
}

/** Runs pairs, those of one target and defect on one implementation, and returns the keys of those that fail twice. */
async function failing(tried: readonly Candidate[]): Promise<ReadonlySet<string>> {
  const failed = new Set<string>();
  for (const [bench, own] of Map.groupBy(tried, (one) => one.bench)) {
    await bench.each(Map.groupBy(own, (one) => one.defect), async ([defect, pairs]) => {
      const cases = [...new Set(pairs.map(({ one }) => one))];
      const first = new Set((await bench.failing(defect, cases, false)).map(({ id }) => id));
      const certain = await bench.failing(defect, cases.filter((one) => first.has(one.case.id)), true);
      for (const { id } of certain) failed.add(key(bench, defect, id));
    });
  }
  return failed;
}
