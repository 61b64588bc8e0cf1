/** The verdicts of a virtual module as its user can reach it: in this process, behind a pty, and behind raw TCP. */
import { dialectsOf } from "../../lib/catalog/dialects.ts";
import { readSuites } from "../../lib/catalog/suites.ts";
import { findTargets } from "../../lib/catalog/targets.ts";
import { conform } from "../../lib/conform/conform.ts";
import { behaviourOf } from "../../lib/module/variants.ts";
import { serve } from "../../lib/module/serve.ts";
import type { RunEvent } from "../../lib/run/event.ts";
import { withoutNames } from "../../lib/run/findings.ts";
import { fold, type RunResult } from "../../lib/run/result.ts";
import type { TargetFile } from "../../lib/target/target_file.ts";

/** How a module is reached. */
export const WAYS = ["in-process", "pty", "tcp"] as const;
/** One of {@link WAYS}. */
export type Way = (typeof WAYS)[number];

/** The results of the cases on a module that is reached in one way. */
export interface Reached {
  readonly way: Way;
  /** The verdict of each case run with its reason, by its id and protocol. */
  readonly verdicts: ReadonlyMap<string, string>;
  /** How many case runs there are of each verdict and, of those that are skipped, for each reason. */
  readonly counts: ReadonlyMap<string, number>;
}

/** Runs suites on a shipped target with a virtual module, reached in each of the ways. `patterns` are names or globs; default all. */
export async function reachedBy(
  name: string,
  patterns: readonly string[],
  ways: readonly Way[] = WAYS,
  signal: AbortSignal = new AbortController().signal,
): Promise<readonly Reached[]> {
  const [target] = await findTargets([name], undefined);
  if (!target) throw new Error(`there is no target "${name}"`);
  const [{ suites }, dialects] = [await readSuites(), await dialectsOf([target])];
  const reached: Reached[] = [];
  for (const way of ways) {
    await using served = way === "in-process" ? undefined : await serveLike(target.file, way);
    const file = served ? overLine(target.file, served.address) : target.file;
    const events: RunEvent[] = [];
    await conform({
      targets: [file],
      plan: { suites, selection: { patterns, filters: [] }, dialects },
      record: { version: "0", command: [], environment: {} },
      seed: 7,
      emit: (event) => void (event.kind === "chart" || event.kind === "step" || events.push(event)),
      signal,
    });
    reached.push(summary(way, fold(events)));
  }
  return reached;
}

/** The case runs whose verdict, or its reason, differs from that of the first way: one line each. */
export function differences([first, ...others]: readonly Reached[]): readonly string[] {
  if (!first) return [];
  return others.flatMap(({ way, verdicts }) =>
    [...new Set([...first.verdicts.keys(), ...verdicts.keys()])].flatMap((key) => {
      const [here = "not run", there = "not run"] = [first.verdicts.get(key), verdicts.get(key)];
      return here === there ? [] : [`${key}: ${first.way} ${here}; ${way} ${there}`];
    })
  );
}

function summary(way: Way, { cases }: RunResult): Reached {
  const verdicts = new Map(
    cases.map(({ id, protocol, verdict, reason }) => [
      `${id} (${protocol})`,
      reason === undefined ? verdict : `${verdict}: ${withoutNames(reason)}`,
    ]),
  );
  const counts = new Map<string, number>();
  for (const { verdict, reason } of cases) {
    const key = verdict === "skip" ? `skip: ${reason ?? ""}` : verdict;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return { way, verdicts, counts };
}

/** The same target at the end of a line. */
function overLine({ start: _, ...file }: TargetFile, address: string): TargetFile {
  return { ...file, address: { text: address, place: { file: address, line: 1, column: 1, length: 1 } } };
}

interface ServedModule extends AsyncDisposable {
  readonly address: string;
}

/** Serves the virtual module that a target starts. */
async function serveLike(
  { name, start }: TargetFile,
  way: Exclude<Way, "in-process">,
): Promise<ServedModule> {
  if (start?.kind !== "virtual-module") throw new Error(`the target "${name}" starts no virtual module`);
  const stop = new AbortController();
  const line = Promise.withResolvers<string>();
  const serving = serve({
    behaviour: behaviourOf(start.variant, start.behaviour),
    signal: stop.signal,
    print: (text) => text.startsWith("module on ") ? line.resolve(text.replace(/^.* /, "")) : undefined,
    ...(way === "tcp" ? { tcp: 0 } : {}),
  });
  const address = await line.promise;
  return {
    address: address.startsWith("/") ? `serial:${address}` : address,
    async [Symbol.asyncDispose]() {
      stop.abort();
      await serving;
    },
  };
}
