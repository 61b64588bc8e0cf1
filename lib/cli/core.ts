import { PROOFS, readProofs } from "../catalog/proofs.ts";
import type { NamedTarget } from "../catalog/targets.ts";
import { coreCases } from "../conform/core_cases.ts";
import type { CaseRun, PlannedCase } from "../conform/plan.ts";

/** The most case runs of a core run, by kind of target. */
const MOST = { broker: 200, module: 120 };

/** The embedded implementations with recorded proofs of which case notices which fault. */
const PROVED = {
  broker: ["reference", "reference-limited", "reference-talkative", "reference-secured"],
  module: ["virtual-module", "qmt"],
};

/** Selects the core from the planned case runs of each target. Throws UsageError for a proof that can't be read. */
export async function coreOnly(
  targets: readonly NamedTarget[],
  planned: readonly (readonly PlannedCase[])[],
): Promise<(run: CaseRun) => boolean> {
  const chosen = new Set<string>();
  for (const [at, { file }] of targets.entries()) {
    const kind = file.tests === "module" ? "module" : "broker";
    const proofs = await readProofs(PROOFS, PROVED[kind]);
    const defects = new Map(
      [...proofs].flatMap(([target, record]) =>
        [...record].map(([defect, ids]) => [`${target} ${defect}`, ids] as const)
      ),
    );
    for (const { case: { id }, protocol } of coreCases(planned[at] ?? [], defects, MOST[kind])) {
      chosen.add(keyOf({ id, protocol, target: file.name }));
    }
  }
  return (run) => chosen.has(keyOf(run));
}

function keyOf({ id, protocol, target }: CaseRun): string {
  return JSON.stringify([id, protocol, target]);
}
