import { describeBytes } from "../../at/describe.ts";
import type { Dialect } from "../../at/dialect.ts";
import type { ResultArg } from "../../at/result.ts";
import {
  Dte,
  type DteArrival,
  type EchoArrival,
  type NoiseArrival,
  type ResultArrival,
} from "../../link/dte.ts";
import type { CaseContext } from "../../play/case_context.ts";
import { BrokenRules } from "../../play/broken_rules.ts";
import { CaseTime } from "../../play/case_time.ts";
import { ChartRecorder } from "../../play/chart_recorder.ts";
import { argData, arrivalMismatch, captured } from "../../play/party/line_match.ts";
import type { Party, Taken } from "../../play/party/party.ts";
import { typedBytes } from "../../play/party/typed_bytes.ts";
import { playStep } from "../../play/play.ts";
import { StepFailed } from "../../play/step_failed.ts";
import { ValueError } from "../../spec/evaluate.ts";
import { Scope } from "../../spec/scope.ts";
import { eachVariable } from "../../spec/value.ts";
import type { Operations } from "../../suite/dialect/dialect_operations.ts";
import { isExpect } from "../../suite/step/expect.ts";
import type { Outcome } from "../../suite/step/outcome.ts";
import type { Sent } from "../../suite/step/sent.ts";
import type { StepBase } from "../../suite/step/verb.ts";
import type { Transport } from "../../transport/transport.ts";

/** The fields of a line by their names in its form: `id`, `topic`, `payload`. */
export type LineFields = ReadonlyMap<string, ResultArg>;

/** What a {@link ModuleHost} needs to know about its module. */
export interface HostOptions {
  readonly dialect: Dialect;
  readonly operations: Operations;
  /** How long a final result, and the line that follows it, may take, in milliseconds. */
  readonly answerMs: number;
  readonly resultMs: number;
  /** Called for each unsolicited line that means `message` or `lost`. */
  readonly onReport: (name: "message" | "lost", fields: LineFields, arrival: ResultArrival) => void;
  readonly signal: AbortSignal;
}

/** The most lines that are kept for later waits. */
const MOST_UNCLAIMED = 32;
/** How much of a line a reason quotes, in characters. */
const LONGEST_REASON = 60;

/** Why an operation failed, in a few words for counting such failures; undefined if it succeeded. */
export type Trouble = string | undefined;

/**
 * The host of a module under load: plays operations in the module's dialect, one at a time, and handles reports of the module
 * meanwhile. It keeps lines that nobody waits for yet, because results may arrive in any order. It owns the line.
 */
export class ModuleHost implements Party {
  readonly name = "dte";
  readonly dte: Dte;
  readonly #options: HostOptions;
  readonly #unclaimed: DteArrival[] = [];
  #arrived: (() => void) | undefined;

  constructor(transport: Transport, options: HostOptions) {
    this.#options = options;
    this.dte = new Dte(transport, {
      dialect: options.dialect,
      onArrival: (arrival) => this.#hear(arrival),
    });
  }

  /** Plays an operation of the dialect until the final result of its command. */
  async ask(operation: string, scope: Scope): Promise<Trouble> {
    const steps = this.#options.operations.get(operation);
    return steps ? await this.play(steps, scope) : `the dialect has no operation "${operation}"`;
  }

