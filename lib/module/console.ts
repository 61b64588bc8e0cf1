import type { Transport } from "../transport/transport.ts";
import { writeAll } from "../transport/transport.ts";
import type { ModuleBehaviour } from "./behaviour.ts";
import { fromBinary } from "./binary.ts";
import { Echo } from "./echo.ts";
import type { Hooks, Moment, Urc } from "./hooks.ts";
import type { Schedule } from "./schedule.ts";
import { urcLines } from "./urc_forms.ts";

/** How much output may wait for a host that does not read, in bytes; the rest is lost, as on a UART. */
const OUTPUT_LIMIT = 1024 * 1024;

/** How many delayed URCs may wait before their senders must wait. */
const MOST_LATE = 64;

/** The URCs that no command announces. */
const UNSOLICITED = new Set(["ECMTRECV", "ECMTSTAT"]);

const CR = 0x0d;

/** The longest time that an OK is held back, in ms. */
const LONGEST_HOLD = 500;

/** The output side of the serial line: framing, final results, unsolicited results, echo [ECMT-AT-4 to ECMT-AT-7]. */
export class Console {
  readonly #transport: Transport;
  readonly #behaviour: ModuleBehaviour;
  readonly #hooks: Hooks;
  readonly #schedule: Schedule;
  readonly #takes: (urc: Urc) => boolean;
  readonly #queue: Uint8Array[] = [];
  readonly #heldUrcs: Urc[] = [];
  readonly #echo: Echo;
  #queued = 0;
  #writing: Promise<void> | undefined;
  #holdsUrcs = false;
  #stopHold: () => void = () => {};
  #heldFinal: (() => void) | undefined;
  #lateUrcs = 0;
  #powerOns = 0;
  #errorForm: 0 | 1 | 2 = 1;
  #quiet = false;
  /** Whether the last line was a payload, which may continue as far as the host knows. */
  #payloadSaid = false;

  /** `takes` keeps a result from being printed, since a command is answered by it. */
  constructor(
    transport: Transport,
    behaviour: ModuleBehaviour,
    hooks: Hooks,
    schedule: Schedule,
    takes: (urc: Urc) => boolean = () => false,
  ) {
    this.#takes = takes;
    this.#transport = transport;
    this.#behaviour = behaviour;
    this.#hooks = hooks;
    this.#schedule = schedule;
    this.#echo = new Echo(behaviour, hooks, (bytes) => this.#put(bytes));
    this.restart();
  }

  /** How often the power was switched on; a command from before then sends nothing more. */
  get powerOns(): number {
    return this.#powerOns;
  }

  /** Whether echo is on (`ATE`). */
  set echo(on: boolean) {
    this.#echo.on = on;
  }

  /** The error form (`AT+CMEE`): 0 plain, 1 with the number, 2 with the text [ECMT-AT-32]. */
  get errorForm(): 0 | 1 | 2 {
    return this.#errorForm;
  }

  set errorForm(form: 0 | 1 | 2) {
    this.#errorForm = form;
  }

  /** Whether results and URCs are suppressed (`ATQ`) [ECMT-AT-6]. */
  set quiet(on: boolean) {
    this.#quiet = on;
  }

  /** Restores the settings of power-on. */
  restart(): void {
    this.#powerOns++;
    // Pending output was lost with the power.
    this.#queued -= this.#queue.splice(0).reduce((sum, bytes) => sum + bytes.length, 0);
    this.#echo.restart();
    this.#errorForm = this.#behaviour.powerOn.errors;
    this.#quiet = false;
    this.#holdsUrcs = false;
    this.#heldUrcs.length = 0;
    this.#heldFinal = undefined;
    this.#stopHold();
  }

  /** Echoes what the host sends if echo is on. */
  typed(bytes: Uint8Array): void {
    this.#echo.typed(bytes);
  }

  /** Responds to the greeting that has woken the UART [ECMT-AT-9]. */
  greet(): void {
    this.#say("\r\nKSDH\r\n");
  }

