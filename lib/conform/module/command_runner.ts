import { GREETED, GREETING } from "../../at/greeting.ts";
import type { Dte, DteArrival, FinalArrival, ResultArrival } from "../../link/dte.ts";
import { beforeAbort } from "../../ground/wait.ts";
import { countdown } from "../../play/countdown.ts";
import type { ResultCommand } from "./reset_commands.ts";

/** Milliseconds by which the final result may come behind the result line that it should stand before. */
const LATE_MS = 100;

/** What a command was answered with. */
export interface Answered {
  /** Whether the module took it; undefined where no final result came in time. */
  readonly ok: boolean | undefined;
  readonly results: readonly ResultArrival[];
  /** The lines before the final result, as text. */
  readonly lines: readonly string[];
  /** How many final results came, those of what was typed before counted. */
  readonly finals: number;
}

/** The serial line ended while someone typed on it. */
export class LineGone extends Error {
  override readonly name = "LineGone";
}

/**
 * Types commands between two cases, where nobody judges what comes back. All waits end with the signal, and throw an
 * Error then.
 */
export class CommandRunner {
  readonly #dte: Dte;
  readonly #signal: AbortSignal;

  constructor(dte: Dte, signal: AbortSignal) {
    this.#dte = dte;
    this.#signal = signal;
  }

  /** Types bytes as they are. Throws {@link LineGone}. */
  async type(bytes: Uint8Array): Promise<void> {
    try {
      await beforeAbort(this.#dte.send(bytes), this.#signal);
    } catch (error) {
      this.#signal.throwIfAborted();
      throw new LineGone("The serial line is gone", { cause: error });
    }
  }

  /** Types a command and gives what it, and all that was typed before, is answered with. Throws {@link LineGone}. */
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
   * Types a command and waits for its result line as well, where it has one: `done` once that came, though no final
   * result did, `taken` where only OK came, else `refused`. Throws {@link LineGone}.
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

  /** Greets a module that may sleep, and waits at most that time until it greets back [ECMT-AT-9]. Throws {@link LineGone}. */
  async greet(withinMs: number): Promise<void> {
    await this.type(new TextEncoder().encode(`${GREETING}\r`));
    const left = this.#countdown(withinMs);
    for (;;) {
      const arrival = await this.#next(left);
      if (!arrival) return;
      if (arrival.kind === "line" && arrival.text === GREETED) return;
    }
  }

  /** Waits until something comes, or the time is over. Throws {@link LineGone}. */
  async pause(ms: number): Promise<void> {
    await this.#next(this.#countdown(ms));
  }

  /** Takes and forgets what still comes, until the line is silent for so long. Throws {@link LineGone}. */
  async silence(ms: number): Promise<void> {
    while (await this.#next(this.#countdown(ms)));
  }

  /** Whether it answers the last command. Results of older ones may wait in front of it, though all are answered. */
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
