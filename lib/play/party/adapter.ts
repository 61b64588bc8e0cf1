import { type Adapter, AdapterError } from "../../client/adapter.ts";
import type { ClientEvent, Reply, Request } from "../../client/protocol.ts";
import { beforeAbort, pause } from "../../ground/wait.ts";
import { mismatch } from "../../suite/field/compare.ts";
import type { OperationSent, Sent } from "../../suite/step/sent.ts";
import type { Outcome } from "../../suite/step/outcome.ts";
import type { Step } from "../../suite/step/step.ts";
import { INDICATIONS } from "../../suite/step/operation.ts";
import { TRIED } from "../../suite/step/tried.ts";
import type { CaseContext } from "../case_context.ts";
import { countdown } from "../countdown.ts";
import { describeOutcome } from "../expectation.ts";
import type { PacketIds } from "../packet_ids.ts";
import { passingOver } from "../passing_over.ts";
import { StepFailed, type StepProblem } from "../step_failed.ts";
import { type Indicated, indicated } from "./adapter_events.ts";
import { expectsMessage, nextRequest } from "./adapter_next.ts";
import {
  type ClientHome,
  connectRequest,
  fieldsOf,
  numberOfExchange,
  requestOf,
} from "./adapter_requests.ts";
import type { Party, Taken } from "./party.ts";

/** For how many milliseconds a library may repeat a report. */
const AGAIN_MS = 10;
/** Characters of a message that the chart shows. */
const SHOWN = 300;

/** What drives the client library of one case. The adapter outlives the case. */
export interface AdapterOptions {
  readonly adapter: Adapter;
  readonly home: ClientHome;
  readonly ids: PacketIds;
  /** The steps of the case, which say what a one-shot program is started for. */
  readonly steps: readonly Step[];
  /** Called when the library has told that it is connected. */
  readonly onConnected?: (() => void) | undefined;
}

/**
 * Plays the application of a client library: sends it requests through its adapter, and receives what the adapter
 * reports.
 */
export class AdapterParty implements Party {
  readonly name = "dte";
  readonly #context: CaseContext;
  readonly #options: AdapterOptions;
  #ignored = false;
  /** What was set for the next CONNECT, and the part of it that a case only tried to set. */
  #settings: Record<string, Readonly<Record<string, unknown>>> = {};
  readonly #tried = new Set<string>();
  #connected: Readonly<Record<string, unknown>> = {};
  #connects = 0;
  /**
   * The library's acceptance, reported by the adapter, of a request without a visible effect so far; undefined if it
   * refused.
   */
  taken: string | undefined;
  /** What each token was used for. */
  readonly #tokens = new Map<number, { readonly what: string; readonly number: number }>();

  constructor(context: CaseContext, options: AdapterOptions) {
    this.#context = context;
    this.#options = options;
  }

  async send(sent: Sent): Promise<void> {
    if (sent.kind !== "operation") {
      throw new StepFailed({ message: "A client library is driven by operations only", verdict: "error" });
    }
    const { scope } = this.#context;
    if (sent.attempt) scope.set(TRIED, "taken");
    const fields = fieldsOf(sent, scope);
    if (sent.name.startsWith("set")) return this.#set(sent, fields);
    if (sent.name === "connect") return await this.#connect(sent, fields);
    if (sent.name === "reconnect") return await this.#connect(sent, this.#connected);
    const request = requestOf(this.#options.home.client, sent.name, fields);
    if (!request) {
      throw new StepFailed({ message: `An adapter has no request for "${sent.name}"`, verdict: "skip" });
    }
    const number = numberOfExchange(sent, scope);
    const type = request.do.toUpperCase();
    if (type === "SUBSCRIBE" || type === "UNSUBSCRIBE" || (type === "PUBLISH" && Number(fields.qos) > 0)) {
      this.#options.ids.asked(type as "PUBLISH", number);
    }
    this.#judge(sent, await this.#ask(request, number));
  }

  async take(alternatives: readonly (readonly Outcome[])[], withinMs: number): Promise<Taken> {
    const { scope } = this.#context;
    const expected = alternatives.flat().map((outcome) => describeOutcome(outcome, scope)).join(", or ");
    return await passingOver(() => this.#ignored, withinMs, async (left) => {
      const event = await this.#next(left);
      if (!event) {
        throw new StepFailed({
          message: `The library reported nothing within ${withinMs} ms, expected ${expected}`,
          expected,
          got: "nothing",
          missing: true,
        });
      }
      const reasons: string[] = [];
      for (const [index, outcomes] of alternatives.entries()) {
        for (const outcome of outcomes) {
          if (outcome.kind !== "operation" || outcome.name !== event.name) continue;
          const reason = this.#mismatch(outcome, event);
          if (reason === undefined) return { index, got: { type: event.name, ...event.fields } };
          reasons.push(reason);
        }
      }
      const problem = problemOf(event, expected);
      throw new StepFailed(
        reasons.length === 0 ? problem : { ...problem, message: `${event.name} ${reasons.join("; or ")}` },
      );
    });
  }

  async nothing(withinMs?: number): Promise<void> {
    const event = await this.#next(withinMs ?? 0);
    if (event) throw new StepFailed(problemOf(event, "nothing"));
  }

  open(): Promise<void> {
    return Promise.reject(new StepFailed({ message: 'The lane "dte" is always open', verdict: "error" }));
  }

  drop(): Promise<void> {
    return Promise.reject(
      new StepFailed({ message: 'The lane "dte" is the library and is not cut', verdict: "error" }),
    );
  }

