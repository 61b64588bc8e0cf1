import { describeBytes, describeCommand } from "../../at/describe.ts";
import { type Dialect, resultSpec } from "../../at/dialect.ts";
import { GREETED } from "../../at/greeting.ts";
import { messageOf } from "../../ground/error_message.ts";
import { beforeAbort, pause } from "../../ground/wait.ts";
import type { Dte, DteArrival, EchoArrival, NoiseArrival } from "../../link/dte.ts";
import type { Outcome } from "../../suite/step/outcome.ts";
import type { Sent } from "../../suite/step/sent.ts";
import type { CaseContext } from "../case_context.ts";
import { countdown } from "../countdown.ts";
import { describeOutcome } from "../expectation.ts";
import { passingOver } from "../passing_over.ts";
import { StepFailed, type StepProblem } from "../step_failed.ts";
import { arrivalMismatch, captured, readings } from "./line_match.ts";
import type { Party, Taken } from "./party.ts";
import { typedBytes } from "./typed_bytes.ts";

/** The silence in milliseconds after which a module has finished sending. */
const QUIET_MS = 40;
/** The time in milliseconds in which a module that sends things twice repeats the last one. */
const AGAIN_MS = 10;
/** The maximum wait in milliseconds for the rest of a line that started after the last step. */
const LAST_LINE_MS = 1_000;
/** Milliseconds in which a module refuses a command that it answers otherwise only once its broker has. */
const REFUSED_MS = 200;
/** The description of a report from another part of the module that follows a payload. */
const A_REPORT = "a report of another part of the module, and not of the payload before it";

/** The serial side of one case. The session itself outlives the case. */
export interface DteOptions {
  readonly dte: Dte;
  readonly dialect: Dialect;
  /** Whether unsolicited lines are ignored, as on a line whose content is unknown. */
  readonly lenient?: true | undefined;
  /** The prefixes that the case names. Others that the dialect does not define are ignored. */
  readonly expectedNames: ReadonlySet<string>;
}

/** The harness as the host of a module, on its serial line. */
export class DteParty implements Party {
  readonly name = "dte";
  readonly #context: CaseContext;
  readonly #options: DteOptions;
  /** Whether the last command has been echoed. */
  #echoed = false;
  #ignored = false;

  constructor(context: CaseContext, options: DteOptions) {
    this.#context = context;
    this.#options = options;
  }

  /** How long the module has taken so far to send its lines, from the first byte of each to its last. */
  get busyMs(): number {
    return this.#options.dte.busyMs;
  }

  /** Charts an arrival, including echoes and noise. */
  arrived(arrival: DteArrival | EchoArrival | NoiseArrival): void {
    const { recorder } = this.#context;
    if (arrival.kind === "closed") return recorder.note(this.name, "the serial line is gone");
    const text = describeBytes(new TextEncoder().encode(arrival.text));
    if (arrival.kind === "echo") this.#echoed ||= arrival.complete;
    if (arrival.kind === "echo") return recorder.note(this.name, `echo of ${text}`);
    const foreign = arrival.kind === "noise" || this.#isForeign(arrival);
    recorder.bytes(this.name, "received", text, arrival.raw, { foreign });
  }

