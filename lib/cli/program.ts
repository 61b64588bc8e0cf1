import { CommanderError, Help, type HelpConfiguration } from "@commander-js/extra-typings";
import { UsageError } from "../catalog/usage_error.ts";
import { VERSION } from "../catalog/version.ts";
import { escaped } from "../ground/text.ts";
import { COMMANDS } from "./command_table.ts";
import { Command } from "./commands/command.ts";
import { examplesText } from "./examples.ts";
import type { Screen } from "./terminal/screen.ts";

/** Runs a command line of attest and returns the exit status. */
export async function main(args: readonly string[], screen: Screen): Promise<number> {
  let status = 0;
  const begunMs = Date.now();
  const output = {
    writeOut: (text: string) => screen.print(text.trimEnd()),
    writeErr: (text: string) => screen.complain(harmless(text.trimEnd())),
  };
  const program = new Command("attest")
    .description("Conformance and load tests for both ends of MQTT.")
    .version(VERSION)
    .configureOutput(output)
    .configureHelp(HELP);
  try {
    const called = calledCommand(args);
    for (const { name, description, load } of COMMANDS) {
      const command = name === called ? await load(screen, (code) => status = code) : new Command(name);
      program.addCommand(command.description(description).configureOutput(output).configureHelp(HELP));
    }
    await program.parseAsync([...args], { from: "user" });
    return status;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return 0;
    const usage = error instanceof CommanderError || error instanceof UsageError;
    const reason = usage ? harmless(error.message) : sentence(error);
    // Commander has already printed its own messages.
    if (!(error instanceof CommanderError)) screen.complain(reason);
    const refused = { args, status: usage ? 2 : 3, reason: reason.trimEnd(), begunMs };
    const { reportRefused } = await import("./record/refused_run.ts");
    await reportRefused(refused, screen);
    return refused.status;
  }
}

/** The name of the command in the arguments, or of the command to show help for. */
function calledCommand(args: readonly string[]): string | undefined {
  const [first, second] = args.filter((word) => !word.startsWith("-"));
  return first === "help" ? second : first;
}

/** A command for the help of the program, from the table, without loading its module. */
function subcommandTerm(command: Parameters<Help["subcommandTerm"]>[0]): string {
  const entry = COMMANDS.find(({ name }) => name === command.name());
  return entry ? `${entry.name} ${entry.takes}`.trimEnd() : new Help().subcommandTerm(command);
}

/** The help of attest and of its commands. */
const HELP: HelpConfiguration = {
  subcommandTerm,
  // Readers start at the top: first what the command does and how to use it, then the details.
  formatHelp(command, helper) {
    const text = Help.prototype.formatHelp.call(helper, command, helper);
    const at = text.search(/^(Arguments|Options|Commands):$/m);
    const examples = examplesText(command.parent ? command.name() : "");
    return text.slice(0, at) + examples + text.slice(at);
  },
};

/** Escapes a message that quotes a command line or a file, so no text controls the terminal. */
function harmless(message: string): string {
  return message.split("\n").map((line) => escaped(line, true)).join("\n");
}

/** The message for a failure of attest itself, with a stack trace unless a permission is missing. */
function sentence(error: unknown): string {
  if (!(error instanceof Error)) return `attest failed: ${String(error)}`;
  if (error instanceof Deno.errors.NotCapable) return `attest lacks a permission: ${error.message}`;
  return `attest failed: ${error.message}\n${error.stack ?? ""}`;
}
