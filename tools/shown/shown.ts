/**
 * Proves the statements of a version of MQTT, one by one, on the targets that start the reference broker: for each, a
 * target on which a case that covers it passes, and a defect with which a case fails there, in this version:
 *
 *     deno task shown          # the statements of 5.0
 *     deno task shown 3.1.1
 *     deno task shown 5.0 MQTT-3.3.4-7 MQTT-4.9.0-1
 *
 * It ends with 1 if a statement has no such target or no such defect, or a case does not pass or skip without a defect.
 */
import { DEFECTS } from "../../lib/broker/defects.ts";
import { dialectsOf } from "../../lib/catalog/dialects.ts";
import { PROOFS, readProofs } from "../../lib/catalog/proofs.ts";
import { Suites } from "../../lib/catalog/suites.ts";
import { findTarget } from "../../lib/catalog/targets.ts";
import { readUncovered } from "../../lib/catalog/uncovered.ts";
import { type Baseline, proveClauses, type ProvedClause } from "../../lib/conform/prove/clause_proof.ts";
import { dueClauses } from "../../lib/suite/file/due_clauses.ts";
import { reasonUncovered } from "../../lib/suite/file/uncovered.ts";
import type { TargetFile } from "../../lib/target/target_file.ts";

const TARGETS = ["reference", "reference-limited", "reference-talkative", "reference-secured"];

if (import.meta.main) {
  const [protocol = "5.0", ...named] = Deno.args;
  const targets = (await Promise.all(TARGETS.map((name) => findTarget(name))))
    .filter(({ file }) => file.protocols.some((spoken) => spoken === protocol));
  const files = targets.map(({ file }) => file);
  const accounts = await readUncovered();
  const due = dueClauses("broker", protocol).map(({ id }) => id);
  const clauses = due.filter((id) => reasonUncovered(accounts, "broker", protocol, id) === undefined)
    .filter((id) => named.length === 0 || named.includes(id));
  const { baselines, clauses: proved } = await proveClauses({
    targets: files,
    plan: {
      suites: await (await Suites.find()).matching(["mqtt/*"]),
      selection: { filters: named },
      dialects: await dialectsOf(targets),
    },
    record: { version: "", command: [], environment: {} },
    protocol,
    clauses,
    defects: new Map(files.map((file) => [file.name, defectsOn(file)])),
    records: await readProofs(PROOFS, files.map(({ name }) => name)),
    seed: 1,
    emit: () => {},
    signal: new AbortController().signal,
    onRound: (open) => console.error(`${open} statements to break`),
  });
  for (const line of [...rows(proved), ...sums(protocol, baselines, proved)]) console.log(line);
  const sound = baselines.every(({ unsound }) => unsound.length === 0);
  Deno.exit(sound && proved.every(({ breach }) => breach) ? 0 : 1);
}

/** The defects that show on a target that starts the reference broker. */
function defectsOn({ start }: TargetFile) {
  const quirks = start?.kind === "reference-broker" ? start.quirks ?? [] : [];
  return DEFECTS.filter(({ beside = [] }) => beside.every((quirk) => quirks.includes(quirk)));
}

function rows(proved: readonly ProvedClause[]): readonly string[] {
  return proved.map(({ clause, passesOn, breach }) => {
    if (passesOn.length === 0) return `${clause}  not shown on any target`;
    if (!breach) return `${clause}  passes on ${passesOn.join(", ")}; no defect breaks it`;
    const { target, id, defect } = breach;
    return `${clause}  ${target}  ${id}  ${defect}`;
  });
}

function sums(
  protocol: string,
  baselines: readonly Baseline[],
  proved: readonly ProvedClause[],
): readonly string[] {
  const byTarget = baselines.map(({ target, verdicts, unsound }) => {
    const counts = [...verdicts].sort().map(([verdict, count]) => `${count} ${verdict}`).join(", ");
    const pairs = proved.filter(({ breach }) => breach?.target === target).length;
    const doubt = unsound.length === 0 ? "" : `\n    ${unsound.join("\n    ")}`;
    return `${target}: ${counts}; ${pairs} statements proved here${doubt}`;
  });
  const count = (holds: (one: ProvedClause) => boolean) => proved.filter(holds).length;
  return [
    "",
    ...byTarget,
    `${proved.length} statements of ${protocol}: ${
      count(({ breach }) => breach !== undefined)
    } pass and are broken by a ` +
    `defect on the same target; ${
      count((one) => one.passesOn.length > 0 && !one.breach)
    } pass and are broken by none; ` +
    `${count((one) => one.passesOn.length === 0)} not shown`,
  ];
}
