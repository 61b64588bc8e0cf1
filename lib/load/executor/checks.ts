import { formatDuration } from "../../spec/duration.ts";
import type { Report } from "../../spec/form.ts";
import type { Keys } from "../../spec/form_parts.ts";
import { reportAt } from "../profile/report_at.ts";
import type { Outline } from "./executor.ts";

/** Reports that the key which the executor `name` needs is missing. */
export function requireKey(name: string, key: string, keys: Keys, report: Report): void {
  if (keys.has(key)) return;
  reportAt(keys, report, "profile", `a profile with the executor ${name} without "${key}"`, `add ${key}:`);
}

/** Reports that the executor `name` can't drive a module. */
export function refuseModule(name: string, keys: Keys, report: Report): void {
  if (!keys.has("module")) return;
  reportAt(keys, report, "executor", `the executor ${name} for a module`, "a module is driven by a schedule");
}

/** Reports each group that publishes at no rate. */
export function requireRates({ groups, sound }: Outline, keys: Keys, report: Report): void {
  if (!sound) return;
  for (const { name, role, publish } of groups) {
    if (!publish || publish.rate !== undefined || role === "respond") continue;
    reportAt(
      keys,
      report,
      "groups",
      `the group "${name}" publishes at no rate`,
      "add rate: or rate-per-client:",
    );
  }
}

/** Reports a warm-up that leaves nothing of the stages to measure. */
export function checkWarmUp({ stages, warmUpMs }: Outline, keys: Keys, report: Report): void {
  const totalMs = stages.reduce((sum, stage) => sum + stage.ms, 0);
  if (stages.length === 0 || warmUpMs === 0 || warmUpMs < totalMs) return;
  const [warmUp, total] = [formatDuration(warmUpMs), formatDuration(totalMs)];
  reportAt(
    keys,
    report,
    "warm-up",
    `a warm-up of ${warmUp}, and all stages together last ${total}`,
    "a longer stage or a shorter warm-up leaves something to measure",
  );
}

/** Reports groups whose messages end the load: the executor `name` has an end of its own. */
export function refuseEnds(name: string, { groups, sound }: Outline, keys: Keys, report: Report): void {
  const group = groups.find(({ endsAfter }) => endsAfter !== undefined);
  if (!sound || !group) return;
  const message = `an end by the messages of the group "${group.name}" with the executor ${name}`;
  reportAt(keys, report, "groups", message, "remove ends-after: a search ends when the rate is found");
}
