import { duration, type Form, type Report } from "../spec/form.ts";
import { type Keys, object } from "../spec/form_parts.ts";
import { lineStepsForm } from "../suite/step/line_steps.ts";
import type { Step } from "../suite/step/step.ts";
import { checkNames } from "../suite/file/names.ts";

/** The times of a module's serial line. */
export interface LineCare {
  /** How long to wait for a lost line, in ms; default 4,000. */
  readonly backMs?: number | undefined;
  /** How long a module may be unresponsive after its line was opened or it was reset, in ms; default 6,000. */
  readonly readyMs?: number | undefined;
  /** How long DTR is dropped to reset the module, in ms; absent if DTR does not reset it. */
  readonly dtrMs?: number | undefined;
}

const LONGEST_PULSE_MS = 10_000;

/** `line:` of a target file. */
export const LINE: Form<LineCare> = object("how to handle the line", (keys, report): LineCare => {
  const backMs = keys.optional("back", duration(), "how long to wait for a lost line; default 4s");
  const readyMs = keys.optional(
    "ready",
    duration(),
    "how long the module may be unresponsive after the line was opened or it was reset; default 6s",
  );
  const dtrMs = keys.optional(
    "dtrReset",
    duration(),
    "DTR resets the module: drop it this long, if commands cannot return the module to its initial state",
  );
  const place = keys.place("dtrReset");
  if (place && dtrMs !== undefined && (dtrMs === 0 || dtrMs > LONGEST_PULSE_MS)) {
    report.add(`a pulse of ${dtrMs} ms`, place, "1ms to 10s");
  }
  return {
    backMs,
    readyMs,
    dtrMs,
  };
});

/** The settings of a target file for a module's serial line. */
export interface OnLine {
  readonly line?: LineCare | undefined;
  /** Steps to run before the first case, and whenever the line was reopened or the module was reset. */
  readonly setup?: readonly Step[] | undefined;
  /** Steps to run after the last case. */
  readonly teardown?: readonly Step[] | undefined;
}

/**
 * Reads the settings of a target file for a module's serial line. `values` are the names that its steps may
 * use.
 */
export function lineKeys(keys: Keys, source: string, values: readonly string[], report: Report): OnLine {
  const line = keys.optional("line", LINE, "how to handle the serial line of a module");
  const steps = (key: "setup" | "teardown", about: string) => {
    const before = report.problems.length;
    const read = keys.optional(key, lineStepsForm(source), about);
    if (!read || report.problems.length > before) return undefined;
    checkNames(read, { tests: "line", lanes: ["dte"], given: values, captures: [] }, report);
    return read;
  };
  const setup = steps("setup", "steps on the serial line before the first case, and after a reset");
  const teardown = steps("teardown", "steps on the serial line after the last case");
  return {
    line,
    setup,
    teardown,
  };
}

/** Reports keys for a serial line that do not suit the target. */
export function checkLine(
  onLine: OnLine,
  keys: Keys,
  given: { readonly tests: string; readonly address: string | undefined },
  report: Report,
): void {
  for (const key of ["line", "setup", "teardown"] as const) {
    const place = keys.place(key);
    if (place && keys.has(key) && given.tests !== "module") {
      report.add(
        `unexpected "${key}": the target is a ${given.tests}`,
        place,
        "only a module has a serial line",
      );
    }
  }
  const place = keys.place("line");
  if (place && onLine.line?.dtrMs !== undefined && !given.address?.startsWith("serial:")) {
    report.add("dtrReset on a line without DTR", place, "only a serial: address has it");
  }
}
