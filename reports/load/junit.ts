import { seconds, timestamp } from "../junit.ts";
import { attribute } from "../xml.ts";
import { conditionsOf } from "./condition.ts";
import type { LoadRun } from "./load_run.ts";

/** A load as JUnit XML: a test case for each threshold and each promise. What is inconclusive is a failure there. */
export function renderLoadJunit(result: LoadRun): string {
  const { load } = result;
  const conditions = conditionsOf(load);
  const bad = conditions.filter(({ verdict }) => verdict !== "pass").length;
  const time = seconds(result.durationMs);
  const counts = `tests="${conditions.length}" failures="${bad}" errors="0" skipped="0" time="${time}"`;
  const at = timestamp(result.startedAt);
  const lines = [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="attest" ${counts}>`,
    `  <testsuite name="${attribute(`${load.profile.name} @ ${load.brokers.join(", ")}`)}" ${counts}${
      at === undefined ? "" : ` timestamp="${at}"`
    }>`,
  ];
  for (const { kind, name, verdict, found } of conditions) {
    const head = `    <testcase name="${attribute(name)}" classname="${
      attribute(`${load.profile.name}.${kind}`)
    }" time="0"`;
    if (verdict === "pass") lines.push(`${head}/>`);
    else {
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
  if (!result.complete) lines.push("<!-- the run did not end -->");
  lines.push("</testsuites>", "");
  return lines.join("\n");
}
