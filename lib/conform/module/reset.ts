import type { Dialect } from "../../at/dialect.ts";
import { ScriptedBroker } from "../../broker/scripted.ts";
import type { Dte, ResultArrival } from "../../link/dte.ts";
import { AcceptAllBroker } from "./accept_all_broker.ts";
import {
  type ContextCommands,
  contextCommandsOf,
  lastCommandsOf,
  type ResultCommand,
} from "./reset_commands.ts";
import { CommandRunner, LineGone } from "./command_runner.ts";

/**
 * The timeout in milliseconds for a module to reach the start state of a case, including its own
 * reconnecting.
 */
const RESET_MS = 15_000;
/** The timeout in milliseconds of the response to a command. */
const ANSWER_MS = 6_000;
/** The timeout of the first response, which an undetected end of data entry may swallow. */
const LISTEN_MS = 2_000;
/** The timeout of each attempt on a module that is asleep or still booting. */
const TRY_MS = 1_000;
/** The timeout of its response to a greeting. */
const GREET_MS = 300;
/** How long it may be unresponsive. */
const READY_MS = 6_000;
/** The timeout of the result line: a late one is requested again. */
const RESULT_MS = 2_000;
/** The interval in milliseconds between two checks of a module that connects. */
const PAUSE_MS = 100;
/** The silence in milliseconds after which a module has finished sending. */
const QUIET_MS = 40;

/** The port of tcpmux, which no program uses. */
export const DEAD_PORT = 1;

const ESC = Uint8Array.of(0x1b);
const CR = Uint8Array.of(0x0d);

/** The connection of a finished case, as it was when the last step ended. */
export interface FinishedCase {
  /** Where the module reached the harness. */
  readonly listener: ScriptedBroker;
  /** Whether the module still has a connection there. */
  readonly connected: () => boolean;
  /** Closes the case's connection if it is still open; may be called again. */
  readonly cut: () => Promise<void>;
}

/** What resetting a module needs. */
export interface ResetStage {
  readonly dte: Dte;
  /** The module's command set, which defines how to reset it. */
  readonly dialect: Dialect;
  /**
   * The host and port (0 for any) that the module is given for the harness, and the address that the harness
   * listens on.
   */
  readonly broker: { readonly host: string; readonly port: number; readonly listen: string };
  readonly previous?: FinishedCase | undefined;
  /** Whether it is unknown what was sent before. */
  readonly unsure: boolean;
  readonly signal: AbortSignal;
  /**
   * How long the module may be unresponsive in milliseconds, because it sleeps or was just switched on;
   * default 6,000.
   */
  readonly readyMs?: number | undefined;
  /** The total timeout in milliseconds; default 15,000 plus what `readyMs` exceeds its default by. */
  readonly withinMs?: number | undefined;
}

/**
 * Returns a module that cannot be power-cycled to its power-on state, with echo off and numeric errors: ends
 * incomplete input and every context. A module reconnects by itself when its broker goes, so the previous
 * case's listener stays and accepts all connections. Throws {@link LineGone}, or an Error that lists what was
 * tried.
 */
export async function resetModule(stage: ResetStage): Promise<void> {
  const withinMs = stage.withinMs ?? RESET_MS + Math.max(0, (stage.readyMs ?? 0) - READY_MS);
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(), withinMs);
  const reset = new Reset(stage, AbortSignal.any([stage.signal, limit.signal]));
  try {
    await reset.run();
  } catch (error) {
    if (error instanceof LineGone || stage.signal.aborted || !limit.signal.aborted) throw error;
    const message = `${reset.doing} within ${withinMs / 1000} s (${reset.tried}); switch it off and on`;
    throw new Error(message, { cause: error });
  } finally {
    clearTimeout(timer);
  }
}

/** How to talk to a module that was just switched on. */
export interface Beginning {
  /** Whether it missed the first input after an earlier power-on, so it is greeted first. */
  readonly sleeps?: boolean | undefined;
  /** How long the module may be unresponsive in milliseconds; default 6,000. */
  readonly readyMs?: number | undefined;
}

/** How a module has started after power-on. */
export interface Begun {
  /** Whether it missed the first input. */
  readonly slept: boolean;
  /** Whether it responded more often than asked: it has executed commands sent before the power was cut. */
  readonly stale: boolean;
}

/** Sets echo and error form of a module that was just switched on. Throws like {@link resetModule}. */
export async function beginModule(
  dte: Dte,
  signal: AbortSignal,
  { sleeps = false, readyMs = READY_MS }: Beginning = {},
): Promise<Begun> {
  const runner = new CommandRunner(dte, signal);
  if (sleeps) await runner.greet(GREET_MS);
  const commands = dte.hasErrorForms ? COMMANDS : COMMANDS.slice(0, 1);
  const { finals, obeyed } = await obeys(runner, commands);
  if (obeyed) return { slept: sleeps, stale: finals > commands.length + 1 };
  const until = performance.now() + Math.max(readyMs, READY_MS);
  do {
    await runner.greet(GREET_MS);
    // Bytes in transit from before the power cut were read as a response.
    await runner.silence(QUIET_MS);
    dte.restart();
    if ((await runner.ask("ATE0", LISTEN_MS)).ok) break;
  } while (performance.now() < until);
  await runner.silence(QUIET_MS);
  dte.restart();
  for (const command of commands) await demand(runner, command);
  await runner.silence(QUIET_MS);
  return { slept: sleeps || finals === 0, stale: finals > 0 };
}

