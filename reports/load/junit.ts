import type { LoadResult } from "../../lib/run/load_result.ts";
import type { RunResult } from "../../lib/run/result.ts";
import { visible } from "../../lib/ground/text.ts";

/** One condition of a load: a threshold, or something that QoS and session promise. */
export interface Condition {
  readonly kind: "threshold" | "promise";
  readonly name: string;
  readonly verdict: "pass" | "fail" | "inconclusive";
  /** What was found, in words. */
  readonly found: string;
}

/** All conditions of a load. */
export function conditionsOf(load: LoadResult): readonly Condition[] {
  return [
    ...load.thresholds.map(({ expression, verdict, shown }): Condition => ({
      kind: "threshold",
      name: expression,
      verdict,
      found: `measured: ${shown}`,
    })),
    ...load.promises.map(({ name, verdict, broken, text }): Condition => ({
      kind: "promise",
      name,
      verdict,
      found: `${text}: ${broken === 0 ? "kept" : `broken ${broken} times`}`,
    })),
  ];
}

/** A load as JUnit XML: a test case for each threshold and each promise. What is inconclusive is a failure there. */
export function renderLoadJunit(result: RunResult & { readonly load: LoadResult }): string {
  const { load } = result;
  const conditions = conditionsOf(load);
  const bad = conditions.filter(({ verdict }) => verdict !== "pass").length;
  const time = (result.durationMs / 1000).toFixed(3);
  const counts = `tests="${conditions.length}" failures="${bad}" errors="0" skipped="0" time="${time}"`;
  const at = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/.exec(result.startedAt)?.[0];
  const lines = [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="attest" ${counts}>`,
    `  <testsuite name="${escape(`${load.profile.name} @ ${load.brokers.join(", ")}`)}" ${counts}${
      at === undefined ? "" : ` timestamp="${at}"`
    }>`,
  ];
  for (const { kind, name, verdict, found } of conditions) {
    const head = `    <testcase name="${escape(name)}" classname="${
      escape(`${load.profile.name}.${kind}`)
    }" time="0"`;
    if (verdict === "pass") lines.push(`${head}/>`);
    else {
      const limited = load.generatorLimited === undefined
        ? ""
        : `; generator-limited: ${load.generatorLimited}`;
      lines.push(
        `${head}>`,
        `      <failure message="${escape(found + limited)}" type="${verdict}"/>`,
        "    </testcase>",
      );
    }
  }
  lines.push("  </testsuite>");
  if (!result.complete) lines.push("<!-- the run did not end -->");
  lines.push("</testsuites>", "");
  return lines.join("\n");
}

function escape(text: string): string {
  return visible(text).replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}
