import { type CommandArg, formatCommand } from "../../at/command.ts";
import type { ResultArg } from "../../at/result.ts";
import type { Dte, DteArrival, ResultArrival } from "../../link/dte.ts";
import { asText, bytesOf, evaluate, resolve } from "../../spec/evaluate.ts";
import type { Data, Scope } from "../../spec/scope.ts";
import { keyOf, type Value, wordOf } from "../../spec/value.ts";
import type { Operations } from "../../suite/dialect/dialect_operations.ts";
import type { Outcome, Send, Step } from "../../suite/file/model.ts";

/** What the fields of a line were where its form names them: `id`, `topic`, `payload`. */
export type Fields = ReadonlyMap<string, ResultArg>;

export interface TalkOptions {
  readonly operations: Operations;
  /** How long a final result may take, and the line that follows it, in milliseconds. */
  readonly answerMs: number;
  readonly resultMs: number;
  /** Called for each line that a module says of itself: `message` or `lost`. */
  readonly told: (name: "message" | "lost", fields: Fields, arrival: ResultArrival) => void;
  readonly signal: AbortSignal;
}

/** Unclaimed results that wait for whoever asks for them next. */
const MOST_UNCLAIMED = 32;
const DATA_END = Uint8Array.of(0x1a);

/** How an operation ended: undefined where it went well, else why not, in a few words that can be counted. */
export type Trouble = string | undefined;

/** The host's side of a module: runs operations in the words of its dialect, one at a time, and hears what it says. */
export class ModuleTalk {
  readonly #dte: Dte;
  readonly #options: TalkOptions;
  readonly #unclaimed: DteArrival[] = [];
  #wanted:
    | { readonly fits: (arrival: DteArrival) => boolean; readonly take: (arrival: DteArrival) => void }
    | undefined;

  constructor(dte: Dte, options: TalkOptions) {
    this.#dte = dte;
    this.#options = options;
  }

  /** Hears the module until the signal aborts or the line is gone; has to run beside everything else. */
  async listen(): Promise<void> {
    const { signal } = this.#options;
    while (!signal.aborted) {
      const arrival = await this.#dte.receive(1_000, signal);
      if (!arrival) continue;
      this.#hear(arrival);
      if (arrival.kind === "closed") return;
    }
  }

  /** Types the steps of an operation, and waits for the answers that stand among them. Throws what the line throws. */
  async ask(name: string, scope: Scope): Promise<Trouble> {
    const steps = this.#options.operations.get(name);
    if (!steps) return `the dialect has no operation "${name}"`;
    return await this.type(steps, scope);
  }

  /** Types steps of the serial side: an operation's, or those of a target's setup. */
  async type(steps: readonly Step[], scope: Scope): Promise<Trouble> {
    this.#unclaimed.length = 0;
    for (const step of steps) {
      if (step.kind === "send") await this.#dte.send(bytesToType(step.send, scope));
      else if (step.kind === "expect") {
        const trouble = await this.#await(step.outcomes, scope);
        if (trouble !== undefined) return trouble;
      } else return `a load can't do "${step.source}"`;
    }
    return undefined;
  }

