import type { BrokerLane } from "../../target/target_file.ts";
import type { NamedTarget } from "../../catalog/targets.ts";
import { Progress } from "../terminal/progress.ts";
import { withoutSecrets } from "../../spec/problem.ts";
import type { Screen } from "../terminal/screen.ts";

/** The targets of a run that names none: those that attest brings. */
export const DEFAULT_TARGETS = ["reference", "virtual-module"];

/** What `--allow-start` says in the help. */
export const ALLOW_START =
  "a program that a target file may start, written as in the file; the program can then do whatever the file makes it do; grant it with --allow-run; repeatable";

/** Shows the progress of a run while it lasts. */
export async function progressing(
  screen: Screen,
  run: (see: Progress["see"]) => Promise<number>,
): Promise<number> {
  using progress = new Progress(screen);
  return await run((event) => progress.see(event));
}

/** A target with the options of the command line in the place of its own values. */
export function withOptions(
  target: NamedTarget,
  { broker, backMs, restartCommand }: {
    readonly broker: BrokerLane | undefined;
    readonly backMs: number | undefined;
    readonly restartCommand: readonly string[] | undefined;
  },
): NamedTarget {
  const { file } = target;
  return {
    ...target,
    file: {
      ...file,
      broker: broker ?? file.broker,
      restartCommand: restartCommand ?? file.restartCommand,
      line: backMs === undefined ? file.line : { ...file.line, backMs },
    },
  };
}

/** The command line for the record, with values masked that look like secrets. */
export function maskedCommand(args: readonly string[] = Deno.args): readonly string[] {
  return ["attest", ...args.map((word, index) => args[index - 1] === "--user" ? "***" : masked(word))];
}

/** Masks the secret in a word of a command line, if its name says that there is one, and what an address has before `@`. */
export function masked(word: string): string {
  const named = word.replace(
    /^((?:--set=)?[A-Za-z0-9]*(?:password|secret|key|token)[A-Za-z0-9]*=|--user=).*$/is,
    "$1***",
  );
  return withoutSecrets(named);
}

/** The default folder for the results of a run: `results/20261123-140509-conform`. */
export function runFolder(what: string): string {
  const stamp = new Date().toISOString().replace(/[-:]/g, "").replace("T", "-").slice(0, 15);
  return `results/${stamp}-${what}`;
}