const COMMANDS = ["ATE0", "AT+CMEE=1"];

/**
 * Returns whether every response is OK and the last one belongs to the last command, so none is outstanding,
 * and how many final results came.
 */
async function obeys(
  runner: CommandRunner,
  commands: readonly string[],
): Promise<{ readonly finals: number; readonly obeyed: boolean }> {
  let finals = 0;
  for (const command of commands) {
    const answered = await runner.ask(command, LISTEN_MS);
    finals += answered.finals;
    if (!answered.ok) return { finals, obeyed: false };
  }
  const asked = commands.length > 1 ? "AT+CMEE?" : "AT";
  const { ok, results, finals: last } = await runner.ask(asked, LISTEN_MS);
  // Without an error form nothing but OK shows which command it answers.
  const answered = asked === "AT" || results.some(({ prefix }) => prefix === "+CMEE");
  return { finals: finals + last, obeyed: ok === true && answered };
}

async function demand(runner: CommandRunner, command: string): Promise<void> {
  if ((await runner.ask(command, ANSWER_MS)).ok) return;
  throw new Error(`The module did not answer "${command}" with OK within ${ANSWER_MS / 1000} s`);
}

class Reset {
  readonly #stage: ResetStage;
  readonly #runner: CommandRunner;
  readonly #tried = new Set<string>();
  readonly #idle = new Set<string>();
  #openings = 0;
  /** The start of a sentence that says what was not reached in time. */
  doing = "The module did not answer";

  constructor(stage: ResetStage, signal: AbortSignal) {
    this.#stage = stage;
    this.#runner = new CommandRunner(stage.dte, signal);
  }

  /** Lists the commands that were sent. */
  get tried(): string {
    return this.#tried.size === 0 ? "nothing was tried" : `tried ${[...this.#tried].join(", ")}`;
  }

