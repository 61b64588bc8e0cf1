import { Dte } from "../link/dte.ts";
import type { ModulePort, ModuleTarget } from "../target/target.ts";
import type { DteParty } from "./dte_party.ts";
import { beginModule, type Former, resetModule } from "./module_reset.ts";
import { LineGone } from "./typist.ts";

/** Milliseconds in which a line that is gone must be back, and between two tries. */
const BACK_MS = 4_000;
const TRY_AGAIN_MS = 200;
/** A module that could not be brought to the start so often in a row is not tried again. */
const FAILURES = 3;
/** Milliseconds that are spent on a module when no case follows. */
const LEAVE_MS = 3_000;

/** A case's conversation with the module's other side, to be kept until the module has left it. */
export type Left = Former & AsyncDisposable;

/** A serial line with a module on it, from case to case. It owns the port, and what the former case has left. */
export class ModuleLine implements AsyncDisposable {
  readonly #target: ModuleTarget;
  readonly #signal: AbortSignal;
  readonly #backMs: number;
  #port: ModulePort;
  #dte: Dte;
  #former: Left | undefined;
  /** The module is where a case begins, or a case has led it from there. */
  #sure = false;
  #failures = 0;
  /** The sentence for the rest of the cases. */
  #over: string | undefined;
  /** The party of the case that runs now. */
  party: DteParty | undefined;

  private constructor(target: ModuleTarget, port: ModulePort, signal: AbortSignal, backMs: number) {
    this.#target = target;
    this.#signal = signal;
    this.#backMs = backMs;
    this.#port = port;
    this.#dte = this.#session(port);
  }

  /**
   * Opens the line; `signal` is that of the run. A line that is gone later is waited for `backMs` milliseconds, default
   * 4,000. Throws TransportError.
   */
  static async open(target: ModuleTarget, signal: AbortSignal, backMs = BACK_MS): Promise<ModuleLine> {
    return new ModuleLine(target, await target.openPort(signal), signal, backMs);
  }

  /** The session on the line; another one once the line was gone and is back. */
  get dte(): Dte {
    return this.#dte;
  }

  /** Whether the line was lost, and may be back for the next case. */
  get lost(): boolean {
    return this.#dte.closed !== undefined && this.#over === undefined;
  }

  /**
   * Brings the module to where a case begins: no context, echo off and numeric errors. A power cycle does not rely on any
   * command; where there is none, commands do it, and their answers are not judged. Throws an Error with a sentence when
   * the module does not get there, or the line is gone and does not come back.
   */
  async restart(): Promise<void> {
    this.party = undefined;
    if (this.#over !== undefined) throw new Error(this.#over);
    try {
      if (this.#dte.closed) await this.#reopen();
      try {
        await this.#reset();
      } catch (error) {
        // It may have gone unnoticed since the last case.
        if (!(error instanceof LineGone)) throw error;
        await this.#reopen();
        await this.#reset();
      }
      this.#failures = 0;
    } catch (error) {
      this.#sure = false;
      const said = error instanceof Error ? error.message : String(error);
      const message = error instanceof LineGone ? this.#gone : said;
      if (++this.#failures === FAILURES) {
        this.#over ??= `${message}; it was tried for ${FAILURES} cases in a row`;
      }
      throw new Error(message, { cause: error });
    }
  }

  /** Takes over what a case leaves. The connection stands until the module has closed it: cut, it would be opened again. */
  async leave(left: Left): Promise<void> {
    this.party = undefined;
    if (this.#port.powerCycle) await left[Symbol.asyncDispose]();
    else this.#former = left;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // The module is handed back as it was found, as far as it goes: nobody is judged by it any more.
    if (this.#former && !this.#signal.aborted && !this.#dte.closed) {
      await this.#reset(LEAVE_MS).catch(() => {});
    }
    await this.#former?.[Symbol.asyncDispose]();
    await this.#close();
  }

  get #gone(): string {
    return `The serial line ${this.#target.address} is gone`;
  }

  #session(port: ModulePort): Dte {
    return new Dte(port.transport, {
      dialect: this.#target.dialect,
      onArrival: (arrival) => this.party?.arrived(arrival),
    });
  }

  async #reset(withinMs?: number): Promise<void> {
    const signal = this.#signal;
    const { brokerHost, brokerPort, listenHost } = this.#target;
    const { powerCycle } = this.#port;
    if (powerCycle) {
      this.#dte.restart();
      await powerCycle();
      await beginModule(this.#dte, signal);
    } else {
      await resetModule({
        dte: this.#dte,
        dialect: this.#target.dialect.name,
        broker: { host: brokerHost, port: brokerPort, listen: listenHost },
        unsure: !this.#sure,
        signal,
        ...(this.#former ? { former: this.#former } : {}),
        ...(withinMs === undefined ? {} : { withinMs }),
      });
      const former = this.#former;
      this.#former = undefined;
      await former?.[Symbol.asyncDispose]();
    }
    this.#dte.restart();
    this.#sure = true;
  }

  async #close(): Promise<void> {
    await this.#dte[Symbol.asyncDispose]();
    await this.#port[Symbol.asyncDispose]();
  }

  /** Opens the line anew, as soon as it is back. */
  async #reopen(): Promise<void> {
    await this.#close();
    this.#sure = false;
    const until = performance.now() + this.#backMs;
    for (;;) {
      try {
        this.#port = await this.#target.openPort(this.#signal);
        this.#dte = this.#session(this.#port);
        return;
      } catch (error) {
        this.#signal.throwIfAborted();
        if (performance.now() > until) {
          this.#over = this.#gone;
          throw new LineGone(this.#gone, { cause: error });
        }
        await pause(TRY_AGAIN_MS, this.#signal);
      }
    }
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener("abort", done);
  });
}
