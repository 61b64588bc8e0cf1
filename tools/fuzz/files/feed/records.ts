import { readKnown, writeKnown } from "../../../../lib/catalog/expectations.ts";
import { readPoints, readProofs } from "../../../../lib/catalog/proofs.ts";
import { findTarget } from "../../../../lib/catalog/targets.ts";
import { formatProof } from "../../../../lib/conform/prove/proof_record.ts";
import { formatPoints, loadPoints, meeting } from "../../../../lib/conform/prove/quirk/points.ts";
import { loadProof } from "../../../../lib/conform/prove/proof_record.ts";
import { deviationFor } from "../../../../lib/target/expectation_file.ts";
import { sampleResult } from "../../../../reports/testdata/sample.ts";
import { readShipped } from "./suites.ts";
import { basename } from "node:path";
import { pathToFileURL } from "node:url";

let ids: ReadonlySet<string> | undefined;

/**
 * Reads known deviations as `conform --expect` does, applies them, and writes them back as `--update-expect`
 * does.
 */
export async function feedExpectations(path: string): Promise<void> {
  const { suites } = await readShipped();
  const known = ids ??= new Set(suites.flatMap((suite) => suite.cases.map(({ id }) => id)));
  const target = await findTarget("reference");
  const read = await readKnown([target], { expect: path }, (id) => known.has(id) || id.startsWith("own/"));
  const expectations = [...read.byTarget.values()].flat();
  for (const one of expectations.slice(0, 50)) deviationFor(expectations, one.case, "5.0");
  const cases = sampleResult().cases.map((one) => ({ ...one, target: target.file.name }));
  await writeKnown(
    { ...read, files: new Map([[target.file.name, pathToFileURL(`${path}.updated`)]]) },
    cases,
  );
}

/** Reads a recorded proof as `prove --recorded` does, and writes it back as `--update` does. */
export async function feedProof(path: string): Promise<void> {
  const { folder, target } = recordAt(path);
  const record = (await readProofs(folder, [target])).get(target) ?? new Map();
  const text = formatProof(target, record);
  again("proof", text, loadProof(text, "made.yaml", target).problems);
}

/** Reads recorded decisions as `prove --quirks --recorded` does, and writes them back as `--update` does. */
export async function feedPoints(path: string): Promise<void> {
  const { folder, target } = recordAt(path);
  const record = (await readPoints(new URL("../", folder), [target])).get(target);
  if (!record) throw new Error(`No record of "${target}" was read`);
  const common = [...record.common, ...record.cases.keys()];
  meeting(record, { name: "all", quirks: [{ id: "all", about: "all", points: common }] });
  const text = formatPoints(target, record);
  again("record of decisions", text, loadPoints(text, "made.yaml", target).problems);
}

function recordAt(path: string): { readonly folder: URL; readonly target: string } {
  const url = pathToFileURL(path);
  return { folder: new URL(".", url), target: basename(path, ".yaml") };
}

function again(what: string, text: string, [problem]: readonly { readonly message: string }[]): void {
  if (problem) throw new Error(`A written ${what} cannot be read: ${problem.message}\n${text}`);
}
