import type { Transport } from "../transport/transport.ts";
import { writeAll } from "../transport/transport.ts";
import type { ModuleBehaviour } from "./behaviour.ts";
import { fromBinary } from "./binary.ts";
import type { Hooks, Urc } from "./hooks.ts";
import type { Schedule } from "./schedule.ts";

/** So much output may wait for a host that does not read; what is said beyond it is lost, as on a UART. Bytes. */
const OUTPUT_LIMIT = 1024 * 1024;

/** A held OK goes out after this time at the latest, ms. */
const LONGEST_HOLD = 500;

/** What the module says on the serial line: framing, final results, unsolicited results, echo [ECMT-AT-4 to ECMT-AT-7]. */
export class Console {
  readonly #transport: Transport;
  readonly #behaviour: ModuleBehaviour;
  readonly #hooks: Hooks;
  readonly #schedule: Schedule;
  readonly #queue: Uint8Array[] = [];
  readonly #heldUrcs: Urc[] = [];
  #queued = 0;
  #writing: Promise<void> | undefined;
  #holdsUrcs = false;
  #stopHold: () => void = () => {};
  #heldFinal: (() => void) | undefined;
  #echo = true;
  #errorForm: 0 | 1 | 2 = 1;
  #quiet = false;
  /** What was said last may go on, as far as the host can tell. */
  #payloadSaid = false;
  readonly #noise: Uint8Array;

  constructor(transport: Transport, behaviour: ModuleBehaviour, hooks: Hooks, schedule: Schedule) {
    this.#transport = transport;
    this.#behaviour = behaviour;
    this.#hooks = hooks;
    this.#schedule = schedule;
    this.#noise = Uint8Array.fromHex(behaviour.noise);
    this.restart();
  }

  /** `ATE`. */
  set echo(on: boolean) {
    this.#echo = on;
  }

  /** `AT+CMEE`: 0 plain, 1 with the number, 2 with the text [ECMT-AT-32]. */
  get errorForm(): 0 | 1 | 2 {
    return this.#errorForm;
  }

  set errorForm(form: 0 | 1 | 2) {
    this.#errorForm = form;
  }

  /** `ATQ1`: neither results nor URCs [ECMT-AT-6]. */
  set quiet(on: boolean) {
    this.#quiet = on;
  }

  /** The settings of power-on. */
  restart(): void {
    this.#echo = this.#behaviour.powerOn.echo;
    this.#errorForm = this.#behaviour.powerOn.errors;
    this.#quiet = false;
    this.#holdsUrcs = false;
    this.#heldUrcs.length = 0;
    this.#heldFinal = undefined;
    this.#stopHold();
  }

  /** Gives back what the host typed, where echo is on. */
  typed(bytes: Uint8Array): void {
    if (this.#hooks.echoes(this.#echo)) this.#put(bytes.slice());
  }

  /** What it says when a greeting has woken it [ECMT-AT-9]. */
  greet(): void {
    this.#say("\r\nKSDH\r\n");
  }

  /** Information lines of an answer. */
  lines(lines: readonly string[]): void {
    if (lines.length > 0) this.#say(`\r\n${lines.join("\r\n")}\r\n`);
  }

  /** `OK`; `urcFollows` when the command's own URC will come behind it. */
  ok(urcFollows = false): void {
    const say = () => this.#final("OK", urcFollows);
    if (!urcFollows || !this.#hooks.okWaitsForUrc) return say();
    this.#heldFinal = say;
    this.#stopHold();
    this.#stopHold = this.#schedule.after(LONGEST_HOLD, () => this.#releaseFinal());
  }

  /** `ERROR`, whatever the error form: a fault that the parser found [ECMT-AT-30]. */
  error(): void {
    this.#final("ERROR");
  }

  /** A refusal by the command itself [ECMT-AT-31]. */
  refused(): void {
    const form = this.#hooks.errorForm(this.#errorForm);
    const { refusal } = this.#behaviour;
    const code = this.#hooks.errorCode(refusal.code);
    const text = code === refusal.code ? refusal.text : "incorrect parameters";
    this.#final(form === 0 ? "ERROR" : `+CME ERROR: ${form === 1 ? code : text}`);
  }

  /** Asks for data; URCs wait until {@link dataEntered}, so that none falls into the echo of the data. */
  prompt(): void {
    this.#holdsUrcs = true;
    this.#say(this.#hooks.prompt);
  }

  /** Ends what {@link prompt} began. */
  dataEntered(): void {
    this.#holdsUrcs = false;
  }

  /** Says the URCs that waited. */
  release(): void {
    for (const urc of this.#heldUrcs.splice(0)) this.#print(urc);
  }

  /** An unsolicited result. The promise is kept when the host has read enough that more can be said. */
  urc(urc: Urc): Promise<void> {
    if (this.#holdsUrcs && this.#heldUrcs.length < 1000) this.#heldUrcs.push(urc);
    else this.#print(urc);
    return this.#queued > OUTPUT_LIMIT / 4 ? this.drained() : Promise.resolve();
  }

  /** Kept when all that was said is written. */
  async drained(): Promise<void> {
    await this.#writing;
  }

  #print(urc: Urc): void {
    for (const { name, fields } of this.#hooks.urc(urc)) {
      const colon = this.#behaviour.spaceAfterColon ? ": " : ":";
      const shown = name.replace(/^ECMT/, this.#behaviour.commands);
      this.#say(`\r\n+${shown}${colon}${fields.join(",")}\r\n`);
      this.#payloadSaid = name === "ECMTRECV";
    }
    this.#releaseFinal();
  }

  #final(line: string, urcFollows = false): void {
    for (const said of this.#hooks.final(line, urcFollows)) this.#say(`\r\n${said}\r\n`);
  }

  #releaseFinal(): void {
    const say = this.#heldFinal;
    this.#heldFinal = undefined;
    this.#stopHold();
    say?.();
  }

  #say(text: string): void {
    if (this.#hooks.quiets(this.#quiet)) return;
    if (this.#noise.length > 0 && !this.#payloadSaid) this.#put(this.#noise);
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
    // One turn later, so that an answer said in parts leaves in one write.
    await Promise.resolve();
    try {
      while (this.#queue.length > 0) {
        await this.#schedule.wait(this.#behaviour.burstMs);
        const bytes = joined(this.#queue.splice(0));
        await this.#writePieces(bytes);
        this.#queued -= bytes.length;
      }
    } catch {
      // The line is gone; whoever reads from it will see that.
      this.#queue.length = 0;
      this.#queued = 0;
    } finally {
      this.#writing = undefined;
    }
  }

  async #writePieces(bytes: Uint8Array): Promise<void> {
    const { pieceBytes, pieceGapMs } = this.#behaviour;
    const size = pieceBytes > 0 ? pieceBytes : bytes.length;
    for (let from = 0; from < bytes.length; from += size) {
      if (from > 0) await this.#schedule.wait(pieceGapMs);
      await writeAll(this.#transport, bytes.subarray(from, from + size));
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
