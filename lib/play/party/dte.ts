import { messageOf } from "../../ground/error_message.ts";
import { type CommandArg, formatCommand } from "../../at/command.ts";
import { describeBytes, describeCommand } from "../../at/describe.ts";
import type { Dialect } from "../../at/dialect.ts";
import { resultSpec } from "../../at/dialect.ts";
import type { ResultArg } from "../../at/result.ts";
import { type Dte, type DteArrival, type EchoArrival, type NoiseArrival } from "../../link/dte.ts";
import { isByteForm } from "../../spec/bytes.ts";
import { asText, bytesOf, evaluate, resolve } from "../../spec/evaluate.ts";
import type { Data, Scope } from "../../spec/scope.ts";
import { keyOf, type Value, wordOf } from "../../spec/value.ts";
import type { Outcome, Send } from "../../suite/file/model.ts";
import { beforeAbort } from "../../ground/wait.ts";
import { describeOutcome } from "../expectation.ts";
import { mismatch } from "../matching.ts";
import { type Finding, StepFailed } from "../step_failed.ts";
import { passingOver } from "../passing_over.ts";
import type { Party, Taken } from "./party.ts";
import type { Recorder } from "../recorder.ts";
import { GREETED } from "../../at/greeting.ts";

const SUB = 0x1a;
const ESC = 0x1b;
/** Milliseconds of silence after which a module has said all. */
const QUIET_MS = 40;

/** What the serial side of one case works on. The session itself outlives the case. */
export interface DteStage {
  readonly dte: Dte;
  readonly dialect: Dialect;
  readonly recorder: Recorder;
  readonly scope: Scope;
  readonly signal: AbortSignal;
  /** Whether whatever is no answer is passed over, as on a line of which nobody knows what it brings. */
  readonly lenient?: true;
  /** Prefixes that the case speaks of; others that are not of the dialect are none of its business. */
  readonly mentioned: ReadonlySet<string>;
}

/** The harness as the host of a module, on its serial line. */
export class DteParty implements Party {
  readonly name = "dte";
  readonly #stage: DteStage;
  /** What was last typed has come back. */
  #echoed = false;
  #ignored = false;

  constructor(stage: DteStage) {
    this.#stage = stage;
  }

  /** Charts what comes in, echoes and noise too. */
  arrived(arrival: DteArrival | EchoArrival | NoiseArrival): void {
    const { recorder } = this.#stage;
    if (arrival.kind === "closed") return recorder.note(this.name, "the serial line is gone");
    const text = describeBytes(new TextEncoder().encode(arrival.text));
    if (arrival.kind === "echo") this.#echoed ||= arrival.complete;
    if (arrival.kind === "echo") return recorder.note(this.name, `echo of ${text}`);
    const foreign = arrival.kind === "noise" || this.#isForeign(arrival);
    recorder.bytes(this.name, "received", text, arrival.raw, { foreign });
  }

  async send(send: Send): Promise<void> {
    const bytes = this.#bytesOf(send);
    this.#echoed = false;
    const text = send.kind === "command" ? describeCommand(bytes) : describeBytes(bytes);
    this.#stage.recorder.bytes(this.name, "sent", text, bytes);
    try {
      await beforeAbort(this.#stage.dte.send(bytes), this.#stage.signal);
    } catch (error) {
      throw new StepFailed({
        message: `The serial line failed: ${messageOf(error)}`,
        verdict: "error",
        connectionLost: true,
      });
    }
  }

  async take(alternatives: readonly (readonly Outcome[])[], withinMs: number): Promise<Taken> {
    const { scope } = this.#stage;
    const expected = alternatives.flat().map((outcome) => describeOutcome(outcome, scope)).join(", or ");
    const echo = alternatives.findIndex((outcomes) => outcomes.some((outcome) => outcome.kind === "echo"));
    if (echo >= 0) return this.#takeEcho(alternatives, echo, expected);
    return await passingOver(
      () => this.#ignored || this.#stage.lenient === true,
      withinMs,
      (left) => this.#takeOne(alternatives, expected, left, withinMs),
    );
  }

  async #takeOne(
    alternatives: readonly (readonly Outcome[])[],
    expected: string,
    leftMs: number,
    withinMs: number,
  ): Promise<Taken> {
    const { scope } = this.#stage;
    const arrival = await this.#receive(leftMs);
    if (arrival === undefined) {
      throw new StepFailed({
        message: `Nothing came within ${withinMs} ms, expected ${expected}`,
        expected,
        got: "nothing",
      });
    }
    const reasons: string[] = [];
    for (const [index, outcomes] of alternatives.entries()) {
      for (const outcome of outcomes) {
        const problem = arrivalMismatch(outcome, arrival, scope);
        if (problem === undefined) return { index, got: captured(arrival) };
        if (problem !== "") reasons.push(problem);
      }
    }
    const finding = this.#finding(arrival, expected);
    if (reasons.length === 0) throw new StepFailed(finding);
    const message = reasons.join("; or ");
    if (this.#ignored || arrival.kind === "line") throw new StepFailed({ ...finding, message });
    // An answer that does not fit is none that nobody asked for.
    const { unexpected: _, ...answer } = finding;
    throw new StepFailed({ ...answer, message });
  }

  /** An echo is no arrival of its own: it has come or not when the answer is there. */
  #takeEcho(alternatives: readonly (readonly Outcome[])[], index: number, expected: string): Taken {
    const fits = alternatives[index]?.some((outcome) =>
      outcome.kind === "echo" && outcome.on === this.#echoed
    );
    const got = this.#echoed ? "an echo" : "no echo";
    if (fits) return { index, got: { type: "echo" } };
    throw new StepFailed({
      message: `There was ${got} of what was typed, expected ${expected}`,
      expected,
      got,
    });
  }

