import { Dte } from "../link/dte.ts";
import { ecmt, stepsOf } from "../suite/test_suite.ts";
import { openPty } from "../transport/pty.ts";
import { SerialPort } from "../transport/serial.ts";
import { type Transport, writeAll } from "../transport/transport.ts";
import { DteParty } from "./party/dte.ts";
import { playStep } from "./play.ts";
import { TestCase } from "./test_case.ts";

/** The options of a case's serial side that a test may set. */
export interface TestSerialOptions {
  readonly withinMs?: number;
  readonly lenient?: true;
  readonly expectedNames?: readonly string[];
  /** Returns the module's response to each command line; without it the test responds with {@link TestSerial.say}. */
  readonly answer?: (command: string) => string;
  /** Whether the module reads nothing. */
  readonly deaf?: true;
}

/** A case on the serial line of a module that the test plays, over a real pty. */
export class TestSerial extends TestCase implements AsyncDisposable {
  readonly party: DteParty;
  readonly dte: RememberingDte;
  readonly #module: Transport;
  readonly #commands: string[] = [];
  readonly #reading: Promise<void>;
  #wake: (() => void) | undefined;

  private constructor(dialect: Awaited<ReturnType<typeof ecmt>>, options: TestSerialOptions) {
    super({ withinMs: options.withinMs ?? 5_000 });
    const { master, path } = openPty();
    this.#module = master;
    this.dte = new RememberingDte(SerialPort.open(path), {
      dialect,
      onArrival: (arrival) => this.party.arrived(arrival),
    });
    this.party = new DteParty(this.context, {
      dte: this.dte,
      dialect,
      lenient: options.lenient,
      expectedNames: new Set(options.expectedNames),
    });
    this.#reading = options.deaf ? Promise.resolve() : this.#read(options.answer);
  }

  static async start(options: TestSerialOptions = {}): Promise<TestSerial> {
    return new TestSerial(await ecmt(), options);
  }

  /** Sends these bytes from the module; text includes its line ends. */
  async say(bytes: string | Uint8Array): Promise<void> {
    await writeAll(this.#module, typeof bytes === "string" ? new TextEncoder().encode(bytes) : bytes);
  }

  /** Returns what the host sends next, up to its CR, Ctrl-Z or ESC. */
  async typed(): Promise<string> {
    for (;;) {
      const command = this.#commands.shift();
      if (command !== undefined) return command;
      await new Promise<void>((resolve) => this.#wake = resolve);
    }
  }

  /** The number of command lines that wait for {@link TestSerial.typed}. */
  get untaken(): number {
    return this.#commands.length;
  }

  /** Resolves once `count` arrivals wait for a step. */
  async waiting(count: number): Promise<void> {
    while (this.dte.waiting < count) await new Promise((resolve) => setTimeout(resolve, 1));
  }

  /** Plays steps as a suite writes them; `names` are variables that were captured before. */
  async play(lines: readonly string[], names: readonly string[] = []): Promise<void> {
    for (const step of await stepsOf(lines, "at", names)) {
      await playStep(step, { context: this.context, party: () => this.party });
    }
  }

  /** Disconnects the line. */
  unplug(): void {
    this.#module.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.party[Symbol.asyncDispose]();
    await this.dte[Symbol.asyncDispose]();
    this.#module.close();
    await Promise.all([this.#reading, ...this.dte.writes]);
  }

  async #read(answer: ((command: string) => string) | undefined): Promise<void> {
    const buffer = new Uint8Array(4_096);
    let line = "";
    try {
      for (
        let size = await this.#module.read(buffer);
        size !== null;
        size = await this.#module.read(buffer)
      ) {
        for (const character of new TextDecoder("latin1").decode(buffer.subarray(0, size))) {
          line += character;
          if (!"\r\x1a\x1b".includes(character)) continue;
          this.#commands.push(line);
          this.#wake?.();
          if (answer) await this.say(answer(line));
          line = "";
        }
      }
    } catch {
      // The line is closed.
    }
  }
}

/** A session that tracks its pending writes, even if the case no longer waits for them. */
class RememberingDte extends Dte {
  readonly writes: Promise<void>[] = [];

  override send(bytes: Uint8Array): Promise<void> {
    const write = super.send(bytes);
    this.writes.push(write.catch(() => {}));
    return write;
  }
}
