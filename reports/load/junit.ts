import { NOTHING } from "../../lib/run/load_result.ts";
import { seconds, timestamp, troubleSuite } from "../junit.ts";
import { troubleOf } from "../run_trouble.ts";
import { attribute } from "../xml.ts";
import { conditionsOf } from "./condition.ts";
import type { LoadRun } from "./load_run.ts";

/**
 * A load as JUnit XML: a test case for each threshold and each promise. An inconclusive condition is a failure, a condition
 * with nothing to judge is skipped, and a problem of the whole run is a separate suite.
 */
export function renderLoadJunit(result: LoadRun): string {
  const { load } = result;
  const conditions = conditionsOf(load);
  const count = (...verdicts: readonly string[]) =>
    conditions.filter(({ verdict }) => verdicts.includes(verdict)).length;
  const trouble = troubleOf(result);
  const time = seconds(result.durationMs);
  const numbers = `tests="${conditions.length}" failures="${
    count("fail", "inconclusive")
  }" errors="0" skipped="${count("skip")}" time="${time}"`;
  const all = `tests="${conditions.length + (trouble ? 1 : 0)}" failures="${
    count("fail", "inconclusive") + (trouble?.kind === "failure" ? 1 : 0)
  }" errors="${trouble?.kind === "error" ? 1 : 0}" skipped="${count("skip")}" time="${time}"`;
  const targets = result.targets.map(({ name }) => name).join("+");
  const at = timestamp(result.startedAt);
  const lines = [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="attest" ${all}>`,
    `  <testsuite name="${attribute(`${load.profile.name} @ ${load.brokers.join(", ")}`)}" ${numbers}${
      at === undefined ? "" : ` timestamp="${at}"`
    }>`,
  ];
  for (const { kind, name, verdict, found } of conditions) {
    const head = `    <testcase name="${attribute(name)}" classname="${
      attribute([targets, load.profile.name, kind].filter((part) => part !== "").join("."))
    }" time="0"`;
    if (verdict === "pass") lines.push(`${head}/>`);
    else if (verdict === "skip") {
      lines.push(`${head}>`, `      <skipped message="${NOTHING}"/>`, "    </testcase>");
    } else {
      const limited = load.generatorLimited === undefined
        ? ""
        : `; generator-limited: ${load.generatorLimited}`;
      lines.push(
        `${head}>`,
        `      <failure message="${attribute(found + limited)}" type="${verdict}"/>`,
        "    </testcase>",
      );
    }
  }
  lines.push("  </testsuite>");
  if (trouble) lines.push(...troubleSuite(result, trouble));
  lines.push("</testsuites>", "");
  return lines.join("\n");
}