  async nothing(withinMs?: number): Promise<void> {
    const arrival = await this.#receive(withinMs ?? 0);
    if (arrival) throw new StepFailed(this.#finding(arrival, "nothing"));
  }

  open(): Promise<void> {
    return Promise.reject(new StepFailed({ message: 'The lane "dte" is always open', verdict: "error" }));
  }

  drop(): Promise<void> {
    return Promise.reject(
      new StepFailed({ message: 'The lane "dte" is a serial line and is not cut', verdict: "error" }),
    );
  }

  ignore(): void {
    this.#ignored = true;
  }

  async settle(withinMs: number): Promise<void> {
    const { dte } = this.#stage;
    const until = performance.now() + withinMs;
    for (;;) {
      const left = until - performance.now();
      const arrival = await this.#receive(dte.command ? left : Math.min(left, QUIET_MS));
      if (arrival === undefined) break;
    }
    // A command that was never answered does not take the answer to the next one.
    if (dte.command) dte.restart();
  }

  leftover(): Finding | undefined {
    for (;;) {
      const arrival = this.#stage.dte.peek();
      if (!arrival || arrival.kind === "closed") return undefined;
      if (!this.#ignored && !this.#isForeign(arrival)) {
        return this.#finding(arrival, "nothing after the last step");
      }
      // It waits in the inbox, so that this comes back at once.
      void this.#stage.dte.receive(0);
    }
  }

  [Symbol.asyncDispose](): Promise<void> {
    return Promise.resolve();
  }

  async #receive(withinMs: number): Promise<Exclude<DteArrival, { kind: "closed" }> | undefined> {
    const until = performance.now() + withinMs;
    for (;;) {
      const left = Math.max(0, Math.ceil(until - performance.now()));
      const arrival = await this.#stage.dte.receive(left, this.#stage.signal);
      if (arrival?.kind === "closed") {
        throw new StepFailed({ message: "The serial line is gone", verdict: "error", connectionLost: true });
      }
      if (arrival === undefined || !this.#isForeign(arrival)) return arrival;
    }
  }

  /** Whether a line is a report of the module that has nothing to do with the case. */
  #isForeign(arrival: Exclude<DteArrival, { kind: "closed" }>): boolean {
    if (arrival.kind === "line" && arrival.text === GREETED) return true;
    if (arrival.kind !== "result" || arrival.role !== "unsolicited") return false;
    if (resultSpec(this.#stage.dialect, arrival.prefix)) return false;
    return !this.#stage.mentioned.has(arrival.prefix);
  }

  #finding(arrival: Exclude<DteArrival, { kind: "closed" }>, expected: string): Finding {
    const got = describeBytes(new TextEncoder().encode(arrival.text));
    const what = arrival.kind === "overflow"
      ? "a line without an end"
      : arrival.kind === "prompt"
      ? "the prompt"
      : `"${got}"`;
    const answers = this.#stage.lenient && !this.#ignored &&
      (arrival.kind === "final" || arrival.kind === "prompt");
    return {
      message: `Unexpected ${what}, expected ${expected}`,
      ...(answers ? {} : { unexpected: true as const }),
      expected,
      got,
      hex: arrival.raw.subarray(0, 256).toHex(),
    };
  }

  #bytesOf(send: Send): Uint8Array {
    const { scope } = this.#stage;
    switch (send.kind) {
      case "command":
        return formatCommand(send.name, send.form, send.args.map((arg) => commandArg(arg, scope)));
      case "raw":
        return bytesOf(send.bytes, scope);
      case "data": {
        const bytes = bytesOf(send.bytes, scope);
        const end = send.end === "ctrl-z" ? [SUB] : send.end === "esc" ? [ESC] : [];
        return Uint8Array.from([...bytes, ...end]);
      }
      default:
        throw new TypeError("The serial lane sends commands, data and bytes only");
    }
  }
}