  ignore(): void {
    this.#ignored = true;
  }

  async lastOfAll(): Promise<void> {
    if (!this.#ignored) await pause(AGAIN_MS, this.#context.signal);
  }

  leftover(): StepProblem | undefined {
    for (;;) {
      const event = this.#options.adapter.peek();
      if (!event) return undefined;
      // It waits in the inbox, so this returns at once.
      void this.#options.adapter.next(0, this.#context.signal).catch(() => {});
      const told = this.#told(event);
      if (told && !this.#ignored) return problemOf(told, "nothing after the last step");
    }
  }

  [Symbol.asyncDispose](): Promise<void> {
    return Promise.resolve();
  }

  #set(sent: OperationSent, fields: Readonly<Record<string, unknown>>): void {
    this.#settings = { ...this.#settings, [sent.name]: fields };
    if (sent.attempt) this.#tried.add(sent.name);
    this.#context.recorder.note(this.name, `${sent.name}, for the next connect`);
  }

  /** A library that refuses what a case only tried to set connects without it. */
  async #connect(sent: OperationSent, fields: Readonly<Record<string, unknown>>): Promise<void> {
    this.#connected = fields;
    const { home, adapter, steps } = this.#options;
    this.#connects++;
    const oneShot = adapter.hello.supports.includes("one-shot");
    const next = oneShot ? nextRequest(steps, this.#connects, this.#context.scope) : undefined;
    if (oneShot && !next?.subscribe && expectsMessage(steps)) {
      throw new StepFailed({
        message: "not shown: The program shows messages only if it is asked to subscribe first",
        verdict: "skip",
      });
    }
    const reply = await this.#ask(connectRequest(home, fields, this.#settings, next), 0);
    if (!("refused" in reply) || this.#tried.size === 0) return this.#judge(sent, reply);
    this.#settings = Object.fromEntries(
      Object.entries(this.#settings).filter(([name]) => !this.#tried.has(name)),
    );
    this.#tried.clear();
    this.#context.scope.set(TRIED, "refused");
    this.#context.recorder.note(this.name, "connects without what was refused");
    this.#judge(sent, await this.#ask(connectRequest(home, fields, this.#settings, next), 0));
  }

  async #ask(request: Request, number: number): Promise<Reply> {
    const { recorder, signal } = this.#context;
    const { client: _, ...shown } = request;
    recorder.bytes(this.name, "sent", cut(JSON.stringify(shown)), new Uint8Array());
    const reply = await this.#orFault(() => beforeAbort(this.#options.adapter.ask(request), signal));
    const { id: _id, ...answer } = reply;
    recorder.note(this.name, `answered ${cut(JSON.stringify(answer))}`);
    this.taken = "ok" in reply ? request.do : undefined;
    if ("ok" in reply && reply.token !== undefined) {
      this.#tokens.set(reply.token, { what: request.do, number });
    }
    return reply;
  }

  #judge(sent: OperationSent, reply: Reply): void {
    if ("ok" in reply) return;
    if ("unsupported" in reply) {
      throw new StepFailed({
        message: `not shown: The library can't be asked for this ${sent.name}: ${reply.unsupported}`,
        verdict: "skip",
      });
    }
    if (sent.attempt) return void this.#context.scope.set(TRIED, "refused");
    throw new StepFailed({
      message: `The library refused ${sent.name}: ${reply.refused}`,
      expected: `${sent.name} is taken`,
      got: "a refusal",
    });
  }

  async #next(withinMs: number): Promise<Indicated | undefined> {
    const left = countdown(withinMs);
    for (;;) {
      const event = await this.#orFault(() => this.#options.adapter.next(left(), this.#context.signal));
      if (!event) return undefined;
      const told = this.#told(event);
      if (told) return told;
    }
  }

  /** Charts an event and expresses it in terms of the operations. */
  #told(event: ClientEvent): Indicated | undefined {
    const { on: _on, client: _client, ...rest } = event;
    const told = indicated(event, event.token === undefined ? undefined : this.#tokens.get(event.token));
    const text = `${event.on}${Object.keys(rest).length > 0 ? ` ${cut(JSON.stringify(rest))}` : ""}`;
    this.#context.recorder.bytes(this.name, "received", text, new Uint8Array(), { foreign: !told });
    if (told?.name === "connected") this.#options.onConnected?.();
    return told;
  }

  #mismatch(outcome: Extract<Outcome, { kind: "operation" }>, event: Indicated): string | undefined {
    const optional = INDICATIONS.get(outcome.name)?.optional;
    for (const [name, value] of outcome.fields) {
      const data = Object.hasOwn(event.fields, name) ? event.fields[name] : undefined;
      // An adapter leaves out what its library does not show.
      if (data === undefined && optional?.has(name)) continue;
      const problem = mismatch(value, data, this.#context.scope);
      if (problem !== undefined) return `${name} ${problem}`;
    }
    return undefined;
  }

  async #orFault<T>(act: () => Promise<T>): Promise<T> {
    try {
      return await act();
    } catch (error) {
      if (!(error instanceof AdapterError)) throw error;
      throw new StepFailed({ message: error.message, verdict: "error" });
    }
  }
}

function problemOf({ name, fields }: Indicated, expected: string): StepProblem {
  const { id } = fields;
  const got = id === undefined || id === 0 ? name : `${name} of ${id}`;
  return { message: `The library reported ${got}, expected ${expected}`, unexpected: true, expected, got };
}

function cut(text: string): string {
  return text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text;
}
