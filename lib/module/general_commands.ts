import { type CommandEntry, type CommandTable, ERROR, OK, REFUSED, says } from "./answer.ts";
import type { Identity } from "./behaviour.ts";
import type { Parameter } from "./parameters.ts";

/** The commands that are unrelated to MQTT: echo, error form, identity, network. */
export const GENERAL_COMMANDS: CommandTable = {
  "E": {
    basic: (desk, number = 1) => {
      if (number > 1) return ERROR;
      desk.console.echo = number === 1;
      return OK;
    },
  },
  "Q": {
    basic: (desk, number = 0) => {
      if (number > 1) return ERROR;
      desk.console.quiet = number === 1;
      return OK;
    },
  },
  "Z": { basic: (desk) => restored(desk.console) },
  "&F": { basic: (desk) => restored(desk.console) },
  "I": {
    basic: ({ behaviour: { identity } }) => says(identity.manufacturer, identity.model, identity.revision),
  },
  "+CMEE": {
    test: () => says("+CMEE: (0,1,2)"),
    read: ({ console }) => says(`+CMEE: ${console.errorForm}`),
    write: () => ({
      parameters: [digit("n", 2)],
      run: (desk, given) => {
        const form = given.number("n");
        desk.console.errorForm = form === 0 ? 0 : form === 1 ? 1 : 2;
        return OK;
      },
    }),
  },
  "+CGMI": identity("manufacturer"),
  "+CGMM": identity("model"),
  "+CGMR": identity("revision"),
  "+CGSN": identity("serial"),
  "+CEREG": {
    test: () => says("+CEREG: (0-2)"),
    read: ({ registered }) => says(`+CEREG: 0,${registered() ? 1 : 2}`),
    write: () => ({ parameters: [digit("n", 2)], run: () => OK }),
  },
  "+CGATT": {
    test: () => says("+CGATT: (0,1)"),
    read: () => says("+CGATT: 1"),
    // A virtual network cannot be left.
    write: () => ({
      parameters: [digit("state", 1)],
      run: (_desk, given) => given.number("state") === 1 ? OK : REFUSED,
    }),
  },
};

function restored(console: { restart: () => void }) {
  console.restart();
  return OK;
}

function identity(part: keyof Identity): CommandEntry {
  return { test: () => OK, execute: ({ behaviour }) => says(behaviour.identity[part]) };
}

function digit(name: string, highest: number): Parameter {
  return { name, type: "number", mandatory: true, range: [0, highest] };
}
