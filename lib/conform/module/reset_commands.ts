import { readCommand } from "../../at/command.ts";
import { commandSpec, type Dialect } from "../../at/dialect.ts";

/** A command, and the prefix of the line that brings its result. */
export interface ResultCommand {
  readonly command: string;
  /** Undefined for a command whose final result is all that comes. */
  readonly prefix?: string | undefined;
}

/** How the contexts of a module are ended, by commands alone. */
export interface ContextCommands {
  /** Tells the contexts that there are, one a line: the id, then the state. */
  readonly contexts: ResultCommand;
  /** The state of a context that connects or connects again, in which it takes no other command. */
  readonly connecting: string | undefined;
  /** Tells where the contexts connect to, one a line: the id, the host, the port. */
  readonly addresses: ResultCommand | undefined;
  /** What ends a context, the first first. */
  readonly ends: (id: string) => readonly ResultCommand[];
  /** Opens a context's connection, so that it can be ended. */
  readonly open: (id: string, host: string, port: number) => ResultCommand;
}

/** The contexts of a module of this dialect and how they are ended; undefined where the dialect says nothing of them. */
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
  /** Those that are all taken once it is led back; until then the others are typed again. */
  readonly until: readonly ResultCommand[];
}

/** Gives the {@link LastCommands} of a dialect. */
export function lastCommandsOf(dialect: Dialect): LastCommands {
  const commands = (lines: readonly string[] = []) => lines.map((line) => resultCommand(dialect, line));
  return { commands: commands(dialect.reset?.commands), until: commands(dialect.reset?.until) };
}

/** A query is answered by lines with its own name, any other command by what it brings behind OK. */
function resultCommand(dialect: Dialect, command: string): ResultCommand {
  const typed = readCommand(new TextEncoder().encode(`${command}\r`));
  if (!typed) return { command };
  const brings = commandSpec(dialect, typed.name)?.result;
  return { command, prefix: typed.form === "read" ? typed.name : brings };
}

function filled(line: string, values: Readonly<Record<string, string>>): string {
  return line.replaceAll(/\{([a-z]+)\}/g, (whole, name: string) => values[name] ?? whole);
}
