import { messageOf } from "../../ground/error_message.ts";
import { Dte } from "../../link/dte.ts";
import { pause } from "../../ground/wait.ts";
import type { Value } from "../../spec/value.ts";
import { runToEnd } from "../../target/program.ts";
import type { ModulePort, ModuleTarget } from "../../target/target.ts";
import type { DteParty } from "../../play/party/dte.ts";
import { beginModule, type FinishedCase, resetModule } from "./reset.ts";
import { ChartRecorder } from "../../play/chart_recorder.ts";
import { runTargetSteps } from "./target_steps.ts";
import { LineGone } from "./command_runner.ts";

/** The time in milliseconds within which a lost line must be back, and the interval between two attempts. */
const BACK_MS = 4_000;
const TRY_AGAIN_MS = 200;
/** The number of failed resets in a row after which a module is not tried again. */
const FAILURES = 3;
/** The most power cycles of a module that executes commands sent before the power was cut. */
const POWER_CYCLES = 3;
/** The timeout in milliseconds of the user's reset command. */
const RESET_COMMAND_MS = 30_000;
/** The time in milliseconds for a module when no case follows, and for the teardown. */
const LEAVE_MS = 3_000;
const TEARDOWN_MS = 10_000;

/** A case's connection with the module's network side, to be kept until the module has closed it. */
export type LeftCase = FinishedCase & AsyncDisposable;

/** How to open a line. */
export interface ModuleLineOptions {
  /** Aborts at the end of the run. */
  readonly signal: AbortSignal;
  /** Values from the command line, for setup and teardown. */
  readonly values?: ReadonlyMap<string, Value> | undefined;
  /** The user's command that resets the module, word by word. */
  readonly resetCommand?: readonly string[] | undefined;
}

/** A serial line to a module, used for many cases. It owns the port, and what the previous case has left. */
export class ModuleLine implements AsyncDisposable {
  readonly #target: ModuleTarget;
  readonly #options: ModuleLineOptions;
  readonly #signal: AbortSignal;
  readonly #backMs: number;
  #port: ModulePort;
  #dte: Dte;
  #gone = new AbortController();
  #previous: LeftCase | undefined;
  /** Whether the module is at the start state of a case, or a case has moved it from there. */
  #sure = false;
  /** Whether the target's setup has run since the line was opened and the module reset. */
  #setUp = false;
  /** Whether the module sleeps after power-on until it is greeted. */
  #sleeps = false;
  #failures = 0;
  /** The module was where a case begins, once at least. */
  #answered = false;
  /** The sentence for the rest of the cases. */
  #over: string | undefined;
  /** Charts what is sent between cases. */
  #recorder = silent();
  /** The receiver of arrivals: the party of the current case. */
  party: DteParty | undefined;

  private constructor(target: ModuleTarget, port: ModulePort, options: ModuleLineOptions) {
    this.#target = target;
    this.#options = options;
    this.#signal = options.signal;
    this.#backMs = target.line.backMs ?? BACK_MS;
    this.#port = port;
    this.#dte = this.#session(port);
  }

  /** Opens the line. Throws TransportError. */
  static async open(target: ModuleTarget, options: ModuleLineOptions): Promise<ModuleLine> {
    return new ModuleLine(target, await target.openPort(options.signal), options);
  }

  /** The current session on the line; a new one after a lost line is back. */
  get dte(): Dte {
    return this.#dte;
  }

  /** Aborts when the session on the line ends. */
  get gone(): AbortSignal {
    return this.#gone.signal;
  }

  /** Whether the module keeps what a case has made of it, since only its own commands reset it. */
  get keepsState(): boolean {
    return this.#port.powerCycle === undefined;
  }

  /** Whether the line was lost, and may be back for the next case. */
  get lost(): boolean {
    return this.#dte.closed !== undefined && this.#over === undefined;
  }

  /** That the module has never answered, as a sentence, once it was tried often enough. */
  get dead(): string | undefined {
    return this.#answered ? undefined : this.#over;
  }

  /** That it was lost, as a sentence. */
  get goneText(): string {
    return `The serial line ${this.#target.address} is gone`;
  }

