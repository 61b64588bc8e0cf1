import { visible } from "../../lib/ground/text.ts";
import { ending, escapeDescription } from "../tap.ts";
import { NOTHING } from "../../lib/run/load_result.ts";
import { conditionsOf } from "./condition.ts";
import type { LoadRun } from "./load_run.ts";

/** A load as TAP 14: a line for each threshold and each promise. */
export function renderLoadTap(result: LoadRun): string {
  const conditions = conditionsOf(result.load);
  const lines = ["TAP version 14", `1..${conditions.length}`];
  for (const [index, { kind, name, verdict, found }] of conditions.entries()) {
    const text = escapeDescription(visible(`${kind} ${name}`));
    const ok = verdict === "pass" || verdict === "skip";
    lines.push(
      `${ok ? "ok" : "not ok"} ${index + 1} - ${text}${verdict === "skip" ? ` # SKIP ${NOTHING}` : ""}`,
    );
    lines.push(`# ${visible(found)}`);
  }
  return [...lines, ...ending(result)].join("\n") + "\n";
}
