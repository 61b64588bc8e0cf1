/**
 * A badge: the run in four words, as JSON that shields.io reads from an address ("endpoint badge"). No service needs to see
 * the run, and any page can show the badge.
 */
import { visible } from "../lib/ground/text.ts";
import type { RunResult } from "../lib/run/result.ts";
import { isLoad, type LoadRun } from "./load/load_run.ts";
import { troubleOf } from "./run_trouble.ts";

/** The colours, by shields.io's names. */
type Color = "brightgreen" | "green" | "orange" | "red" | "lightgrey";

interface Badge {
  readonly message: string;
  readonly color: Color;
}

/** The most characters of a target's name that a badge shows. */
const NAME = 30;

/** The content of `badge.json`. */
export function renderBadge(result: RunResult): string {
  const { message, color } = badgeOf(result);
  return `${JSON.stringify({ schemaVersion: 1, label: labelOf(result), message, color }, null, 2)}\n`;
}

/** The label: `attest`, with the name of the target if there is only one. */
function labelOf({ targets }: RunResult): string {
  const [target, another] = targets;
  if (target === undefined || another !== undefined) return "attest";
  const name = visible(target.name).toWellFormed();
  return `attest: ${name.length > NAME ? `${name.slice(0, NAME - 1).toWellFormed()}…` : name}`;
}

function badgeOf(result: RunResult): Badge {
  const trouble = troubleOf(result);
  // An incomplete run says nothing about its target.
  if (trouble?.kind === "error") {
    return { message: trouble.type === "run" ? "error" : trouble.type, color: "lightgrey" };
  }
  if (result.unjudged !== undefined) return { message: "nothing judged", color: "lightgrey" };
  const badge = isLoad(result)
    ? loadBadge(result)
    : result.kind === "prove"
    ? proofBadge(result)
    : casesBadge(result);
  // For example a defect that no case notices: all cases pass, but the run does not.
  return trouble && badge.color !== "red" ? { message: "failed", color: "red" } : badge;
}

function casesBadge({ totals }: RunResult): Badge {
  const { pass, fail, error, inconclusive, unexpectedPass, expectedFail } = totals;
  const passed = `${pass} passed`;
  if (fail > 0) return { message: `${fail} failed, ${passed}`, color: "red" };
  if (error > 0) {
    return { message: `${error} ${error === 1 ? "error" : "errors"}, ${passed}`, color: "orange" };
  }
  if (inconclusive > 0) return { message: `${inconclusive} inconclusive, ${passed}`, color: "orange" };
  if (unexpectedPass > 0) {
    return { message: `${unexpectedPass} passed unexpectedly, ${passed}`, color: "orange" };
  }
  return expectedFail > 0
    ? { message: `${passed}, ${expectedFail} known`, color: "green" }
    : { message: passed, color: "brightgreen" };
}

/** In a proof, failures are expected; the exit status says whether all occurred. */
function proofBadge({ exit }: RunResult): Badge {
  return exit === 0 ? { message: "proved", color: "brightgreen" } : { message: "not proved", color: "red" };
}

function loadBadge({ load: { thresholds, promises, generatorLimited } }: LoadRun): Badge {
  const conditions = [...thresholds.map(({ verdict }) => verdict), ...promises.map(({ verdict }) => verdict)];
  const count = (verdict: string) => conditions.filter((one) => one === verdict).length;
  const [pass, fail] = [count("pass"), count("fail")];
  if (fail > 0) return { message: `${fail} missed, ${pass} kept`, color: "red" };
  if (generatorLimited !== undefined) return { message: "generator-limited", color: "lightgrey" };
  if (count("inconclusive") > 0) return { message: "inconclusive", color: "orange" };
  return { message: `${pass} kept`, color: "brightgreen" };
}
