/**
 * Writes the expectation file of a broker or client library from a run, and the page of its faults from its fault list:
 *
 *     deno task conform 'mqtt/*' --target rabbitmq --no-expect --out results/rabbitmq
 *     deno task expectations rabbitmq results/rabbitmq/result.json
 *
 * The page ends with the findings of the first run beside the faults: each difference between the two is listed.
 *
 * You can give the results of several runs: a deviation that is not in all of them gets `sometimes`. Reasons already in the
 * file are kept. If a deviation has no reason and matches no fault of the list, it is printed and gets the message of the run
 * as its reason: somebody must still reproduce it by hand.
 */
import {
  formatExpectations,
  type KnownDeviation,
  loadExpectations,
} from "../../lib/target/expectation_file.ts";
import type { KnownFinding } from "../../lib/target/known_finding.ts";
import { besideFaults, type ShownFinding } from "./beside.ts";
import { explained, type Judged, UNPROVEN } from "./deviations.ts";
import { readFaults } from "./faults.ts";
import { faultsPage } from "./page.ts";

const ROOT = new URL("../../", import.meta.url);

const USAGE = "deno task expectations TARGET RESULT.json…";

if (import.meta.main) {
  const [target, ...results] = Deno.args;
  if (target === undefined || target.startsWith("-") || results.length === 0) {
    console.error(`expected a target and the result.json of at least one run: ${USAGE}`);
    Deno.exit(2);
  }
  const { list, all } = await readFaults(target);
  const runs = await Promise.all(results.map((result) => readRun(target, result)));
  const before = await readBefore(target);
  const { expectations, unexplained, found } = explained(
    runs.map(({ cases }) => cases),
    all,
    before.expectations,
  );
  const beside = besideFaults(runs[0]?.findings ?? [], all, found);
  await Deno.writeTextFile(
    new URL(`expectations/${target}.yaml`, ROOT),
    formatExpectations(target, expectations, before.findings),
  );
  await Deno.writeTextFile(
    new URL(`docs/reference/faults-${target}.md`, ROOT),
    faultsPage(target, list, found, beside, expectations),
  );
  console.log(`${expectations.length} deviations of ${target}, ${unexplained.length} of them unexplained`);
  for (const one of unexplained) console.log(`  ${one.id} (${one.protocol})  ${one.reason}`);
  console.log(
    `${beside.findings.length} findings: ${beside.unexplained.length} unexplained, ${beside.joined.length} of several faults; ` +
      `${beside.split.length} faults in several findings, ${beside.unseen.length} in none`,
  );
}

/** The case runs of a target in a result.json, and their findings. */
async function readRun(
  target: string,
  file: string,
): Promise<{ readonly cases: readonly Judged[]; readonly findings: readonly ShownFinding[] }> {
  const run: {
    readonly cases: readonly (Judged & { readonly n: number })[];
    readonly findings: readonly (Omit<ShownFinding, "cases"> & {
      readonly target: string;
      readonly cases: readonly number[];
    })[];
  } = JSON.parse(await Deno.readTextFile(file));
  const byNumber = new Map(run.cases.map((one) => [one.n, one]));
  return {
    cases: run.cases.filter((one) => one.target === target),
    findings: run.findings.filter((one) => one.target === target).map((one) => ({
      ...one,
      cases: one.cases.flatMap((n) => byNumber.get(n) ?? []),
    })),
  };
}

/** The reasons that the file gives now; they take precedence over the list of faults. */
async function readBefore(target: string): Promise<{
  readonly expectations: readonly KnownDeviation[];
  readonly findings: readonly KnownFinding[];
}> {
  const url = new URL(`expectations/${target}.yaml`, ROOT);
  const text = await Deno.readTextFile(url).catch(() => "");
  const { expectations, findings } = loadExpectations(text, `${target}.yaml`, () => true);
  return { expectations: expectations.filter(({ reason }) => !reason.startsWith(UNPROVEN)), findings };
}
