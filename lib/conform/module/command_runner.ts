import { GREETED, GREETING } from "../../at/greeting.ts";
import type { Dte, DteArrival, FinalArrival, ResultArrival } from "../../link/dte.ts";
import { beforeAbort } from "../../ground/wait.ts";
import { countdown } from "../../play/countdown.ts";
import type { ResultCommand } from "./reset_commands.ts";

/** How late in milliseconds the final result may come after the result line that it should precede. */
const LATE_MS = 100;

/** The response to a command. */
export interface Answered {
  /** Whether the module accepted it; undefined if no final result came in time. */
  readonly ok: boolean | undefined;
  readonly results: readonly ResultArrival[];
  /** The lines before the final result, as text. */
  readonly lines: readonly string[];
  /** How many final results came, including those of earlier commands. */
  readonly finals: number;
}

/** Thrown when the serial line ends while it is in use. */
export class LineGone extends Error {
  override readonly name = "LineGone";
}

/**
 * Runs commands between two cases, where responses are not judged. All waits end with the signal, and then
 * throw an Error.
 */
export class CommandRunner {
  readonly #dte: Dte;
  readonly #signal: AbortSignal;

  constructor(dte: Dte, signal: AbortSignal) {
    this.#dte = dte;
    this.#signal = signal;
  }

  /** Sends bytes unchanged. Throws {@link LineGone}. */
  async type(bytes: Uint8Array): Promise<void> {
    try {
      await beforeAbort(this.#dte.send(bytes), this.#signal);
    } catch (error) {
      this.#signal.throwIfAborted();
      throw new LineGone("The serial line is gone", { cause: error });
    }
  }

  /** Sends a command and returns the response to it and to everything sent before. Throws {@link LineGone}. */
  async ask(command: string, withinMs: number): Promise<Answered> {
    await this.type(new TextEncoder().encode(`${command}\r`));
    const results: ResultArrival[] = [];
    const lines: string[] = [];
    let finals = 0;
    const left = this.#countdown(withinMs);
    for (;;) {
      const arrival = await this.#next(left);
      if (!arrival) return { ok: undefined, results, lines, finals };
      if (arrival.kind === "line" || arrival.kind === "result") lines.push(arrival.text);
      if (arrival.kind === "result") results.push(arrival);
      if (arrival.kind !== "final") continue;
      finals++;
      if (this.#endsAll(arrival)) return { ok: arrival.ok, results, lines, finals };
    }
  }

  /**
   * Sends a command and waits for its result line too, if it has one. Returns `done` once that came, even
   * without a final result, `taken` if only OK came, otherwise `refused`. Throws {@link LineGone}.
   */
  async carry(
    wanted: ResultCommand,
    answerMs: number,
    resultMs: number,
  ): Promise<"done" | "taken" | "refused"> {
    await this.type(new TextEncoder().encode(`${wanted.command}\r`));
    let left = this.#countdown(answerMs);
    let taken = false;
    let result = wanted.prefix === undefined;
    while (!taken || !result) {
      const arrival = await this.#next(left);
      if (!arrival) break;
      if (arrival.kind === "result" && arrival.prefix === wanted.prefix) {
        result = true;
        left = this.#countdown(LATE_MS);
      } else if (arrival.kind === "final" && this.#endsAll(arrival)) {
        if (!arrival.ok) return "refused";
        taken = true;
        left = this.#countdown(resultMs);
      }
    }
    if (!taken) this.#dte.restart();
    if (wanted.prefix === undefined) return taken ? "done" : "refused";
    return result ? "done" : taken ? "taken" : "refused";
  }

  /**
   * Greets a module that may be asleep, and waits at most `withinMs` until it greets back [ECMT-AT-9]. Throws
   * {@link LineGone}.
   */
  async greet(withinMs: number): Promise<void> {
    await this.type(new TextEncoder().encode(`${GREETING}\r`));
    const left = this.#countdown(withinMs);
    for (;;) {
      const arrival = await this.#next(left);
      if (!arrival) return;
      if (arrival.kind === "line" && arrival.text === GREETED) return;
    }
  }

  /** Waits until something comes, or until the timeout. Throws {@link LineGone}. */
  async pause(ms: number): Promise<void> {
    await this.#next(this.#countdown(ms));
  }

  /** Discards what still comes, until the line is silent for `ms` milliseconds. Throws {@link LineGone}. */
  async silence(ms: number): Promise<void> {
    while (await this.#next(this.#countdown(ms)));
  }

  /**
   * Whether it responds to the last command. Results of older ones may come before it, even if all are
   * answered.
   */
  #endsAll({ ends }: FinalArrival): boolean {
    return !this.#dte.command && (ends === undefined || ends === this.#dte.typed);
  }

  #countdown(withinMs: number): () => number {
    return countdown(withinMs, () => this.#dte.busyMs);
  }

  async #next(left: () => number): Promise<Exclude<DteArrival, { kind: "closed" }> | undefined> {
    for (;;) {
      const arrival = await this.#dte.receive(left(), this.#signal);
      this.#signal.throwIfAborted();
      if (arrival?.kind === "closed") throw new LineGone("The serial line is gone");
      if (arrival || left() === 0) return arrival;
    }
  }
}
