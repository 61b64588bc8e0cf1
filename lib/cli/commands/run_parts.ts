import type { BrokerLane } from "../../target/target_file.ts";
import type { NamedTarget } from "../../catalog/targets.ts";
import { Progress } from "../terminal/progress.ts";
import type { Screen } from "../terminal/screen.ts";

/** The targets of a run that names none: what attest brings. */
export const DEFAULT_TARGETS = ["reference", "virtual-module"];

/** Shows the progress of a run while it lasts. */
export async function progressing(
  screen: Screen,
  run: (see: Progress["see"]) => Promise<number>,
): Promise<number> {
  using progress = new Progress(screen);
  return await run((event) => progress.see(event));
}

/** A target with what the command line says of where a module is, of its line, and of how a broker is restarted. */
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
      ...(broker ? { broker } : {}),
      ...(restartCommand ? { restartCommand } : {}),
      ...(backMs === undefined ? {} : { line: { ...file.line, backMs } }),
    },
  };
}

/** The command line for the record. Values that look like secrets are masked. */
export function maskedCommand(): readonly string[] {
  return ["attest", ...Deno.args.map(masked)];
}

/** A word of a command line without the secret that stands in it. */
export function masked(word: string): string {
  return word.replace(/^((?:--set=)?[A-Za-z0-9]*(?:password|secret|key|token)[A-Za-z0-9]*=).*$/is, "$1***");
}

/** The folder of a run's results that was given no name: `results/20261123-140509-conform`. */
export function runFolder(what: string): string {
  const stamp = new Date().toISOString().replace(/[-:]/g, "").replace("T", "-").slice(0, 15);
  return `results/${stamp}-${what}`;
}