  /** Types a command of no dialect, such as ATE0, and waits for its final result. */
  async command(text: string): Promise<Trouble> {
    this.#unclaimed.length = 0;
    await this.#dte.send(new TextEncoder().encode(`${text}\r`));
    const arrival = await this.#next(
      ({ kind }) => kind === "final" || kind === "closed",
      this.#options.answerMs,
    );
    if (arrival?.kind === "final") return arrival.ok ? undefined : arrival.text.slice(0, 60);
    return arrival ? "the serial line is gone" : "no final result in time";
  }

  /** Waits for a line that means one of these; gives which, or undefined where none came in time. */
  async hear(names: readonly string[], scope: Scope): Promise<string | undefined> {
    const named = names.map((name) => [name, outcomesOf(this.#options.operations.get(name))] as const);
    const meaning = (arrival: DteArrival) =>
      named.find(([, outcomes]) => outcomes.some((one) => fieldsOf(one, arrival, scope) !== undefined))?.[0];
    const arrival = await this.#next((one) => meaning(one) !== undefined, this.#options.resultMs);
    return arrival && meaning(arrival);
  }

  async #await(outcomes: readonly Outcome[], scope: Scope): Promise<Trouble> {
    const final = outcomes.some(({ kind }) => kind === "final" || kind === "prompt");
    const met = (arrival: DteArrival) => outcomes.some((one) => fieldsOf(one, arrival, scope) !== undefined);
    const { answerMs, resultMs } = this.#options;
    const arrival = await this.#next(
      (one) => met(one) || one.kind === "closed" || (final && one.kind === "final"),
      final ? answerMs : resultMs,
    );
    if (!arrival) return final ? "no final result in time" : "no result in time";
    if (met(arrival)) return undefined;
    return "text" in arrival ? arrival.text.slice(0, 60) : "the serial line is gone";
  }

  #next(fits: (arrival: DteArrival) => boolean, withinMs: number): Promise<DteArrival | undefined> {
    const at = this.#unclaimed.findIndex(fits);
    if (at >= 0) return Promise.resolve(this.#unclaimed.splice(at, 1)[0]);
    const { signal } = this.#options;
    return new Promise((resolve) => {
      const done = (arrival?: DteArrival) => {
        clearTimeout(timer);
        signal.removeEventListener("abort", aborted);
        this.#wanted = undefined;
        resolve(arrival);
      };
      const aborted = () => done();
      const timer = setTimeout(aborted, withinMs);
      signal.addEventListener("abort", aborted);
      this.#wanted = { fits, take: done };
      if (signal.aborted) done();
    });
  }

  #hear(arrival: DteArrival): void {
    if (this.#wanted?.fits(arrival)) return this.#wanted.take(arrival);
    if (arrival.kind === "result") {
      for (const name of ["message", "lost"] as const) {
        for (const outcome of outcomesOf(this.#options.operations.get(name))) {
          const fields = fieldsOf(outcome, arrival);
          if (fields) return this.#options.told(name, fields, arrival);
        }
      }
    }
    this.#unclaimed.push(arrival);
    if (this.#unclaimed.length > MOST_UNCLAIMED) this.#unclaimed.shift();
  }
}

function outcomesOf(steps: readonly Step[] | undefined): readonly Outcome[] {
  return steps?.flatMap((step) => step.kind === "expect" ? step.outcomes : []) ?? [];
}

/** The fields of an arrival that is this outcome; without a scope its variables stand for whatever came. */
function fieldsOf(outcome: Outcome, arrival: DteArrival, scope?: Scope): Fields | undefined {
  if (outcome.kind === "prompt") return arrival.kind === "prompt" ? new Map() : undefined;
  if (outcome.kind === "final") {
    return arrival.kind === "final" && arrival.final === outcome.text ? new Map() : undefined;
  }
  if (outcome.kind !== "result" || arrival.kind !== "result" || arrival.prefix !== outcome.prefix) {
    return undefined;
  }
  const fields = new Map<string, ResultArg>();
  const { args = [] } = outcome;
  if (outcome.args && arrival.args.length > args.length) return undefined;
  for (const [index, value] of args.entries()) {
    const arg = arrival.args[index];
    if (!argFits(value, arg, scope)) return undefined;
    if (value.kind === "variable" && arg) fields.set(value.path[0] ?? "", arg);
  }
  return fields;
}

function argFits(value: Value, arg: ResultArg | undefined, scope: Scope | undefined): boolean {
  const optional = keyOf(value, "optional");
  if (optional) return arg === undefined || argFits(optional, arg, scope);
  if (arg === undefined) return false;
  if (wordOf(value) === "any") return true;
  const not = keyOf(value, "not");
  if (not) return !argFits(not, arg, scope);
  if (value.kind === "list") return value.items.some((one) => argFits(one, arg, scope));
  if (value.kind === "variable") return scope === undefined || sameData(evaluate(value, scope), arg);
  return value.kind !== "literal" || sameData(value.value, arg);
}

function sameData(data: Data, arg: ResultArg): boolean {
  return typeof data === "number"
    ? arg.value === data
    : String(data) === arg.text || String(data) === arg.unquoted?.text;
}

function bytesToType(send: Send, scope: Scope): Uint8Array {
  switch (send.kind) {
    case "command":
      return formatCommand(send.name, send.form, send.args.map((arg) => commandArg(arg, scope)));
    case "raw":
      return bytesOf(send.bytes, scope);
    case "data":
      return send.end === "ctrl-z"
        ? Uint8Array.from([...bytesOf(send.bytes, scope), ...DATA_END])
        : bytesOf(send.bytes, scope);
    default:
      throw new TypeError(`The serial side can't send "${send.kind}"`);
  }
}

/** A parameter as it is typed: texts in quotes, numbers as they are written. */
function commandArg(value: Value, scope: Scope): CommandArg {
  const found = resolve(value, scope);
  if (wordOf(found.value) === "omit") return { kind: "omit" };
  const bare = keyOf(found.value, "bare");
  if (bare) return { kind: "bare", value: bytesOf(bare, found.scope) };
  const quoted = keyOf(found.value, "quoted");
  if (quoted) return { kind: "quoted", value: bytesOf(quoted, found.scope) };
  const data = evaluate(found.value, found.scope);
  if (typeof data === "number") return { kind: "bare", value: asText(found.value, found.scope) };
  return { kind: "quoted", value: bytesOf(found.value, found.scope) };
}
