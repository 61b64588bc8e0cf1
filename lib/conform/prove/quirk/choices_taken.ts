import { type Choice, choicesIn } from "../../../suite/file/choices.ts";
import type { TargetFile } from "../../../target/target_file.ts";
import { plan, type PlannedCase, waits } from "../../plan.ts";
import { meeting, type PointRecord } from "./points.ts";
import { alone, protocolsOf, type Quirk } from "./quirk.ts";
import { QuirkBench, type QuirkBenchOptions } from "./quirk_bench.ts";

/** The options for finding out which choices a broker takes. */
export interface ChoicesTakenOptions extends QuirkBenchOptions {
  readonly target: TargetFile;
  /** The protocol in which the cases run. */
  readonly protocol: string;
  readonly quirks: readonly Quirk[];
  /** The decisions that the cases ask for, so that only cases that can encounter a quirk run with it. */
  readonly record: PointRecord;
  /** Called with the name of each implementation before it runs. */
  readonly onRun?: ((name: string) => void) | undefined;
}

/** A choice in the suites, and what takes each of its members. */
export interface TakenChoice extends Choice {
  /** For each member, in order: `usual` if the broker without quirks takes it, or the quirks that do. */
  readonly by: readonly (readonly string[])[];
}

/** How many implementations run at once. */
const AT_ONCE = 6;
/** The broker without quirks. */
const USUAL = "usual";

/**
 * Runs the cases on the reference broker without and with each of its quirks, and returns for each choice in the cases
 * what takes each member. A quirk runs only with cases that have a member which the usual broker takes in no case.
 */
export async function choicesTaken(options: ChoicesTakenOptions): Promise<readonly TakenChoice[]> {
  const { target, protocol, quirks, record, onRun } = options;
  const selection = { ...options.plan.selection, protocols: [protocol] };
  const bench = new QuirkBench(
    { ...options, plan: { ...options.plan, selection } },
    () => performance.now(),
  );
  const cases = plan(target, { ...options.plan, selection }).filter(({ skip }) => skip === undefined);
  const choices = new Map<string, Choice>();
  const choicesOf = new Map<string, readonly Choice[]>();
  for (const { case: one } of cases) {
    const own = choicesIn(one.steps);
    choicesOf.set(one.id, own);
    for (const choice of own) choices.set(keyOf(choice), choice);
  }
  const taken = new Map<string, Set<string>>();
  const run = async (name: string, quirk: Quirk | undefined, ids: ReadonlySet<string>) => {
    onRun?.(name);
    const own = new Set<string>();
    const pick = (all: readonly PlannedCase[]) => all.filter((one) => ids.has(one.case.id));
    const set = { name, quirks: quirk ? [quirk] : [] };
    await bench.run(target, set, pick, () => {}, undefined, (places) => {
      for (const place of places) own.add(place);
    });
    for (const place of own) taken.set(place, (taken.get(place) ?? new Set()).add(name));
  };
  await run(USUAL, undefined, new Set(choicesOf.keys()));
  const open = openCases(cases, choicesOf, new Set(taken.keys()));
  const queue = alone(quirks).filter((set) => protocolsOf(set)?.has(protocol) ?? true)[Symbol.iterator]();
  await Promise.all(Array.from({ length: AT_ONCE }, async () => {
    for (const set of queue) {
      if (options.signal.aborted) return;
      const { some, any } = meeting(record, set);
      const ids = any ? open : open.intersection(some);
      if (ids.size > 0) await run(set.name, set.quirks[0], ids);
    }
  }));
  return [...choices.values()].map((choice) => ({
    ...choice,
    by: choice.members.map(({ at }) => [...taken.get(at) ?? []]),
  }));
}

/** How many cases stand for the choices that read alike. */
const ALIKE = 3;

/** Returns ids of cases in which each choice that reads alike occurs, if a member of it is not taken; quick cases first. */
function openCases(
  cases: readonly PlannedCase[],
  choicesOf: ReadonlyMap<string, readonly Choice[]>,
  taken: ReadonlySet<string>,
): ReadonlySet<string> {
  const closed = new Set<string>();
  for (const choice of [...choicesOf.values()].flat()) {
    for (const { at, text } of choice.members) {
      if (taken.has(at)) closed.add(`${choiceText(choice)}: ${text}`);
    }
  }
  const counts = new Map<string, number>();
  const open = new Set<string>();
  for (const { case: one } of cases.toSorted((a, b) => Number(waits(a.case)) - Number(waits(b.case)))) {
    for (const choice of choicesOf.get(one.id) ?? []) {
      const text = choiceText(choice);
      const count = counts.get(text) ?? 0;
      if (count >= ALIKE || choice.members.every((member) => closed.has(`${text}: ${member.text}`))) continue;
      counts.set(text, count + 1);
      open.add(one.id);
    }
  }
  return open;
}

/** Returns a choice as it reads: choices of several cases with one text are alike. */
export function choiceText({ what, members }: Choice): string {
  return `${what}: ${members.map(({ text }) => text).join(" | ")}`;
}

function keyOf({ what, members }: Choice): string {
  return `${what} ${members.map(({ at }) => at).join(" ")}`;
}