  /**
   * Brings the module to the start state of a case: no context, echo off and numeric errors, and the target's
   * setup done. A power cycle needs no command; without one, commands are used, whose responses are not
   * judged. Waits for a lost line. `recorder` charts the setup. Throws an Error with a sentence if the module
   * does not reach that state, or the line does not come back.
   */
  async restart(recorder: ChartRecorder = silent()): Promise<void> {
    this.party = undefined;
    this.#recorder = recorder;
    if (this.#over !== undefined) throw new Error(this.#over);
    try {
      await this.#throughOutages();
      this.#failures = 0;
      this.#answered = true;
    } catch (error) {
      this.#sure = false;
      const said = messageOf(error);
      const message = error instanceof LineGone ? this.goneText : said;
      if (++this.#failures === FAILURES) {
        this.#over ??= `${message}; ${FAILURES} cases in a row tried it`;
      }
      throw new Error(message, { cause: error });
    } finally {
      this.party = undefined;
    }
  }

  /**
   * Takes over what a case leaves. The connection stays until the module has closed it: if it were cut, the
   * module would reconnect, at a port that may belong to another case by then.
   */
  leave(left: LeftCase): Promise<void> {
    this.party = undefined;
    this.#previous = left;
    return Promise.resolve();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#handBack();
    await this.#close();
    await this.#endPrevious();
  }

  /** Returns the module to its initial state as far as possible, without judging it. */
  async #handBack(): Promise<void> {
    const { teardown } = this.#target;
    // A module is not reset after the user's interrupt, unless the target defines how to leave it.
    const holds = this.#previous !== undefined && !this.#port.powerCycle;
    const leads = teardown.length > 0 || (holds && !this.#signal.aborted);
    if (!leads || this.#dte.closed || this.#over !== undefined) return;
    const limit = new AbortController();
    const timer = setTimeout(() => limit.abort(), LEAVE_MS + TEARDOWN_MS);
    this.#recorder.resume();
    try {
      await this.#lead(limit.signal, LEAVE_MS);
      if (teardown.length > 0) await this.#type("teardown", limit.signal);
    } catch (error) {
      const message = messageOf(error);
      this.#recorder.note("dte", `the module could not be returned to its initial state: ${message}`);
    } finally {
      clearTimeout(timer);
    }
  }

  #session(port: ModulePort): Dte {
    const gone = new AbortController();
    this.#gone = gone;
    return new Dte(port.transport, {
      dialect: this.#target.dialect,
      onArrival: (arrival) => {
        this.party?.arrived(arrival);
        if (arrival.kind === "closed") gone.abort();
      },
    });
  }

  /** Resets the module, and reopens the line whenever it is lost; gives up after a while. */
  async #throughOutages(): Promise<void> {
    let until: number | undefined;
    for (;;) {
      try {
        if (this.#dte.closed) await this.#reopen();
        return await this.#reset();
      } catch (error) {
        this.#signal.throwIfAborted();
        if (!(error instanceof LineGone) || this.#over !== undefined) throw error;
        until ??= performance.now() + this.#backMs;
        if (performance.now() > until) throw error;
        await pause(TRY_AGAIN_MS, this.#signal);
      }
    }
  }

  async #reset(): Promise<void> {
    const signal = this.#signal;
    const { powerCycle } = this.#port;
    if (powerCycle) {
      for (let tries = 0; tries < POWER_CYCLES; tries++) {
        this.#dte.restart();
        await powerCycle();
        if (!await this.#begin(signal)) break;
      }
      await this.#endPrevious();
      this.#setUp = false;
    } else {
      try {
        await this.#lead(signal);
      } catch (error) {
        signal.throwIfAborted();
        if (error instanceof LineGone || !await this.#resetByHand(error)) throw error;
        await this.#lead(signal);
      }
    }
    if (!this.#setUp && this.#target.setup.length > 0) {
      await this.#type("setup", signal);
      // A setup may set echo and errors as the user wants them.
      await this.#begin(signal);
    }
    this.#setUp = true;
    this.#dte.restart();
    this.#sure = true;
  }

  /** Returns whether the module has executed commands sent before. */
  async #begin(signal: AbortSignal): Promise<boolean> {
    const { readyMs } = this.#target.line;
    const { slept, stale } = await beginModule(this.#dte, signal, { sleeps: this.#sleeps, readyMs });
    this.#sleeps = slept;
    return stale;
  }

  /** Resets the module with its own commands. */
  async #lead(signal: AbortSignal, withinMs?: number): Promise<void> {
    const { brokerHost, brokerPort, listenHost, line } = this.#target;
    await resetModule({
      dte: this.#dte,
      dialect: this.#target.dialect,
      broker: { host: brokerHost, port: brokerPort, listen: listenHost },
      unsure: !this.#sure,
      signal,
      readyMs: line.readyMs,
      previous: this.#previous,
      withinMs,
    });
    await this.#endPrevious();
  }

  async #endPrevious(): Promise<void> {
    const previous = this.#previous;
    this.#previous = undefined;
    await previous?.[Symbol.asyncDispose]();
  }

  /** Resets the module with the means that the user has given; returns false if there are none. `why` is the cause. */
  async #resetByHand(why: unknown): Promise<boolean> {
    const { resetCommand } = this.#options;
    const { dtrMs } = this.#target.line;
    const { pulseDtr } = this.#port;
    if (resetCommand) {
      await runToEnd(this.#target.name, "reset", resetCommand, RESET_COMMAND_MS, this.#signal);
    } else if (dtrMs !== undefined && pulseDtr) await pulseDtr(dtrMs);
    else return false;
    const reason = messageOf(why);
    this.#recorder.note("dte", `${reason}; the module was reset by ${resetCommand ? "command" : "DTR"}`);
    this.#sure = false;
    this.#setUp = false;
    return true;
  }

  async #type(what: "setup" | "teardown", signal: AbortSignal): Promise<void> {
    const stage = {
      dte: this.#dte,
      target: this.#target,
      values: this.#options.values ?? new Map(),
      recorder: this.#recorder,
      signal,
      onParty: (party: DteParty) => this.party = party,
    };
    try {
      await runTargetSteps(what, this.#target[what], stage);
    } finally {
      this.party = undefined;
    }
  }

  async #close(): Promise<void> {
    await this.#dte[Symbol.asyncDispose]();
    await this.#port[Symbol.asyncDispose]();
  }

  /** Reopens the line as soon as it is back. */
  async #reopen(): Promise<void> {
    await this.#close();
    this.#sure = false;
    this.#setUp = false;
    const until = performance.now() + this.#backMs;
    for (;;) {
      try {
        this.#port = await this.#target.openPort(this.#signal);
        this.#dte = this.#session(this.#port);
        return;
      } catch (error) {
        this.#signal.throwIfAborted();
        if (performance.now() > until) {
          this.#over = this.goneText;
          throw new LineGone(this.goneText, { cause: error });
        }
        await pause(TRY_AGAIN_MS, this.#signal);
      }
    }
  }
}

/** Returns a recorder whose chart nobody needs. */
function silent(): ChartRecorder {
  return new ChartRecorder(undefined, () => 0, 0);
}
