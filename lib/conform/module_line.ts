import { Dte } from "../link/dte.ts";
import type { ResultArrival } from "../link/dte.ts";
import type { ModulePort, ModuleTarget } from "../target/target.ts";
import { beforeAbort } from "./before_abort.ts";
import type { DteParty } from "./dte_party.ts";
import type { ScriptedParty } from "./scripted_party.ts";

/** Milliseconds that an answer to a command of the set-up may take. */
const SETUP_MS = 6_000;
/** Milliseconds of silence after which a module that was left in any state is taken to have said all. */
const QUIET_MS = 60;
/** Milliseconds in which a module is led back after a case, the reconnecting of its own included. */
const LEAVE_MS = 15_000;
/** Milliseconds after which a module that connects is taken to wait for an answer that never comes. */
const CONNECT_MS = 1_000;
/** Milliseconds that a result may take which a command of the way back brings about. */
const RESULT_MS = 3_000;

const ESC = 0x1b;
const CR = 0x0d;

/** A serial line with a module on it, from case to case. It owns the port. */
export class ModuleLine implements AsyncDisposable {
  readonly #port: ModulePort;
  readonly dte: Dte;
  /** The party of the case that runs now. */
  party: DteParty | undefined;

  constructor(target: ModuleTarget, port: ModulePort) {
    this.#port = port;
    this.dte = new Dte(port.transport, {
      dialect: target.dialect,
      onArrival: (arrival) => this.party?.arrived(arrival),
    });
  }

  /** Brings the module to where a case begins: no connection, echo off and numeric errors. */
  async reset(signal: AbortSignal): Promise<void> {
    this.dte.restart();
    if (this.#port.powerCycle) await this.#port.powerCycle();
    else {
      await this.#endPrompt(signal);
      for (const command of ["AT+ECMTDISC=0", "AT+ECMTCLOSE=0"]) await this.#ask(command, signal);
    }
    await this.#quiet(signal);
    for (const command of ["ATE0", "AT+CMEE=1"]) {
      if (!(await this.#ask(command, signal))?.ok) {
        throw new Error(`The module did not answer "${command}" with OK within ${SETUP_MS / 1000} s`);
      }
    }
    await this.#quiet(signal);
    this.dte.restart();
  }

  /**
   * Leads a module that can't be switched off back to having no context, at the end of a case and before its broker
   * goes: a module that loses a connection opens it again by itself, which would fall into the next case. `ended` ends
   * the attempt. Never throws.
   */
  async leave(broker: ScriptedParty, host: string, port: number, ended: AbortSignal): Promise<void> {
    this.party = undefined;
    if (this.#port.powerCycle || this.dte.closed || ended.aborted) return;
    const late = new AbortController();
    const timer = setTimeout(() => late.abort(), LEAVE_MS);
    const signal = AbortSignal.any([ended, late.signal]);
    const agreeing = broker.agree(signal);
    try {
      await this.#endPrompt(signal);
      while (!signal.aborted && await this.#leaveState(broker, host, port, signal)) await this.#quiet(signal);
    } catch {
      // A line that is gone is told by the next case.
    } finally {
      clearTimeout(timer);
      late.abort();
      await agreeing;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.dte[Symbol.asyncDispose]();
    await this.#port[Symbol.asyncDispose]();
  }

  /** One step on the way back, by the state that the module tells; false once there is nothing to leave. */
  async #leaveState(
    broker: ScriptedParty,
    host: string,
    port: number,
    signal: AbortSignal,
  ): Promise<boolean> {
    const answer = await this.#ask("AT+ECMTCONN?", signal);
    const state = answer?.ok ? answer.results.at(-1)?.args[1]?.text : undefined;
    switch (state) {
      case undefined:
        return false;
      case "3":
        await this.#end("AT+ECMTDISC=0", "+ECMTDISC", signal);
        return true;
      case "2":
        // It connects by itself, and the broker agrees; but a CONNECT of the case itself may never be answered.
        if (!await this.dte.receive(CONNECT_MS, signal)) broker.hangUp();
        return true;
      default:
        if (await this.#end("AT+ECMTCLOSE=0", "+ECMTCLOSE", signal)) return true;
        // Options that were set stay with a context that was never opened, and go with one that is closed.
        return await this.#end(`AT+ECMTOPEN=0,"${host}",${port}`, "+ECMTOPEN", signal);
    }
  }

  /** Types a command and waits for the result that it brings about; false when the command was refused. */
  async #end(command: string, prefix: string, signal: AbortSignal): Promise<boolean> {
    const answer = await this.#ask(command, signal);
    if (!answer?.ok) return false;
    if (answer.results.some((one) => one.prefix === prefix)) return true;
    const until = performance.now() + RESULT_MS;
    while (performance.now() < until && !signal.aborted) {
      const arrival = await this.dte.receive(until - performance.now(), signal);
      if (!arrival || arrival.kind === "closed") return true;
      if (arrival.kind === "result" && arrival.prefix === prefix) return true;
    }
    return true;
  }

  /** Types a command and gives its final result with what came before; undefined when there is none. */
  async #ask(
    command: string,
    signal: AbortSignal,
  ): Promise<{ readonly ok: boolean; readonly results: readonly ResultArrival[] } | undefined> {
    await beforeAbort(this.dte.send(new TextEncoder().encode(`${command}\r`)), signal);
    const results: ResultArrival[] = [];
    const until = performance.now() + SETUP_MS;
    while (performance.now() < until && !signal.aborted) {
      const arrival = await this.dte.receive(until - performance.now(), signal);
      if (arrival?.kind === "closed") throw new Error("The serial line is gone");
      if (arrival?.kind === "result") results.push(arrival);
      if (arrival?.kind === "final") return { ok: arrival.ok, results };
    }
    return undefined;
  }

  /** A prompt that was left open would take the next command for data. */
  async #endPrompt(signal: AbortSignal): Promise<void> {
    await beforeAbort(this.dte.send(Uint8Array.of(ESC, CR)), signal);
    await this.#quiet(signal);
    this.dte.restart();
  }

  /** Takes and forgets what still comes, until the line is silent. */
  async #quiet(signal: AbortSignal): Promise<void> {
    if (this.#port.powerCycle) return;
    for (;;) {
      const arrival = await this.dte.receive(QUIET_MS, signal);
      if (!arrival || arrival.kind === "closed") return;
    }
  }
}
