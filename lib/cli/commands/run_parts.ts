import type { BrokerLane } from "../../target/target_file.ts";
import type { NamedTarget } from "../../catalog/targets.ts";
import { Progress } from "../terminal/progress.ts";
import { withoutSecrets } from "../../spec/problem.ts";
import type { Screen } from "../terminal/screen.ts";

/** The default targets of a run: those embedded in attest. */
export const DEFAULT_TARGETS = ["reference", "virtual-module"];

/** The help text of `--allow-start`. */
export const ALLOW_START =
  "allow a target file to start this program, written as in the file; the program can then do whatever the file makes it do; it also needs --allow-run; repeatable";

/** Shows the progress of a run until it ends. */
export async function progressing(
  screen: Screen,
  run: (see: Progress["see"]) => Promise<number>,
): Promise<number> {
  using progress = new Progress(screen);
  return await run((event) => progress.see(event));
}

/** A target with the options of the command line instead of its own values. */
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

/** The command line for the record, with values that look like secrets masked. */
export function maskedCommand(args: readonly string[] = Deno.args): readonly string[] {
  return ["attest", ...args.map((word, index) => args[index - 1] === "--user" ? "***" : masked(word))];
}

/** Masks the secret in a word of a command line, if its name suggests one, and the part of an address before `@`. */
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
