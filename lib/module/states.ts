/** The states of a context, and what each command does in them, as a table. */

/** The state of a context; `none` means that there is no context. */
export type State =
  | "none"
  | "configured"
  | "opening"
  | "opened"
  | "connecting"
  | "connected"
  | "connect-failed"
  | "disc-failed"
  | "closing";

/**
 * What a command does in a state: `run` executes it, `ignore` returns OK and does nothing, `refuse` returns
 * an error.
 */
export type Rule = "run" | "ignore" | "refuse";

/** The commands that depend on the state; `data` is SUB, UNS and PUB alike. */
export type Ruled = "OPEN" | "CONN" | "data" | "CLOSE" | "DISC";

/** The state as `AT+ECMTCONN?` shows it: 1 initialising, 2 connecting, 3 connected, 4 closing [ECMT-CONN-R1]. */
export type Shown = 1 | 2 | 3 | 4;

const RULES: Readonly<Record<State, Readonly<Record<Ruled, Rule>>>> = {
  "none": { OPEN: "run", CONN: "refuse", data: "refuse", CLOSE: "refuse", DISC: "refuse" },
  "configured": { OPEN: "run", CONN: "refuse", data: "refuse", CLOSE: "refuse", DISC: "refuse" },
  // CONN this early is a race that the manual leaves open [ECMT-S-7].
  "opening": { OPEN: "ignore", CONN: "refuse", data: "refuse", CLOSE: "refuse", DISC: "refuse" },
  "opened": { OPEN: "ignore", CONN: "run", data: "refuse", CLOSE: "run", DISC: "run" },
  "connecting": { OPEN: "ignore", CONN: "ignore", data: "refuse", CLOSE: "refuse", DISC: "refuse" },
  "connected": { OPEN: "ignore", CONN: "ignore", data: "run", CLOSE: "run", DISC: "run" },
  "connect-failed": { OPEN: "run", CONN: "run", data: "refuse", CLOSE: "refuse", DISC: "refuse" },
  "disc-failed": { OPEN: "run", CONN: "run", data: "refuse", CLOSE: "refuse", DISC: "refuse" },
  "closing": { OPEN: "refuse", CONN: "refuse", data: "refuse", CLOSE: "refuse", DISC: "refuse" },
};

/** Returns the rule for a command in a state. */
export function ruleFor(command: Ruled, state: State): Rule {
  return RULES[state][command];
}

/** Returns the number that `AT+ECMTCONN?` shows for a state. */
export function shownFor(state: State): Shown {
  switch (state) {
    case "connecting":
      return 2;
    case "connected":
      return 3;
    case "closing":
      return 4;
    default:
      return 1;
  }
}
