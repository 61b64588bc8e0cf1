import { duration, type Form, type Report } from "../spec/form.ts";
import { type Keys, object } from "../spec/form_parts.ts";
import { lineStepsForm } from "../suite/step/line_steps.ts";
import type { Step } from "../suite/step/step.ts";
import { checkNames } from "../suite/file/names.ts";

/** The times of a module's serial line. */
export interface LineCare {
  /** How long to wait for a line that is gone, ms; default 4,000. */
  readonly backMs?: number | undefined;
  /** How long a module may not answer after its line was opened or it was reset, ms; default 6,000. */
  readonly readyMs?: number | undefined;
  /** How long DTR is dropped to reset the module, ms; absent if DTR does not reset it. */
  readonly dtrMs?: number | undefined;
}

const LONGEST_PULSE_MS = 10_000;

/** `line:` of a target file. */
export const LINE: Form<LineCare> = object("how the line is held", (keys, report): LineCare => {
  const backMs = keys.optional("back", duration(), "how long a line that is gone is waited for; default 4s");
  const readyMs = keys.optional(
    "ready",
    duration(),
    "how long the module may be deaf once the line was opened or it was reset; default 6s",
  );
  const dtrMs = keys.optional(
    "dtrReset",
    duration(),
    "the module is reset by DTR, which is dropped for so long, where its commands don't lead back",
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

/** What a target file says of a module's serial line. */
export interface OnLine {
  readonly line?: LineCare | undefined;
  /** Steps before the first case, and whenever the line was opened anew or the module was reset. */
  readonly setup?: readonly Step[] | undefined;
  /** Steps after the last case. */
  readonly teardown?: readonly Step[] | undefined;
}

/** Reads what a target file says of a module's serial line. `values` are the names that its steps may use. */
export function lineKeys(keys: Keys, source: string, values: readonly string[], report: Report): OnLine {
  const line = keys.optional("line", LINE, "how the serial line of a module is held");
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

/** Reports keys of a serial line that do not fit the target. */
export function checkLine(
  onLine: OnLine,
  keys: Keys,
  given: { readonly tests: string; readonly address: string | undefined },
  report: Report,
): void {
  for (const key of ["line", "setup", "teardown"] as const) {
    const place = keys.place(key);
    if (place && keys.has(key) && given.tests !== "module") {
      report.add(`"${key}" where the target is a ${given.tests}`, place, "only a module has a serial line");
    }
  }
  const place = keys.place("line");
  if (place && onLine.line?.dtrMs !== undefined && !given.address?.startsWith("serial:")) {
    report.add("dtrReset on a line without DTR", place, "only a serial: address has it");
  }
}
