import type { Hooks } from "../hooks.ts";
import type { Defect } from "./defect.ts";

/** The longest message that does not trigger these faults, in bytes. */
const LONG = 1_024;

/** Clears a fault's memory when the power is switched off and on. */
const cleared = (hooks: Hooks, clear: () => void): Pick<Hooks, "poweredOn"> => ({
  poweredOn: () => {
    hooks.poweredOn();
    clear();
  },
});

/** Refuses OPEN after a lost connection: until the command `until` is typed, or for good. */
function refusesReopening(hooks: Hooks, until?: string): Partial<Hooks> {
  let lost = false;
  return {
    ...cleared(hooks, () => lost = false),
    urc: (urc) => {
      if (urc.name === "ECMTSTAT") lost = true;
      return hooks.urc(urc);
    },
    rule: (command, state, rule) => {
      if (command === until) lost = false;
      return command === "OPEN" && lost ? "refuse" : hooks.rule(command, state, rule);
    },
  };
}

/** Faults that affect the next action. */
export const AFTERWARDS_DEFECTS: readonly Defect[] = [
  {
    id: "long-message-stops-messages",
    description: "After a message of more than 1,024 bytes, no more messages are shown",
    clauses: ["ECMT-RECV-U1"],
    change: (hooks) => {
      let stopped = false;
      return {
        ...cleared(hooks, () => stopped = false),
        deliver: (message) => {
          if (stopped) return [];
          stopped = message.payload.length > LONG;
          return hooks.deliver(message);
        },
      };
    },
  },
  {
    id: "long-message-stops-answers",
    description: "After a message of more than 4,000 bytes, no more commands are answered",
    clauses: ["ECMT-RECV-U9"],
    change: (hooks) => {
      let stopped = false;
      return {
        ...cleared(hooks, () => stopped = false),
        deliver: (message) => {
          stopped ||= message.payload.length > 4_000;
          return hooks.deliver(message);
        },
        final: (line, urcFollows) => stopped ? [] : hooks.final(line, urcFollows),
      };
    },
  },
  {
    id: "next-command-lost",
    description: "The command after a refused one is answered OK but not executed",
    clauses: ["ECMT-AT-30", "ECMT-AT-31"],
    change: (hooks) => {
      let refused = false;
      return {
        ...cleared(hooks, () => refused = false),
        commands: (line) => {
          const lost = refused;
          refused = false;
          return lost ? [] : hooks.commands(line);
        },
        final: (line, urcFollows) => {
          if (line.includes("ERROR")) refused = true;
          return hooks.final(line, urcFollows);
        },
      };
    },
  },
  {
    id: "reopen-refused-after-loss",
    description: "After a lost connection, OPEN is refused until CLOSE is typed",
    clauses: ["ECMT-OPEN-W1", "ECMT-STAT-U1"],
    change: (hooks) => refusesReopening(hooks, "CLOSE"),
  },
  {
    id: "reopen-refused-for-good",
    description: "After a connection was lost OPEN is refused until the power is cut",
    clauses: ["ECMT-OPEN-W1", "ECMT-STAT-U1"],
    change: (hooks) => refusesReopening(hooks),
  },
  {
    id: "refused-subscription-ends-all",
    description: "After the broker refuses a subscription, no results of SUB are reported",
    clauses: ["ECMT-SUB-U2"],
    change: (hooks) => {
      let ended = false;
      return {
        ...cleared(hooks, () => ended = false),
        receive: (packet) => {
          const given = hooks.receive(packet);
          if (given.type === "SUBACK" && given.reasons.includes(0x80)) ended = true;
          return given;
        },
        urc: (urc) => ended && urc.name === "ECMTSUB" ? [] : hooks.urc(urc),
      };
    },
  },
];
