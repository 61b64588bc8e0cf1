import type { LoadResult } from "../../lib/run/load_result.ts";
import type { RunResult } from "../../lib/run/result.ts";
import { visible } from "../../lib/ground/text.ts";
import { figuresOf } from "./figures.ts";
import { conditionsOf } from "./junit.ts";

type LoadRun = RunResult & { readonly load: LoadResult };

/** A load as TAP 14: a line for each threshold and each promise. */
export function renderLoadTap(result: LoadRun): string {
  const conditions = conditionsOf(result.load);
  const lines = ["TAP version 14", `1..${conditions.length}`];
  for (const [index, { kind, name, verdict, found }] of conditions.entries()) {
    const text = `${kind} ${name}`.replaceAll("\\", "\\\\").replaceAll("#", "\\#");
    lines.push(`${verdict === "pass" ? "ok" : "not ok"} ${index + 1} - ${visible(text)}`);
    lines.push(`# ${visible(found)}`);
  }
  if (result.interrupted) lines.push("Bail out! The run was interrupted");
  else if (!result.complete) lines.push("Bail out! The run did not end");
  return lines.join("\n") + "\n";
}

/** A load as Markdown: its conditions and its figures. */
export function renderLoadMarkdown(result: LoadRun): string {
  const { load } = result;
  const cell = (text: string) => visible(text).replaceAll("|", "\\|").replaceAll("<", "&lt;");
  const lines = [
    `# Load report: ${cell(load.profile.title)}`,
    "",
    ...(load.generatorLimited === undefined
      ? []
      : [`**Generator-limited: ${cell(load.generatorLimited)}**`, ""]),
    `attest ${cell(result.attest.version)}, seed ${result.seed}, ${cell(result.startedAt)}, ${
      (load.measuredMs / 1000).toFixed(1)
    } s measured`,
    "",
    "| condition | found | verdict |",
    "|---|---|---|",
    ...conditionsOf(load).map(({ name, found, verdict }) =>
      `| ${cell(name)} | ${cell(found)} | ${verdict} |`
    ),
    "",
    "| figure | value |",
    "|---|---:|",
    ...figuresOf(load).map(({ name, shown }) => `| ${name} | ${shown} |`),
    "",
  ];
  return lines.join("\n");
}