  async send(sent: Sent): Promise<void> {
    const bytes = typedBytes(sent, this.#context.scope, this.#options.dialect.escapes);
    this.#echoed = false;
    const text = sent.kind === "command" ? describeCommand(bytes) : describeBytes(bytes);
    this.#context.recorder.bytes(this.name, "sent", text, bytes);
    try {
      await beforeAbort(this.#options.dte.send(bytes), this.#context.signal);
    } catch (error) {
      throw new StepFailed({
        message: `The serial line failed: ${messageOf(error)}`,
        verdict: "error",
        connectionLost: true,
      });
    }
  }

  async take(alternatives: readonly (readonly Outcome[])[], withinMs: number): Promise<Taken> {
    const { scope } = this.#context;
    const expected = alternatives.flat().map((outcome) => describeOutcome(outcome, scope)).join(", or ");
    const echo = alternatives.findIndex((outcomes) => outcomes.some((outcome) => outcome.kind === "echo"));
    if (echo >= 0) return this.#takeEcho(alternatives, echo, expected);
    return await passingOver(
      () => this.#ignored || this.#options.lenient === true,
      withinMs,
      (left) => this.#takeOne(alternatives, expected, left, withinMs),
      () => this.busyMs,
    );
  }

  async #takeOne(
    alternatives: readonly (readonly Outcome[])[],
    expected: string,
    leftMs: number,
    withinMs: number,
  ): Promise<Taken> {
    const { scope } = this.#context;
    const arrival = await this.#receive(leftMs);
    if (arrival === undefined) {
      throw new StepFailed({
        message: `Nothing came within ${withinMs} ms, expected ${expected}`,
        expected,
        got: "nothing",
        missing: true,
      });
    }
    const reasons: string[] = [];
    for (const { line, reports } of readings(arrival)) {
      // A report that the case names must not be left out.
      if (reports.some(({ prefix }) => this.#options.expectedNames.has(prefix))) continue;
      for (const [index, outcomes] of alternatives.entries()) {
        for (const outcome of outcomes) {
          const reason = arrivalMismatch(outcome, line, scope);
          if (reason !== undefined) {
            if (reason !== "" && line === arrival) reasons.push(reason);
            continue;
          }
          for (const { text } of reports) this.#context.recorder.note(this.name, `"${text}" is ${A_REPORT}`);
          return { index, got: captured(line) };
        }
      }
    }
    const problem = this.#problem(arrival, expected);
    if (reasons.length === 0) throw new StepFailed(problem);
    const message = reasons.join("; or ");
    if (this.#ignored || arrival.kind === "line") throw new StepFailed({ ...problem, message });
    // A response that does not match is not an unsolicited line.
    const { unexpected: _, ...answer } = problem;
    throw new StepFailed({ ...answer, message });
  }

  /** Checks the echo, which is not a separate arrival: it has come or not when the response is there. */
  #takeEcho(alternatives: readonly (readonly Outcome[])[], index: number, expected: string): Taken {
    const fits = alternatives[index]?.some((outcome) =>
      outcome.kind === "echo" && outcome.on === this.#echoed
    );
    const got = this.#echoed ? "an echo" : "no echo";
    if (fits) return { index, got: { type: "echo" } };
    throw new StepFailed({
      message: `There was ${got} of the last command, expected ${expected}`,
      expected,
      got,
    });
  }

  /** Whether the next that comes, soon, is a refusal, which is then taken. */
  async refusedSoon(): Promise<boolean> {
    const { dte } = this.#options;
    const left = countdown(REFUSED_MS, () => this.busyMs);
    while (!dte.peek() && left() > 0 && !this.#context.signal.aborted) await pause(5, this.#context.signal);
    const arrival = dte.peek();
    if (arrival?.kind !== "final" || arrival.ok) return false;
    await dte.receive(0);
    return true;
  }

  async nothing(withinMs?: number): Promise<void> {
    const arrival = await this.#receive(withinMs ?? 0);
    if (arrival) throw new StepFailed(this.#problem(arrival, "nothing"));
  }

  open(): Promise<void> {
    return Promise.reject(new StepFailed({ message: 'The lane "dte" is always open', verdict: "error" }));
  }

  drop(): Promise<void> {
    return Promise.reject(
      new StepFailed({ message: 'The lane "dte" is a serial line and cannot be cut', verdict: "error" }),
    );
  }

  ignore(): void {
    this.#ignored = true;
  }

  async settle(withinMs: number): Promise<void> {
    const { dte } = this.#options;
    const left = countdown(withinMs, () => this.busyMs);
    for (;;) {
      const arrival = await this.#receive(dte.command ? left() : Math.min(left(), QUIET_MS));
      if (arrival === undefined) break;
    }
    // An unanswered command must not take the response to the next one.
    if (dte.command) dte.restart();
  }

  async lastOfAll(): Promise<void> {
    if (this.#ignored) return;
    const { dte } = this.#options;
    const { signal } = this.#context;
    const again = countdown(AGAIN_MS);
    const most = countdown(LAST_LINE_MS);
    while ((again() > 0 || dte.inLine) && most() > 0 && !signal.aborted) {
      await pause(Math.max(1, again()), signal);
    }
  }

  leftover(): StepProblem | undefined {
    for (;;) {
      const arrival = this.#options.dte.peek();
      if (!arrival || arrival.kind === "closed") return undefined;
      if (!this.#ignored && !this.#isForeign(arrival)) {
        return this.#problem(arrival, "nothing after the last step");
      }
      // The item is in the inbox, so this returns at once.
      void this.#options.dte.receive(0);
    }
  }

  [Symbol.asyncDispose](): Promise<void> {
    return Promise.resolve();
  }

  async #receive(withinMs: number): Promise<Exclude<DteArrival, { kind: "closed" }> | undefined> {
    const { signal } = this.#context;
    const left = countdown(withinMs, () => this.busyMs);
    for (;;) {
      const arrival = await this.#options.dte.receive(left(), signal);
      if (arrival?.kind === "closed") {
        throw new StepFailed({ message: "The serial line is gone", verdict: "error", connectionLost: true });
      }
      if (arrival && !this.#isForeign(arrival)) return arrival;
      // Wait for the rest of a line that started in time.
      if (!arrival && (left() === 0 || signal.aborted)) return undefined;
    }
  }

  /** Whether a line is a report of the module that is unrelated to the case. */
  #isForeign(arrival: Exclude<DteArrival, { kind: "closed" }>): boolean {
    if (arrival.kind === "line" && arrival.text === GREETED) return true;
    if (arrival.kind !== "result" || arrival.role !== "unsolicited") return false;
    const spec = resultSpec(this.#options.dialect, arrival.prefix);
    if (spec) {
      return spec.fields.some(({ aside }, at) => aside?.includes(arrival.args[at]?.value ?? Number.NaN));
    }
    return !this.#options.expectedNames.has(arrival.prefix);
  }

  #problem(arrival: Exclude<DteArrival, { kind: "closed" }>, expected: string): StepProblem {
    const got = describeBytes(new TextEncoder().encode(arrival.text));
    const what = arrival.kind === "overflow"
      ? "a line without an end"
      : arrival.kind === "prompt"
      ? "the prompt"
      : `"${got}"`;
    const answers = this.#options.lenient && !this.#ignored &&
      (arrival.kind === "final" || arrival.kind === "prompt");
    return {
      message: `Unexpected ${what}, expected ${expected}`,
      unexpected: answers ? undefined : true,
      expected,
      got,
      hex: arrival.raw.subarray(0, 256).toHex(),
    };
  }
}
