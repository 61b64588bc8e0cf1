/** A command, and the prefix of the line that brings its result. */
export interface Way {
  readonly command: string;
  readonly prefix: string;
}

/** How a module is led back to where power-on leaves it, by commands alone. */
export interface Ways {
  /** Tells the contexts that there are, one a line: the id, then the state. */
  readonly contexts: Way;
  /** The state of a context that connects or connects again, in which it takes no other command. */
  readonly connecting: string;
  /** Tells where the contexts connect to, one a line: the id, the host, the port. */
  readonly addresses: Way;
  /** What ends a context, the first first. */
  readonly ends: (id: string) => readonly Way[];
  /** Opens a context's connection, so that it can be ended. */
  readonly open: (id: string, host: string, port: number) => Way;
}

/** By the name of the dialect; a module of another one is only told its echo and its errors. */
const WAYS: ReadonlyMap<string, Ways> = new Map([
  ["ecmt", {
    contexts: { command: "AT+ECMTCONN?", prefix: "+ECMTCONN" },
    connecting: "2",
    addresses: { command: "AT+ECMTOPEN?", prefix: "+ECMTOPEN" },
    // DISC in the state opened fails and leaves a context that CLOSE no longer takes.
    ends: (id: string) => [
      { command: `AT+ECMTCLOSE=${id}`, prefix: "+ECMTCLOSE" },
      { command: `AT+ECMTDISC=${id}`, prefix: "+ECMTDISC" },
    ],
    open: (id: string, host: string, port: number) => ({
      command: `AT+ECMTOPEN=${id},"${host}",${port}`,
      prefix: "+ECMTOPEN",
    }),
  }],
]);

/** The ways of a dialect, where there are any. */
export function waysOf(dialect: string): Ways | undefined {
  return WAYS.get(dialect);
}
