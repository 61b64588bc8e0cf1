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

/** Milliseconds in which a line that is gone must be back, and between two tries. */
const BACK_MS = 4_000;
const TRY_AGAIN_MS = 200;
/** A module that could not be brought to the start so often in a row is not tried again. */
const FAILURES = 3;
/** A module that carries out what was typed before the power went is switched off and on so often at most. */
const POWER_CYCLES = 3;
/** Milliseconds in which the user's command that resets a module has to end. */
const RESET_COMMAND_MS = 30_000;
/** Milliseconds that are spent on a module when no case follows, and on the teardown. */
const LEAVE_MS = 3_000;
const TEARDOWN_MS = 10_000;

/** A case's conversation with the module's other side, to be kept until the module has left it. */
export type LeftCase = FinishedCase & AsyncDisposable;

/** How a line is opened. */
export interface ModuleLineOptions {
  /** Ends with the run. */
  readonly signal: AbortSignal;
  /** Values given on the command line, for setup and teardown. */
  readonly values?: ReadonlyMap<string, Value> | undefined;
  /** A command of the user's that resets the module, word by word. */
  readonly resetCommand?: readonly string[] | undefined;
}

/** A serial line with a module on it, from case to case. It owns the port, and what the previous case has left. */
export class ModuleLine implements AsyncDisposable {
  readonly #target: ModuleTarget;
  readonly #options: ModuleLineOptions;
  readonly #signal: AbortSignal;
  readonly #backMs: number;
  #port: ModulePort;
  #dte: Dte;
  #gone = new AbortController();
  #previous: LeftCase | undefined;
  /** The module is where a case begins, or a case has led it from there. */
  #sure = false;
  /** The target's setup has been typed since the line was opened, and the module reset. */
  #setUp = false;
  /** The module sleeps when it was switched on, until it is greeted. */
  #sleeps = false;
  #failures = 0;
  /** The module was where a case begins, once at least. */
  #answered = false;
  /** The sentence for the rest of the cases. */
  #over: string | undefined;
  /** Charts what is typed between cases. */
  #recorder = silent();
  /** Who hears what comes in: the party of the case that runs now. */
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

  /** The session on the line; another one once the line was gone and is back. */
  get dte(): Dte {
    return this.#dte;
  }

  /** Aborts when the session on the line ends. */
  get gone(): AbortSignal {
    return this.#gone.signal;
  }

  /** Whether the module keeps what a case has made of it, since nothing but its own commands leads it back. */
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
   * Brings the module to where a case begins: no context, echo off and numeric errors, and the target's setup typed. A power
   * cycle does not rely on any command; where there is none, commands do it, and their answers are not judged. A line that
   * is gone is waited for. `recorder` charts the setup. Throws an Error with a sentence when the module does not get there,
   * or the line does not come back.
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
        this.#over ??= `${message}; it was tried for ${FAILURES} cases in a row`;
      }
      throw new Error(message, { cause: error });
    } finally {
      this.party = undefined;
    }
  }

  /**
   * Takes over what a case leaves. The connection stands until the module has closed it: cut, it would be opened again, at a
   * port that may be another case's by then.
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

  /** The module is left as it was found, as far as it goes: nobody is judged by it any more. */
  async #handBack(): Promise<void> {
    const { teardown } = this.#target;
    // What the user has interrupted is not led back, unless the target says how it has to be left.
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
      this.#recorder.note("dte", `the module was not left as it should be: ${message}`);
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

  /** Resets the module, on a line that is opened anew whenever it is gone; for a while, where it comes and goes. */
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
      // A setup may leave echo and errors as the user has them.
      await this.#begin(signal);
    }
    this.#setUp = true;
    this.#dte.restart();
    this.#sure = true;
  }

  /** Gives whether the module has carried out what was typed before. */
  async #begin(signal: AbortSignal): Promise<boolean> {
    const { readyMs } = this.#target.line;
    const { slept, stale } = await beginModule(this.#dte, signal, { sleeps: this.#sleeps, readyMs });
    this.#sleeps = slept;
    return stale;
  }

  /** Leads the module back by its own commands. */
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

  /** Resets the module by what the user has named for it; false where there is nothing. `why` is what led to it. */
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

  /** Opens the line anew, as soon as it is back. */
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

/** A recorder of what nobody looks at. */
function silent(): ChartRecorder {
  return new ChartRecorder(undefined, () => 0, 0);
}