  async run(): Promise<void> {
    await this.#listenAtLast();
    const commands = contextCommandsOf(this.#stage.dialect);
    if (commands) await this.#clear(commands);
    await this.#lead();
    this.doing = "The module did not answer";
    if (this.#stage.dte.hasErrorForms) await this.#demand("AT+CMEE=1");
    else await this.#demand("AT");
    await this.#runner.silence(QUIET_MS);
  }

  /** Types the commands that reset the module, repeated until it accepts those that show that they did. */
  async #lead(): Promise<void> {
    const { dialect, previous } = this.#stage;
    const { commands, until } = lastCommandsOf(dialect);
    await this.#carried(commands);
    if (await this.#carried(until)) return;
    this.doing = `The module refused ${until.map(({ command }) => command).join(" or ")}`;
    // A module that waits for an answer of its broker takes nothing else.
    await previous?.cut();
    await using owned = new AsyncDisposableStack();
    if (previous) owned.use(new AcceptAllBroker(previous.listener));
    do {
      await this.#runner.pause(PAUSE_MS);
      await this.#carried(commands);
    } while (!await this.#carried(until));
  }

  /** Types commands one after another, and tells whether all were taken. */
  async #carried(commands: readonly ResultCommand[]): Promise<boolean> {
    let all = true;
    for (const wanted of commands) {
      this.#tried.add(wanted.command);
      if (await this.#runner.carry(wanted, ANSWER_MS, RESULT_MS) === "refused") all = false;
    }
    return all;
  }

  /** Answers what a module waits for that takes no command before its broker has answered, and makes it listen. */
  async #listenAtLast(): Promise<void> {
    const { dte, dialect, previous } = this.#stage;
    await using owned = new AsyncDisposableStack();
    if (dte.command && previous && !dialect.reset?.contexts) {
      await previous.cut();
      owned.use(new AcceptAllBroker(previous.listener));
    }
    await this.#listen();
  }

  /** Makes the module listen to commands, whatever it was about. */
  async #listen(): Promise<void> {
    const { dte, unsure } = this.#stage;
    // A command without its response may be a prompt, which would read the next command as data.
    if (unsure || dte.command) await this.#interrupt();
    else dte.restart();
    // The CR ends an incomplete line.
    this.#tried.add("ATE0");
    if ((await this.#runner.ask("\rATE0", LISTEN_MS)).ok) return;
    await this.#wake();
  }

  /** Makes a module respond that sleeps, boots, or has suppressed results; no response shows which. */
  async #wake(): Promise<void> {
    const readyMs = this.#stage.readyMs ?? READY_MS;
    const until = performance.now() + readyMs;
    do {
      this.#tried.add("HDSK").add("ATQ0");
      await this.#runner.greet(GREET_MS);
      await this.#interrupt();
      await this.#runner.ask("ATQ0", TRY_MS);
      if ((await this.#runner.ask("ATE0", TRY_MS)).ok) return await this.#runner.silence(QUIET_MS);
    } while (performance.now() < until);
    throw new Error(`The module did not answer "ATE0" with OK within ${readyMs / 1000} s (${this.tried})`);
  }

  async #interrupt(): Promise<void> {
    this.#tried.add("ESC");
    // Each alone: some modules accept ESC only as the last byte of a read.
    for (const key of [ESC, CR]) {
      await this.#runner.type(key);
      await this.#runner.silence(QUIET_MS);
    }
    this.#stage.dte.restart();
  }

  /** Ends all contexts. */
  async #clear(commands: ContextCommands): Promise<void> {
    const { broker, previous } = this.#stage;
    let contexts = await this.#contexts(commands);
    // A module with a connection has a context, whatever it reports.
    if (contexts?.size === 0 && previous?.connected()) contexts = undefined;
    if (contexts?.size === 0) return await this.#release(commands);
    this.doing = "The module did not close its connection";
    await using owned = new AsyncDisposableStack();
    const listener = previous?.listener ?? owned.use(ScriptedBroker.listen(broker.listen, broker.port));
    owned.use(new AcceptAllBroker(listener));
    if (!previous) await this.#serveWhereItConnects(commands, owned);
    for (let round = 0; contexts === undefined || contexts.size > 0; round++) {
      for (const [id, state] of contexts ?? [["0", ""]]) {
        if (await this.#end(commands, id)) continue;
        await previous?.cut();
        if (state === commands.connecting) await this.#runner.pause(PAUSE_MS);
        else await this.#open(commands, id, listener.port);
      }
      // A module that does not list its contexts has none after two rounds, whichever of them has opened one.
      if (contexts === undefined && round > 0) return;
      if (contexts) contexts = await this.#contexts(commands);
    }
  }

  /**
   * Sends the close of a context although there is none, which a correct module refuses: a module that needs
   * it after a loss would otherwise fail every later case.
   */
  async #release({ ends }: ContextCommands): Promise<void> {
    const [close] = ends("0");
    if (!close) return;
    this.#tried.add(close.command);
    await this.#runner.carry(close, ANSWER_MS, RESULT_MS);
  }

  /** Returns the contexts and their states, or undefined if the module does not list them. */
  async #contexts(
    { contexts: { command, prefix } }: ContextCommands,
  ): Promise<ReadonlyMap<string, string> | undefined> {
    this.#tried.add(command);
    const { ok, results } = await this.#runner.ask(command, ANSWER_MS);
    if (!ok) return undefined;
    return new Map(fieldsOf(results, prefix).map(([id, state]) => [id, state ?? ""]));
  }

  /** Whether the module accepted a command that ends the context. */
  async #end(commands: ContextCommands, id: string): Promise<boolean> {
    for (const wanted of commands.ends(id)) {
      if (this.#idle.has(wanted.command)) continue;
      this.#tried.add(wanted.command);
      const carried = await this.#runner.carry(wanted, ANSWER_MS, RESULT_MS);
      if (carried === "refused") continue;
      // Accepted without effect: try the next one if the context still exists.
      if (carried === "taken") this.#idle.add(wanted.command);
      return true;
    }
    return false;
  }

  /**
   * Opens a context that has only options or a dead connection: it can be closed after a successful open, and
   * ends with a failed one.
   */
  async #open(commands: ContextCommands, id: string, livePort: number): Promise<void> {
    const port = this.#openings++ % 2 === 0 ? livePort : DEAD_PORT;
    const wanted = commands.open(id, this.#stage.broker.host, port);
    this.#tried.add(wanted.command);
    await this.#runner.carry(wanted, ANSWER_MS, RESULT_MS);
    this.#idle.clear();
  }

  /** Accepts the connections that the module has attempted since an earlier run, if their port is free. */
  async #serveWhereItConnects(commands: ContextCommands, owned: AsyncDisposableStack): Promise<void> {
    if (!commands.addresses) return;
    const { command, prefix } = commands.addresses;
    const { broker } = this.#stage;
    const { ok, results } = await this.#runner.ask(command, ANSWER_MS);
    if (!ok) return;
    for (const [, host, port] of fieldsOf(results, prefix)) {
      if (host !== broker.host || !/^\d{4,5}$/.test(port ?? "")) continue;
      try {
        owned.use(new AcceptAllBroker(owned.use(ScriptedBroker.listen(broker.listen, Number(port)))));
      } catch {
        // The port is in use or invalid.
      }
    }
  }

  async #demand(command: string): Promise<void> {
    this.#tried.add(command);
    await demand(this.#runner, command);
  }
}

/** Returns the parameters of the lines with that prefix and an id as first parameter. */
function fieldsOf(
  results: readonly ResultArrival[],
  prefix: string | undefined,
): (readonly [string, ...string[]])[] {
  return results.filter((one) => one.prefix === prefix).flatMap(({ args }) => {
    const [id, ...rest] = args.map(({ text }) => text);
    return id !== undefined && /^\d{1,2}$/.test(id) ? [[id, ...rest] as const] : [];
  }).slice(0, 16);
}
