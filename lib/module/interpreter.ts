import {
  type Answer,
  type CommandEntry,
  type CommandTable,
  type Desk,
  ERROR,
  OK,
  REFUSED,
} from "./answer.ts";
import type { ModuleBehaviour } from "./behaviour.ts";
import { CMQTT_COMMANDS } from "./simcom/commands.ts";
import { ESP_COMMANDS, ESP_GENERAL } from "./esp/commands.ts";
import { type Command, type Fault, readCommandLine } from "./command_line.ts";
import { GENERAL_COMMANDS } from "./general_commands.ts";
import { LINK_COMMANDS } from "./link_commands.ts";
import { MESSAGE_COMMANDS } from "./message_commands.ts";
import { QMT_COMMANDS } from "./qmt_commands.ts";
import { readArguments, splitParameters } from "./parameters.ts";
import type { DataEntry, Line, SerialInput } from "./serial_input.ts";
import { SETTING_COMMANDS } from "./setting_command.ts";

const COMMANDS: Readonly<Record<ModuleBehaviour["commands"], CommandTable>> = {
  ECMT: { ...GENERAL_COMMANDS, ...SETTING_COMMANDS, ...LINK_COMMANDS, ...MESSAGE_COMMANDS },
  QMT: { ...GENERAL_COMMANDS, ...QMT_COMMANDS },
  CMQTT: { ...GENERAL_COMMANDS, ...CMQTT_COMMANDS },
  MQTT: { ...ESP_GENERAL, ...ESP_COMMANDS },
};

/** Executes command lines, one after another, and prints their results. */
export class Interpreter {
  readonly #desk: Desk;
  readonly #input: SerialInput;

  constructor(desk: Desk, input: SerialInput) {
    this.#desk = desk;
    this.#input = input;
  }

  /** Responds to lines until the serial line ends. */
  async run(): Promise<void> {
    for (;;) {
      const line = await this.#input.line();
      if (line.kind === "ended") return;
      if (line.kind === "line") await this.#line(line);
    }
  }