  /** Prints the URCs of a booted module, and starts the periodic ones. */
  booted(): void {
    const powerOn = this.#powerOns;
    this.#aside("power-on");
    const { chatterMs } = this.#behaviour;
    if (chatterMs <= 0) return;
    const chatter = () => {
      if (powerOn !== this.#powerOns) return;
      if (!this.#holdsUrcs) this.#aside("now-and-then");
      this.#schedule.after(chatterMs, chatter);
    };
    this.#schedule.after(chatterMs, chatter);
  }

  /** Prints information lines of a response. */
  lines(lines: readonly string[]): void {
    if (lines.length > 0) this.#say(this.#hooks.framed(lines, "information"));
  }

  /** Prints `OK`; `urcFollows` if the command's own URC will follow. */
  ok(urcFollows = false): void {
    const say = () => this.#final("OK", urcFollows);
    if (!urcFollows || !this.#hooks.okWaitsForUrc) return say();
    this.#heldFinal = say;
    this.#stopHold();
    this.#stopHold = this.#schedule.after(LONGEST_HOLD, () => this.#releaseFinal());
  }

  /** Prints `ERROR`, whatever the error form, for a syntax error that the parser found [ECMT-AT-30]. */
  error(): void {
    this.#final("ERROR");
  }

  /** Prints the refusal of a command [ECMT-AT-31]. */
  refused(): void {
    const form = this.#hooks.errorForm(this.#errorForm);
    const { refusal } = this.#behaviour;
    const code = this.#hooks.errorCode(refusal.code);
    const text = code === refusal.code ? refusal.text : "incorrect parameters";
    this.#final(form === 0 ? "ERROR" : `+CME ERROR: ${form === 1 ? code : text}`);
  }

  /** Prints the prompt. URCs wait until {@link dataEntered}, so none interrupts the echo of the data. */
  prompt(): void {
    this.#holdsUrcs = true;
    this.#echo.data = true;
    this.#say(this.#hooks.prompt);
    this.#aside("behind-prompt");
  }

  /** Ends what {@link prompt} began. */
  dataEntered(): void {
    this.#holdsUrcs = false;
    this.#echo.data = false;
  }

  /** Prints the URCs that waited. */
  release(): void {
    for (const urc of this.#heldUrcs.splice(0)) this.#print(urc);
  }

  /** Prints an unsolicited result; the promise resolves when there is room for more. */
  urc(urc: Urc): Promise<void> {
    const { resultDelayMs, unsolicitedDelayMs } = this.#behaviour;
    const delayMs = UNSOLICITED.has(urc.name) ? unsolicitedDelayMs : resultDelayMs;
    if (delayMs > 0) return this.#urcLater(urc, delayMs);
    this.#urcNow(urc);
    return this.#queued > OUTPUT_LIMIT / 4 ? this.drained() : Promise.resolve();
  }

  /** Resolves when all output is written. */
  async drained(): Promise<void> {
    await this.#writing;
  }

  #urcNow(urc: Urc): void {
    if (this.#holdsUrcs && this.#heldUrcs.length < 1000) this.#heldUrcs.push(urc);
    else this.#print(urc);
  }

  /** Prints a URC later; the promise resolves immediately while few are delayed, otherwise when it is printed. */
  #urcLater(urc: Urc, delayMs: number): Promise<void> {
    const powerOn = this.#powerOns;
    this.#lateUrcs++;
    const said = this.#schedule.wait(delayMs).then(() => {
      this.#lateUrcs--;
      if (powerOn === this.#powerOns) this.#urcNow(urc);
    });
    return this.#lateUrcs > MOST_LATE ? said : Promise.resolve();
  }

  #print(urc: Urc): void {
    for (const each of this.#hooks.urc(urc)) {
      if (this.#takes(each)) continue;
      const { name } = each;
      const lines = this.#hooks.urcLines(each, urcLines(each, this.#behaviour));
      if (lines.length === 0) continue;
      // Where nothing says how long a payload is, it may go on as far as the host can tell.
      const message = name === "ECMTRECV" && ["ECMT", "QMT"].includes(this.#behaviour.commands);
      if (!message) this.#aside("before-urc");
      const texts = lines.map((line) => this.#hooks.urcText(each, line));
      this.#say(this.#hooks.framed(texts, message ? "message" : "urc"));
      this.#payloadSaid = message;
      this.#aside(message ? "behind-message" : "behind-urc");
    }
    this.#releaseFinal();
  }

  #aside(moment: Moment): void {
    for (const line of this.#hooks.besides(moment)) this.#say(this.#hooks.framed([line], "urc"));
  }

  #final(line: string, urcFollows = false): void {
    this.#aside("before-final");
    for (const said of this.#hooks.final(line, urcFollows)) this.#say(this.#hooks.framed([said], "final"));
  }

  #releaseFinal(): void {
    const say = this.#heldFinal;
    this.#heldFinal = undefined;
    this.#stopHold();
    say?.();
  }

  #say(text: string): void {
    if (this.#hooks.quiets(this.#quiet)) return;
    const { noise } = this.#behaviour;
    if (noise !== "" && !this.#payloadSaid) this.#put(Uint8Array.fromHex(noise));
    this.#payloadSaid = false;
    this.#put(fromBinary(text));
  }

  #put(bytes: Uint8Array): void {
    if (this.#queued + bytes.length > OUTPUT_LIMIT) return;
    this.#queue.push(bytes);
    this.#queued += bytes.length;
    this.#writing ??= this.#write();
  }

  async #write(): Promise<void> {
    // One turn later, so a response in several parts is sent in one write.
    await Promise.resolve();
    try {
      while (this.#queue.length > 0) {
        await this.#schedule.wait(this.#behaviour.burstMs);
        const bytes = joined(this.#queue.splice(0));
        await this.#writePieces(bytes);
        this.#queued -= bytes.length;
      }
    } catch {
      // The line is closed; its reader will see that.
      this.#queue.length = 0;
      this.#queued = 0;
    } finally {
      this.#writing = undefined;
    }
  }

  async #writePieces(bytes: Uint8Array): Promise<void> {
    const { pieceBytes, pieceGapMs, splitsLineEnds } = this.#behaviour;
    const powerOn = this.#powerOns;
    const size = pieceBytes > 0 ? pieceBytes : bytes.length;
    for (let from = 0, to = 0; from < bytes.length; from = to) {
      if (from > 0) await this.#schedule.wait(pieceGapMs);
      if (powerOn !== this.#powerOns) return;
      const cr = splitsLineEnds ? bytes.indexOf(CR, from) : -1;
      to = Math.min(from + size, bytes.length, cr < 0 ? Infinity : cr + 1);
      await writeAll(this.#transport, bytes.subarray(from, to));
    }
  }
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
