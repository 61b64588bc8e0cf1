import { visible } from "../../lib/ground/text.ts";
import { troubleOf } from "../run_trouble.ts";
import { conditionsOf } from "./condition.ts";
import { figuresOf } from "./figures.ts";
import type { LoadRun } from "./load_run.ts";

/** A load as Markdown: its conditions and its figures. */
export function renderLoadMarkdown(result: LoadRun): string {
  const { load } = result;
  const trouble = troubleOf(result);
  const cell = (text: string) => visible(text).replaceAll("|", "\\|").replaceAll("<", "&lt;");
  const lines = [
    `# Load report: ${cell(load.profile.title)}`,
    "",
    ...(trouble ? [`**${cell(trouble.text)}**`, ""] : []),
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
