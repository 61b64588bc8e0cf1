import { defined } from "../ground/defined.ts";
import { pause } from "../ground/wait.ts";
import { type BrokerAddress, isBrokerAddress, parseAddress } from "../transport/address.ts";
import { makeCertificates } from "../transport/certificates.ts";
import { Placeholders } from "./placeholders.ts";
import { firstLineOf, Program } from "./program.ts";
import type { ProcessStart } from "./process_form.ts";
import { TargetError } from "./target.ts";
import { OwnFolder } from "./watch/own_folder.ts";
import { Watch } from "./watch/watch.ts";

/** Default timeouts of a program in milliseconds; those of its target file take precedence. */
export interface ProcessTimes {
  /** Until it listens; default 8,000. */
  readonly startMs?: number | undefined;
  /** From the stop signal until it is killed; default 3,000. */
  readonly stopMs?: number | undefined;
}

const START_MS = 8_000;
const STOP_MS = 3_000;
/** The timeout in milliseconds of the command that prints the version. */
const VERSION_MS = 5_000;
/** The interval in milliseconds between two checks whether it listens. */
const LOOK_MS = 20;
/** How often a program is started with other ports if another program has taken one of them. */
const PORT_TRIES = 3;

/** The texts of a start with their placeholders replaced, and its timeouts. */
interface Filled {
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly beside: readonly (readonly string[])[];
  readonly startMs: number;
  readonly stopMs: number;
}

/** The environment of a start's programs: their folder, and the watch that ends them if attest cannot. */
interface Surroundings {
  readonly folder: OwnFolder;
  readonly watch: Watch;
}

/**
 * A program started for a run, with its own folder and the programs that it needs. Disposing it ends them all
 * by process id; if attest is killed, its {@link Watch} does.
 */
export class StartedProcess implements AsyncDisposable {
  /** Where it listens, and where it also listens for WebSocket. */
  readonly address: BrokerAddress;
  readonly websocket: BrokerAddress | undefined;
  readonly placeholders: Placeholders;
  version: string | undefined;
  readonly #name: string;
  readonly #filled: Filled;
  readonly #around: Surroundings;
  readonly #signal: AbortSignal;
  #programs: Program[] = [];

