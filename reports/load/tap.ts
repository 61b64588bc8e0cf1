import { visible } from "../../lib/ground/text.ts";
import { ending, escapeDescription } from "../tap.ts";
import { conditionsOf } from "./condition.ts";
import type { LoadRun } from "./load_run.ts";

/** A load as TAP 14: a line for each threshold and each promise. */
export function renderLoadTap(result: LoadRun): string {
  const conditions = conditionsOf(result.load);
  const lines = ["TAP version 14", `1..${conditions.length}`];
  for (const [index, { kind, name, verdict, found }] of conditions.entries()) {
    const text = escapeDescription(visible(`${kind} ${name}`));
    lines.push(`${verdict === "pass" ? "ok" : "not ok"} ${index + 1} - ${text}`);
    lines.push(`# ${visible(found)}`);
  }
  return [...lines, ...ending(result)].join("\n") + "\n";
}
