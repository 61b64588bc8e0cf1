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

/** Milliseconds in which a module must be where a case begins, its own reconnecting included. */
const RESET_MS = 15_000;
/** Milliseconds that the answer to a command may take, */
const ANSWER_MS = 6_000;
/** that to the first one, which an unheard end of data entry may swallow, */
const LISTEN_MS = 2_000;
/** that to each of those by which a module is tried that sleeps or has not begun yet, */
const TRY_MS = 1_000;
/** its answer to a greeting, */
const GREET_MS = 300;
/** the time that it may be deaf, */
const READY_MS = 6_000;
/** and the result that comes behind it: what is late is asked for again. */
const RESULT_MS = 2_000;
/** Milliseconds between two looks at a module that connects. */
const PAUSE_MS = 100;
/** Milliseconds of silence after which a module has said all. */
const QUIET_MS = 40;

/** The port of tcpmux, which nobody serves. */
export const DEAD_PORT = 1;

const ESC = Uint8Array.of(0x1b);
const CR = Uint8Array.of(0x0d);

/** The conversation of a case that is over, as it stood when the last step ended. */
export interface FinishedCase {
  /** Where the module found the harness. */
  readonly listener: ScriptedBroker;
  /** Whether the module still has a connection there. */
  readonly connected: () => boolean;
  /** Ends the connection that the case had, if it still stands; may be called again. */
  readonly cut: () => Promise<void>;
}

/** What a module is brought to the start with. */
export interface ResetStage {
  readonly dte: Dte;
  /** The module's command set, which says how it is led back. */
  readonly dialect: Dialect;
  /** The host and, 0 being any, the port that the module is told for the harness, and where the harness listens. */
  readonly broker: { readonly host: string; readonly port: number; readonly listen: string };
  readonly previous?: FinishedCase | undefined;
  /** Nothing is known of what was typed before. */
  readonly unsure: boolean;
  readonly signal: AbortSignal;
  /** Milliseconds for which the module may be deaf, since it sleeps or was just switched on; default 6,000. */
  readonly readyMs?: number | undefined;
  /** Milliseconds for the whole; default 15,000 and the time that it may be deaf beyond its own default. */
  readonly withinMs?: number | undefined;
}

/**
 * Brings a module that nobody can switch off to where power-on leaves it, echo off and numeric errors: ends what was
 * typed by halves, and every context. A module connects again by itself when its broker goes, so the previous case's
 * listener stays and takes all that comes. Throws {@link LineGone}, or an Error that says what was tried.
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

/** How a module that was just switched on is spoken to. */
export interface Beginning {
  /** It did not hear what was typed first when it was switched on before, so that it is greeted first. */
  readonly sleeps?: boolean | undefined;
  /** Milliseconds for which the module may be deaf; default 6,000. */
  readonly readyMs?: number | undefined;
}

/** How a module that was just switched on has begun. */
export interface Begun {
  /** It did not hear what was typed first. */
  readonly slept: boolean;
  /** It answered more than it was asked: it has carried out what was typed before the power went. */
  readonly stale: boolean;
}

/** Tells a module that was just switched on how it is to talk. Throws like {@link resetModule}. */
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
    // What was on the line before the power went has been taken for an answer.
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
 * Whether all is answered with OK, and the last answer is that to the last question, so that none is left; and how many final
 * results came.
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
  /** What was not reached when the time was over, as the begin of a sentence. */
  doing = "The module did not answer";

  constructor(stage: ResetStage, signal: AbortSignal) {
    this.#stage = stage;
    this.#runner = new CommandRunner(stage.dte, signal);
  }

  /** What was typed, in a few words. */
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

  /** Types the commands that lead back, again until those are taken that show that they have. */
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
    // A command without its answer may be a prompt that takes the next one for data.
    if (unsure || dte.command) await this.#interrupt();
    else dte.restart();
    // The CR ends a line that was typed by halves.
    this.#tried.add("ATE0");
    if ((await this.#runner.ask("\rATE0", LISTEN_MS)).ok) return;
    await this.#wake();
  }

  /** Makes a module listen that sleeps, or boots, or was told to say no results: then no answer tells which. */
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
    // Each alone: some modules take ESC only as the last byte of what they read at once.
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
    // Who has a connection has a context, whatever it tells.
    if (contexts?.size === 0 && previous?.connected()) contexts = undefined;
    if (contexts?.size === 0) return await this.#release(commands);
    this.doing = "The module did not end its connection";
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
      // A module that does not tell its contexts has none after two rounds, whichever of them has opened one.
      if (contexts === undefined && round > 0) return;
      if (contexts) contexts = await this.#contexts(commands);
    }
  }

  /**
   * Types the close of a context though there is none, which a right module refuses: one that needs it after a loss would
   * fail every case that follows.
   */
  async #release({ ends }: ContextCommands): Promise<void> {
    const [close] = ends("0");
    if (!close) return;
    this.#tried.add(close.command);
    await this.#runner.carry(close, ANSWER_MS, RESULT_MS);
  }

  /** The contexts and their states, or undefined where the module does not tell. */
  async #contexts(
    { contexts: { command, prefix } }: ContextCommands,
  ): Promise<ReadonlyMap<string, string> | undefined> {
    this.#tried.add(command);
    const { ok, results } = await this.#runner.ask(command, ANSWER_MS);
    if (!ok) return undefined;
    return new Map(fieldsOf(results, prefix).map(([id, state]) => [id, state ?? ""]));
  }

  /** Whether the module took a command that ends the context. */
  async #end(commands: ContextCommands, id: string): Promise<boolean> {
    for (const wanted of commands.ends(id)) {
      if (this.#idle.has(wanted.command)) continue;
      this.#tried.add(wanted.command);
      const carried = await this.#runner.carry(wanted, ANSWER_MS, RESULT_MS);
      if (carried === "refused") continue;
      // Taken, and nothing came of it: the next one is tried where the context is still there.
      if (carried === "taken") this.#idle.add(wanted.command);
      return true;
    }
    return false;
  }

  /** What has only options or a dead connection can be ended after an opening that succeeds, or goes with one that fails. */
  async #open(commands: ContextCommands, id: string, livePort: number): Promise<void> {
    const port = this.#openings++ % 2 === 0 ? livePort : DEAD_PORT;
    const wanted = commands.open(id, this.#stage.broker.host, port);
    this.#tried.add(wanted.command);
    await this.#runner.carry(wanted, ANSWER_MS, RESULT_MS);
    this.#idle.clear();
  }

  /** Takes the connections that the module tries since an earlier run, where its port is free. */
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
        // Someone has it, or it is none.
      }
    }
  }

  async #demand(command: string): Promise<void> {
    this.#tried.add(command);
    await demand(this.#runner, command);
  }
}

/** The parameters of the lines with that prefix, whose first is an id. */
function fieldsOf(
  results: readonly ResultArrival[],
  prefix: string | undefined,
): (readonly [string, ...string[]])[] {
  return results.filter((one) => one.prefix === prefix).flatMap(({ args }) => {
    const [id, ...rest] = args.map(({ text }) => text);
    return id !== undefined && /^\d{1,2}$/.test(id) ? [[id, ...rest] as const] : [];
  }).slice(0, 16);
}