  async #line(line: Line): Promise<void> {
    const { behaviour, console, hooks, schedule } = this.#desk;
    const read = readCommandLine(line.text);
    if (!read) return;
    const { powerOns } = console;
    const afterwards: (() => void)[] = [];
    let name = "";
    let last: Answer["kind"] = line.overlong ? "error" : "ok";
    for (const command of line.overlong ? [] : hooks.commands(read)) {
      const answer = await this.#command(command);
      if (answer === undefined) return;
      last = answer.kind;
      name = command.kind === "command" ? command.name : "";
      if (answer.kind === "ok") {
        const { lines = [], after, delayMs = 0 } = answer;
        console.lines(lines);
        if (after) afterwards.push(after);
        const waitMs = delayMs + (lines.length > 0 ? behaviour.informationGapMs : 0);
        // Without a wait there is no event loop turn between them, so a response is sent in one write.
        if (waitMs > 0) await schedule.wait(waitMs);
      } else if (hooks.stopsAtError) break;
    }
    if (behaviour.finalDelayMs > 0) await schedule.wait(behaviour.finalDelayMs);
    if (console.powerOns !== powerOns) return;
    if (last !== "ok") console.lines(hooks.explains(name));
    if (last === "ok") console.ok(afterwards.length > 0);
    else if (last === "refused") console.refused();
    else console.error();
    // Only now, so a result URC never comes before OK [ECMT-AT-10].
    for (const begin of afterwards) begin();
    console.release();
  }

  /** Executes a command. Returns undefined if it was cut short. */
  async #command(command: Command | Fault): Promise<Answer | undefined> {
    const answer = this.#answer(command);
    if (answer.kind === "waiting") return await answer.answer;
    if (answer.kind !== "data") return answer;
    if (answer.okFirst) this.#desk.console.ok();
    const given = await this.#data(answer.take, answer.length);
    if (!answer.okFirst || !given) return given;
    if (given.kind !== "ok") void this.#desk.console.urc(answer.okFirst);
    else given.after?.();
    this.#desk.console.release();
    return undefined;
  }

  #answer(command: Command | Fault): Answer {
    if (command.kind === "fault") return ERROR;
    const { form, text } = command;
    const { hooks, behaviour } = this.#desk;
    const table = COMMANDS[behaviour.commands];
    const name = canonical(command.name, behaviour.commands);
    const entry = Object.hasOwn(table, name) ? table[name] : undefined;
    if (!entry) return hooks.knows(name) ? OK : ERROR;
    if (!hooks.hasForm(name.slice(1), form)) return REFUSED;
    const answer = this.#form(entry, { ...command, name });
    if (answer.kind !== "ok" || form === "basic" || text !== "" && form === "execute") return answer;
    return answer.lines ? { ...answer, lines: hooks.information(name.slice(1), form, answer.lines) } : answer;
  }

  #form(entry: CommandEntry, { name, form, text }: Command): Answer {
    const desk = this.#desk;
    switch (form) {
      case "basic":
        return entry.basic?.(desk, text === "" ? undefined : Number(text)) ?? ERROR;
      case "test":
        return entry.test?.(desk) ?? REFUSED;
      case "read":
        return entry.read?.(desk) ?? REFUSED;
      case "execute":
        return entry.execute?.(desk) ?? REFUSED;
      case "write":
        return this.#write(entry, name.slice(1), text);
    }
  }

  #write(entry: CommandEntry, name: string, text: string): Answer {
    const { hooks, behaviour } = this.#desk;
    const write = entry.write?.(this.#desk);
    const rest = write?.parameters.findIndex(({ type }) => type === "rest") ?? -1;
    const restAt = rest < 0 ? undefined : rest;
    const written = hooks.parameters(
      splitParameters(text, restAt, hooks.skipsSpaces, behaviour.escapes),
      text,
      restAt,
    );
    if (!written) return ERROR;
    if (entry.writeFreely) return entry.writeFreely(this.#desk, written);
    if (!write) return REFUSED;
    const given = readArguments(written, write.parameters, {
      mandatory: (parameter) => hooks.mandatory(`${name}.${parameter}`),
      range: (parameter, range) => hooks.range(`${name}.${parameter}`, range),
      refusesExtra: hooks.refusesExtra,
      takesQuotedNumbers: hooks.takesQuotedNumbers,
      refusesEmptyText: behaviour.refusesEmptyText,
    });
    if (given === "syntax") return ERROR;
    return given === "refused" ? REFUSED : write.run(this.#desk, given);
  }

  async #data(take: (data: string) => Answer, length: number | undefined): Promise<Answer | undefined> {
    const { console, hooks, behaviour, schedule } = this.#desk;
    const entry: DataEntry = {
      length,
      limit: behaviour.limits.dataPayload,
      guardMs: behaviour.dataGuardMs,
      end: hooks.dataEnd,
      endsCounted: hooks.endsCountedData,
      onlyLast: behaviour.terminatorOnlyLast,
    };
    await schedule.wait(behaviour.promptDelayMs);
    const until = performance.now() + behaviour.dataGuardMs;
    console.prompt();
    const entered = await this.#input.data(entry);
    console.dataEntered();
    switch (entered.kind) {
      case "sent":
        if (entered.overlong) {
          if (behaviour.dataOverflow === "refuse") return REFUSED;
          await schedule.wait(until - performance.now());
          return ERROR;
        }
        return take(hooks.enteredData(entered.text, entered.terminator));
      case "cancelled":
        return OK;
      case "expired":
        return ERROR;
      case "ended":
      case "restarted":
        return undefined;
    }
  }
}

/** Returns the name of a command in tables and hooks; empty for one of the other command set. */
function canonical(name: string, commands: ModuleBehaviour["commands"]): string {
  if (commands !== "QMT") return name;
  return name.startsWith("+ECMT") ? "" : name.replace(/^\+QMT/, "+ECMT");
}