/** A parameter as it is typed: strings in quotes, numbers bare, or as `{bare}` and `{quoted}` say. */
function commandArg(value: Value, scope: Scope): CommandArg {
  const found = resolve(value, scope);
  if (wordOf(found.value) === "omit") return { kind: "omit" };
  const bare = keyOf(found.value, "bare");
  if (bare) return { kind: "bare", value: bytesOf(bare, found.scope) };
  const quoted = keyOf(found.value, "quoted");
  if (quoted) return { kind: "quoted", value: bytesOf(quoted, found.scope) };
  if (isByteForm(found.value)) return { kind: "quoted", value: bytesOf(found.value, found.scope) };
  const data = evaluate(found.value, found.scope);
  // The number as it was written, so that leading zeros are sent.
  if (typeof data === "number") return { kind: "bare", value: asText(found.value, found.scope) };
  return { kind: "quoted", value: bytesOf(found.value, found.scope) };
}

/** Undefined when it fits, an empty text when it is another kind of line, else what differs. */
function arrivalMismatch(outcome: Outcome, arrival: DteArrival, scope: Scope): string | undefined {
  switch (outcome.kind) {
    case "prompt":
      return arrival.kind === "prompt" ? undefined : "";
    case "final":
      if (arrival.kind !== "final" || arrival.final !== outcome.text) return "";
      return argsMismatch(outcome.text, outcome.args, arrival.args, scope);
    case "result":
      if (arrival.kind !== "result" || arrival.prefix !== outcome.prefix) return "";
      return outcome.args && argsMismatch(outcome.prefix, outcome.args, arrival.args, scope);
    case "line": {
      if (arrival.kind === "prompt" || arrival.kind === "overflow" || arrival.kind === "closed") return "";
      const problem = mismatch(outcome.text, arrival.text, scope);
      return problem === undefined ? undefined : `the line ${problem}`;
    }
    default:
      return "";
  }
}

function argsMismatch(
  prefix: string,
  expected: readonly Value[],
  args: readonly ResultArg[],
  scope: Scope,
): string | undefined {
  // An error's code need not be looked at.
  if (expected.length === 0 && prefix.endsWith("ERROR")) return undefined;
  for (const [index, value] of expected.entries()) {
    const arg = args[index];
    const problem = mismatch(value, arg && argData(arg), scope);
    const unquoted = problem !== undefined && arg?.unquoted;
    if (unquoted && mismatch(value, textData(unquoted), scope) === undefined) continue;
    if (problem !== undefined) return `${prefix} has a parameter ${index + 1} that ${problem}`;
  }
  if (args.length <= expected.length) return undefined;
  return `${prefix} has ${args.length} parameters, expected ${expected.length}`;
}

function argData(arg: ResultArg): Data {
  if (arg.kind === "number" && arg.value !== undefined) return arg.value;
  return textData(arg);
}

function textData({ text, bytes }: Pick<ResultArg, "text" | "bytes">): Data {
  return text.includes("\ufffd") ? bytes : text;
}

function captured(arrival: DteArrival): Data {
  if (arrival.kind === "final" || arrival.kind === "result") {
    return {
      type: arrival.kind === "final" ? arrival.final : arrival.prefix,
      ...arrival.args.map(argData),
      text: arrival.text,
    };
  }
  return { type: arrival.kind, ...("text" in arrival ? { text: arrival.text } : {}) };
}
