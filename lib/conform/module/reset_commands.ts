/** A command, and the prefix of the line that brings its result. */
export interface ResultCommand {
  readonly command: string;
  readonly prefix: string;
}

/** How a module is led back to where power-on leaves it, by commands alone. */
export interface ResetCommands {
  /** Tells the contexts that there are, one a line: the id, then the state. */
  readonly contexts: ResultCommand;
  /** The state of a context that connects or connects again, in which it takes no other command. */
  readonly connecting: string;
  /** Tells where the contexts connect to, one a line: the id, the host, the port. */
  readonly addresses: ResultCommand;
  /** What ends a context, the first first. */
  readonly ends: (id: string) => readonly ResultCommand[];
  /** Opens a context's connection, so that it can be ended. */
  readonly open: (id: string, host: string, port: number) => ResultCommand;
}

/** By the name of the dialect; a module of another one is only told its echo and its errors. */
const COMMANDS_OF: ReadonlyMap<string, ResetCommands> = new Map([["ecmt", commandsIn("ECMT")], [
  "qmt",
  commandsIn("QMT"),
]]);

/** ECMT and its ancestor QMT differ here in nothing but their names. */
function commandsIn(prefix: "ECMT" | "QMT"): ResetCommands {
  return {
    contexts: { command: `AT+${prefix}CONN?`, prefix: `+${prefix}CONN` },
    connecting: "2",
    addresses: { command: `AT+${prefix}OPEN?`, prefix: `+${prefix}OPEN` },
    // DISC in the state opened fails and leaves a context that CLOSE no longer takes.
    ends: (id: string) => [
      { command: `AT+${prefix}CLOSE=${id}`, prefix: `+${prefix}CLOSE` },
      { command: `AT+${prefix}DISC=${id}`, prefix: `+${prefix}DISC` },
    ],
    open: (id: string, host: string, port: number) => ({
      command: `AT+${prefix}OPEN=${id},"${host}",${port}`,
      prefix: `+${prefix}OPEN`,
    }),
  };
}

/** The commands that lead a module of a dialect back; undefined where none are known. */
export function resetCommandsOf(dialect: string): ResetCommands | undefined {
  return COMMANDS_OF.get(dialect);
}
