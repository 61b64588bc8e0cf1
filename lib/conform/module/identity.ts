import { type Dialect, IDENTITY_PARTS } from "../../at/dialect.ts";
import type { Dte } from "../../link/dte.ts";
import type { IdentityTold } from "../../run/event.ts";
import { CommandRunner, LineGone } from "./command_runner.ts";

/** The timeout of one response, and of all, in milliseconds, so an unresponsive module does not delay the run. */
const ANSWER_MS = 2_000;
const ALL_MS = 8_000;
/** The length at which a response is cut. */
const LONGEST = 100;

/** The identity that a module reported. */
export type Identity = Pick<IdentityTold, "identity" | "untold">;

/**
 * Asks a module for its identity, with the command lines of its dialect. Missing parts are `untold` and not
 * judged: throws only if the line is gone or the signal aborts.
 */
export async function readIdentity(dte: Dte, dialect: Dialect, signal: AbortSignal): Promise<Identity> {
  const runner = new CommandRunner(dte, signal);
  const until = performance.now() + ALL_MS;
  const identity: Record<string, string> = {};
  const untold: string[] = [];
  for (const part of IDENTITY_PARTS) {
    const commands = dialect.identity?.[part] ?? [];
    if (commands.length === 0) continue;
    const told = await firstAnswer(runner, dte, commands, until);
    if (told === undefined) untold.push(part);
    else identity[part] = told;
  }
  return { identity, untold };
}

async function firstAnswer(
  runner: CommandRunner,
  dte: Dte,
  commands: readonly string[],
  until: number,
): Promise<string | undefined> {
  for (const command of commands) {
    const left = Math.min(ANSWER_MS, until - performance.now());
    if (left <= 0) return undefined;
    const { ok, lines } = await runner.ask(command, left);
    // What still comes does not belong to a later question.
    if (ok === undefined) dte.restart();
    const text = ok ? valueOf(lines) : "";
    if (text !== "") return text;
  }
  return undefined;
}

/** Returns the value in a response: `+CGMR: "V1"` contains V1; the lines of a longer value are joined. */
function valueOf(lines: readonly string[]): string {
  const values = lines.map((line) =>
    line.replace(/^[+#^%*$&!][A-Z0-9_]+: ?/, "").replace(/^"(.*)"$/s, "$1").trim()
  );
  return values.filter((value) => value !== "").join(" ").slice(0, LONGEST);
}

/** Reads the identity of a target's module once, on whichever of its lines is ready first. */
export class IdentityOnce {
  readonly #told: (identity: Identity) => void;
  #begun = false;

  /** `told` receives the module's identity. */
  constructor(told: (identity: Identity) => void) {
    this.#told = told;
  }

  /** Asks unless that was done. Returns whether the module must be reset before a case. */
  async ask(dte: Dte, dialect: Dialect, signal: AbortSignal): Promise<boolean> {
    if (this.#begun) return false;
    this.#begun = true;
    try {
      const told = await readIdentity(dte, dialect, signal);
      this.#told(told);
      dte.restart();
      return told.untold.length > 0;
    } catch (error) {
      // The next case asks again, on a reopened line.
      if (!(error instanceof LineGone)) throw error;
      this.#begun = false;
      return true;
    }
  }
}