  private constructor(
    name: string,
    start: ProcessStart,
    around: Surroundings,
    times: ProcessTimes,
    signal: AbortSignal,
  ) {
    const placeholders = new Placeholders(around.folder.path);
    this.#name = name;
    this.#around = around;
    this.#signal = signal;
    this.placeholders = placeholders;
    this.address = brokerAddress(name, placeholders.fill(start.at ?? "mqtt://127.0.0.1:{port}"));
    this.websocket = start.websocket === undefined
      ? undefined
      : brokerAddress(name, placeholders.fill(start.websocket));
    this.#filled = {
      command: start.command.map((word) => placeholders.fill(word)),
      env: { ...placeholders.fillAll(start.env ?? {}), ...around.watch.env },
      beside: (start.beside ?? []).map((command) => command.map((word) => placeholders.fill(word))),
      startMs: start.startMs ?? times.startMs ?? START_MS,
      stopMs: start.stopMs ?? times.stopMs ?? STOP_MS,
    };
  }

  /**
   * Starts the program and waits until it accepts connections; retries with other ports if another program
   * has taken one of them. If `signal` aborts, cancels the start and gives the program little time to exit.
   * Throws {@link TargetError}.
   */
  static async start(
    name: string,
    start: ProcessStart,
    signal: AbortSignal,
    times: ProcessTimes = {},
  ): Promise<StartedProcess> {
    for (let tries = 1;; tries++) {
      const around = await surroundings(name);
      let process: StartedProcess | undefined;
      try {
        process = new StartedProcess(name, start, around, times, signal);
        await process.#prepare(start);
        if (process.placeholders.portTaken()) {
          throw process.#notStarted("another program has taken one of its ports");
        }
        await process.#begin(signal);
        return process;
      } catch (error) {
        await dispose(around);
        // A port that was free when it was chosen can be taken by the time the program listens on it.
        if (tries === PORT_TRIES || signal.aborted || !process?.placeholders.portTaken()) throw error;
      }
    }
  }

  /** The port of `{port}`. */
  get port(): number {
    return this.placeholders.port();
  }

  /** Its process id, while it runs. */
  get pid(): number | undefined {
    return this.#programs.at(-1)?.pid;
  }

  /** Whether it still runs. */
  get running(): boolean {
    return this.#programs.at(-1)?.running ?? false;
  }

  /** Stops it and starts it again, with the same ports and folder. Throws {@link TargetError}. */
  async restart(signal: AbortSignal): Promise<void> {
    await this.#end();
    await this.#begin(signal);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#end();
    await dispose(this.#around);
  }

  /** Writes the program's files into its folder, and reads its version. */
  async #prepare(start: ProcessStart): Promise<void> {
    const { folder } = this.placeholders;
    if (start.certificates) await writeCertificates(folder);
    const files = defined({ ...start.files, config: start.config });
    for (const [file, text] of Object.entries(files)) {
      await Deno.writeTextFile(`${folder}/${file}`, this.placeholders.fill(text));
    }
    if (start.version) {
      const version = start.version.map((word) => this.placeholders.fill(word));
      this.version = await firstLineOf(version, this.#filled.env, VERSION_MS);
    }
  }

  async #begin(signal: AbortSignal): Promise<void> {
    const { command, env, beside, stopMs, startMs } = this.#filled;
    const { watch } = this.#around;
    try {
      for (const one of [...beside, command]) {
        this.#programs.push(
          new Program(this.#name, { command: one, env, stopMs, watch, signal: this.#signal }),
        );
      }
    } catch (error) {
      await this.#end();
      throw error;
    }
    if (await this.#listens(signal, startMs)) return;
    const fallen = this.#programs.find((one) => !one.running) ?? this.#programs.at(-1);
    const outcome = this.#programs.some((one) => !one.running)
      ? `${fallen?.ending} before it listened`
      : `does not listen ${placeOf(this.address)} after ${startMs / 1000} s`;
    await this.#end();
    throw this.#notStarted(`"${fallen?.name}" ${outcome}${fallen?.lastWords ?? ""}`);
  }

  #notStarted(why: string): TargetError {
    return new TargetError(`The target "${this.#name}" did not start: ${why}`);
  }

  /** Ends the programs in reverse order, because each may need the earlier ones. */
  async #end(): Promise<void> {
    for (const program of this.#programs.splice(0).reverse()) await program[Symbol.asyncDispose]();
  }

  async #listens(signal: AbortSignal, withinMs: number): Promise<boolean> {
    const until = performance.now() + withinMs;
    const due = [this.address, this.websocket].filter((one) => one !== undefined);
    while (this.#programs.every((one) => one.running) && performance.now() < until && !signal.aborted) {
      try {
        for (const address of due) await touch(address);
        // Another program may answer at its port; the program itself then soon exits.
        await pause(LOOK_MS);
        return this.#programs.every((one) => one.running);
      } catch {
        await pause(LOOK_MS);
      }
    }
    return false;
  }
}

async function surroundings(name: string): Promise<Surroundings> {
  const folder = await OwnFolder.make();
  try {
    return { folder, watch: await Watch.start(name, folder) };
  } catch (error) {
    await folder[Symbol.asyncDispose]();
    throw error;
  }
}

async function dispose({ folder, watch }: Surroundings): Promise<void> {
  await watch[Symbol.asyncDispose]();
  await folder[Symbol.asyncDispose]();
}

async function touch(address: BrokerAddress): Promise<void> {
  const connection = address.kind === "unix"
    ? await Deno.connect({ transport: "unix", path: address.path })
    : await Deno.connect({ hostname: address.host, port: address.port });
  connection.close();
}

function placeOf(address: BrokerAddress): string {
  return address.kind === "unix" ? `at ${address.path}` : `on port ${address.port}`;
}

function brokerAddress(name: string, text: string): BrokerAddress {
  const address = parseAddress(text);
  if (isBrokerAddress(address)) return address;
  throw new TargetError(`The target "${name}" is a broker, but ${text} is not the address of one`);
}

async function writeCertificates(folder: string): Promise<void> {
  const { ca, authority, server, client } = await makeCertificates();
  const files = {
    "ca.pem": ca,
    "ca.key": authority.key,
    "server.pem": server.certificate,
    "server.key": server.key,
    "client.pem": client.certificate,
    "client.key": client.key,
  };
  for (const [file, text] of Object.entries(files)) await Deno.writeTextFile(`${folder}/${file}`, text);
}
