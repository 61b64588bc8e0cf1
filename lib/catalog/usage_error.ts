import { formatProblems, type Problem, sortProblems } from "../spec/problem.ts";

/**
 * Thrown for a user's mistake in a command or a file. Its message is shown without a stack trace, nothing
 * runs, and the exit status is 2.
 */
export class UsageError extends Error {
  /** Distinguishes it from other errors. */
  override readonly name = "UsageError";
}

/**
 * Throws a {@link UsageError} that shows all problems, if there are any. `sources` are the texts of the files
 * by name.
 */
export function refuseProblems(problems: readonly Problem[], sources: ReadonlyMap<string, string>): void {
  if (problems.length === 0) return;
  const shown = sortProblems(problems);
  const count = shown.length === 1 ? "1 mistake" : `${shown.length} mistakes`;
  throw new UsageError(`${formatProblems(shown, sources)}\n${count}; nothing was run`);
}