  /** Plays steps of the serial side: an operation's, or those of a target's setup. */
  async play(steps: readonly StepBase[], scope: Scope): Promise<Trouble> {
    this.#unclaimed.length = 0;
    const context = this.#context(scope);
    return await troubleOf(async () => {
      for (const step of steps) await playStep(step, { context, party: (lane) => this.#partyOf(lane) });
    });
  }

  /** Types a command that no dialect describes, such as `E0`, and waits for its final result. */
  async command(name: string, form: "basic" | "write", args: readonly number[] = []): Promise<Trouble> {
    this.#unclaimed.length = 0;
    const values = args.map((value) => ({
      kind: "literal" as const,
      value,
      source: String(value),
      place: NOWHERE,
    }));
    return await troubleOf(async () => {
      await this.send({ kind: "command", name, form, args: values });
      await this.take([[{ kind: "final", text: "OK", args: [], place: NOWHERE }]]);
    });
  }

  /** Waits for a line that means one of these, and returns which; undefined if none arrived in time. */
  async hear<const T extends string>(names: readonly T[], scope: Scope): Promise<T | undefined> {
    const outcomes = names.map((name) => this.#outcomesOf(name));
    try {
      return names[(await this.#takeFrom(outcomes, scope)).index];
    } catch (error) {
      if (error instanceof StepFailed) return undefined;
      throw error;
    }
  }

  async send(sent: Sent): Promise<void> {
    await this.#type(typedBytes(sent, this.#scope, this.#options.dialect.escapes));
  }

  /** Types raw bytes, without waiting. */
  async #type(bytes: Uint8Array): Promise<void> {
    try {
      await this.dte.send(bytes);
    } catch {
      throw new StepFailed({ message: GONE, connectionLost: true });
    }
  }

  #scope = new Scope();

  #context(scope: Scope): CaseContext {
    this.#scope = scope;
    return {
      id: "load",
      seed: 0,
      protocol: "",
      caseId: "load",
      topic: "",
      scope,
      recorder: new ChartRecorder(undefined, () => 0, 0),
      broken: new BrokenRules([]),
      signal: this.#options.signal,
      time: new CaseTime({ limitMs: Infinity, withinMs: this.#options.answerMs }),
    };
  }

  #partyOf(lane: string): Party {
    if (lane === this.name) return this;
    throw new StepFailed({ message: `a load has no lane "${lane}"` });
  }

  take(alternatives: readonly (readonly Outcome[])[]): Promise<Taken> {
    return this.#takeFrom(alternatives, this.#scope);
  }

  async #takeFrom(alternatives: readonly (readonly Outcome[])[], scope: Scope): Promise<Taken> {
    const { answerMs, resultMs } = this.#options;
    const answers = alternatives.flat().some(({ kind }) => kind === "final" || kind === "prompt");
    const until = performance.now() + (answers ? answerMs : resultMs);
    for (;;) {
      for (const [at, arrival] of this.#unclaimed.entries()) {
        const index = alternatives.findIndex((outcomes) =>
          outcomes.some((outcome) => arrivalMismatch(outcome, arrival, scope) === undefined)
        );
        const refused = index < 0 && answers && arrival.kind === "final";
        if (index < 0 && !refused) continue;
        this.#unclaimed.splice(at, 1);
        if (!refused) return { index, got: captured(arrival) };
        throw new StepFailed({ message: arrival.text.slice(0, LONGEST_REASON) });
      }
      if (this.dte.closed) throw new StepFailed({ message: GONE, connectionLost: true });
      if (!await this.#arrival(until)) {
        throw new StepFailed({ message: answers ? "no final result in time" : "no result in time" });
      }
    }
  }

  nothing(): Promise<void> {
    return Promise.reject(new StepFailed({ message: "a load can't prove that nothing comes" }));
  }

  open(): Promise<void> {
    return Promise.reject(new StepFailed({ message: "the serial line is always open" }));
  }

  drop(): Promise<void> {
    return Promise.reject(new StepFailed({ message: "the serial line is not cut" }));
  }

  ignore(): void {
    // Lines that nothing waits for are ignored anyway.
  }

  leftover(): undefined {
    return undefined;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.dte[Symbol.asyncDispose]();
  }

  /** Waits for the next arrival; false if the time has passed or the load has ended. */
  #arrival(until: number): Promise<boolean> {
    const { signal } = this.#options;
    return new Promise((resolve) => {
      const done = (came: boolean) => {
        clearTimeout(timer);
        signal.removeEventListener("abort", aborted);
        this.#arrived = undefined;
        resolve(came);
      };
      const aborted = () => done(false);
      const timer = setTimeout(aborted, Math.max(0, until - performance.now()));
      signal.addEventListener("abort", aborted);
      this.#arrived = () => done(true);
      if (signal.aborted) aborted();
    });
  }

  /** Handles an arrival; true keeps it out of the session's own inbox. */
  #hear(arrival: DteArrival | EchoArrival | NoiseArrival): boolean {
    if (arrival.kind === "echo" || arrival.kind === "noise") return true;
    if (arrival.kind === "result") {
      for (const name of ["message", "lost"] as const) {
        for (const outcome of this.#outcomesOf(name)) {
          const fields = reportedFields(outcome, arrival);
          if (!fields) continue;
          this.#options.onReport(name, fields, arrival);
          return true;
        }
      }
    }
    if (arrival.kind !== "closed") this.#unclaimed.push(arrival);
    if (this.#unclaimed.length > MOST_UNCLAIMED) this.#unclaimed.shift();
    this.#arrived?.();
    return arrival.kind !== "closed";
  }

  #outcomesOf(operation: string): readonly Outcome[] {
    return (this.#options.operations.get(operation) ?? []).flatMap((step) =>
      isExpect(step) ? step.outcomes : []
    );
  }
}

const GONE = "the serial line is gone";
const NOWHERE = { file: "", line: 1, column: 1, length: 1 } as const;

async function troubleOf(run: () => Promise<void>): Promise<Trouble> {
  try {
    await run();
    return undefined;
  } catch (error) {
    if (error instanceof StepFailed || error instanceof ValueError) return error.message;
    throw error;
  }
}

/** The fields of a line that matches this outcome, with variables that match anything; undefined if it does not match. */
function reportedFields(outcome: Outcome, arrival: ResultArrival): LineFields | undefined {
  if (outcome.kind !== "result" || outcome.prefix !== arrival.prefix) return undefined;
  const fields = new Map<string, ResultArg>();
  const scope = new Scope();
  for (const [index, value] of (outcome.args ?? []).entries()) {
    const arg = arrival.args[index];
    if (!arg) continue;
    eachVariable(value, ([name = ""]) => {
      fields.set(name, arg);
      scope.set(name, argData(arg));
    });
  }
  return arrivalMismatch(outcome, arrival, scope) === undefined ? fields : undefined;
}

/** A line as text for a chart. */
export function lineText(text: string): string {
  return describeBytes(new TextEncoder().encode(text));
}
