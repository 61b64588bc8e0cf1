/** The user's mistake in a command or a file: told without a stack trace, and nothing is run. The exit status is 2. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}
