import { readCommand } from "../../at/command.ts";
import { commandSpec, type Dialect } from "../../at/dialect.ts";

/** A command, and the prefix of its result line. */
export interface ResultCommand {
  readonly command: string;
  /** Undefined for a command with only a final result. */
  readonly prefix?: string | undefined;
}

/** How to end the contexts of a module by commands. */
export interface ContextCommands {
  /** Lists the open contexts, one per line: the id, then the state. */
  readonly contexts: ResultCommand;
  /** The state of a context that connects or reconnects, in which it accepts no other command. */
  readonly connecting: string | undefined;
  /** Lists the contexts' connections, one per line: id, host, port. */
  readonly addresses: ResultCommand | undefined;
  /** The commands that end a context, in order of preference. */
  readonly ends: (id: string) => readonly ResultCommand[];
  /** Opens a context's connection, so it can be ended. */
  readonly open: (id: string, host: string, port: number) => ResultCommand;
}

/** Returns how to end the contexts of a module of this dialect, or undefined if the dialect does not say. */
export function contextCommandsOf(dialect: Dialect): ContextCommands | undefined {
  const contexts = dialect.reset?.contexts;
  if (!contexts) return undefined;
  const { query, connecting, addresses, end, open } = contexts;
  const command = (line: string) => resultCommand(dialect, line);
  return {
    contexts: command(query),
    connecting,
    addresses: addresses === undefined ? undefined : command(addresses),
    ends: (id) => end.map((line) => command(filled(line, { id }))),
    open: (id, host, port) => command(filled(open, { id, host, port: String(port) })),
  };
}

/** The commands that lead a module of this dialect back once no context is left. */
export interface LastCommands {
  readonly commands: readonly ResultCommand[];
  /** Those that a reset module accepts all; until it does, the others are typed again. */
  readonly until: readonly ResultCommand[];
}

/** Returns the {@link LastCommands} of a dialect. */
export function lastCommandsOf(dialect: Dialect): LastCommands {
  const commands = (lines: readonly string[] = []) => lines.map((line) => resultCommand(dialect, line));
  return { commands: commands(dialect.reset?.commands), until: commands(dialect.reset?.until) };
}

/** Returns a command with its result line: a query's has its own name, another command's is the one after OK. */
function resultCommand(dialect: Dialect, command: string): ResultCommand {
  const typed = readCommand(new TextEncoder().encode(`${command}\r`));
  if (!typed) return { command };
  const brings = commandSpec(dialect, typed.name)?.result;
  return { command, prefix: typed.form === "read" ? typed.name : brings };
}

function filled(line: string, values: Readonly<Record<string, string>>): string {
  return line.replaceAll(/\{([a-z]+)\}/g, (whole, name: string) => values[name] ?? whole);
}
