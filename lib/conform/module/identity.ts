import { type Dialect, IDENTITY_PARTS } from "../../at/dialect.ts";
import type { Dte } from "../../link/dte.ts";
import type { IdentityTold } from "../../run/event.ts";
import { CommandRunner, LineGone } from "./command_runner.ts";

/** Milliseconds that an answer may take; and all of them, so that a deaf module does not hold the run up. */
const ANSWER_MS = 2_000;
const ALL_MS = 8_000;
/** Of an answer so many characters are kept. */
const LONGEST = 100;

/** What a module said of itself. */
export type Identity = Pick<IdentityTold, "identity" | "untold">;

/**
 * Asks a module who it is, by the command lines of its dialect. What it does not tell is `untold`, and nobody is judged
 * by it: throws only where the line is gone or the signal ends it.
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
    // What still comes belongs to no question that follows.
    if (ok === undefined) dte.restart();
    const text = ok ? valueOf(lines) : "";
    if (text !== "") return text;
  }
  return undefined;
}

/** The value in an answer: `+CGMR: "V1"` says V1, lines of a longer one stand behind each other. */
function valueOf(lines: readonly string[]): string {
  const values = lines.map((line) =>
    line.replace(/^[+#^%*$&!][A-Z0-9_]+: ?/, "").replace(/^"(.*)"$/s, "$1").trim()
  );
  return values.filter((value) => value !== "").join(" ").slice(0, LONGEST);
}

/** Reads the identity of a target's module once, whichever of its lines is there first. */
export class IdentityOnce {
  readonly #told: (identity: Identity) => void;
  #begun = false;

  /** `told` gets what the module said. */
  constructor(told: (identity: Identity) => void) {
    this.#told = told;
  }

  /** Asks, unless that was done. Gives whether the module has to be led back to where a case begins. */
  async ask(dte: Dte, dialect: Dialect, signal: AbortSignal): Promise<boolean> {
    if (this.#begun) return false;
    this.#begun = true;
    try {
      const told = await readIdentity(dte, dialect, signal);
      this.#told(told);
      dte.restart();
      return told.untold.length > 0;
    } catch (error) {
      // The next case asks again, on a line that is opened anew.
      if (!(error instanceof LineGone)) throw error;
      this.#begun = false;
      return true;
    }
  }
}
