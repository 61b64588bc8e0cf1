import type { CaseResult } from "../lib/run/result.ts";

/** The name of the column for the implementation under test. */
export const TARGET_LANE = "target";

/**
 * The columns of a case's sequence chart from left to right. The target is the second unless the case says otherwise.
 */
export function columns(one: Pick<CaseResult, "lanes" | "chart">): readonly string[] {
  const lanes = [...new Set(one.lanes)];
  if (!lanes.includes(TARGET_LANE)) lanes.splice(1, 0, TARGET_LANE);
  for (const { lane } of one.chart) if (!lanes.includes(lane)) lanes.push(lane);
  return lanes;
}

/** Whether a lane exchanges AT lines, not MQTT packets. */
export function speaksAt(lane: string): boolean {
  return lane === "dte";
}
