import type { Hooks, Moment } from "../hooks.ts";
import type { ModuleQuirk } from "./quirk.ts";

/** Adds URCs of other parts of the module at one moment to the hooks. */
function besides(at: Moment, ...lines: readonly string[]): (hooks: Hooks) => Partial<Hooks> {
  return ({ besides }) => ({ besides: (moment) => [...besides(moment), ...(moment === at ? lines : [])] });
}

const ANY_TIME = "A URC of another part of the module may come at any time between two lines";

/**
 * Quirks of unsolicited results: those of other parts of the module, and the codes of `+ECMTSTAT` and similar
 * ones.
 */
export const URC_QUIRKS: readonly ModuleQuirk[] = [
  {
    id: "boot-banner",
    about: "After power-on the module prints RDY, +CPIN: READY, +CFUN: 1 and its address",
    lawful: "The manual of the command set does not define what a module prints while it boots",
    change: besides("power-on", "RDY", "+CPIN: READY", "+CFUN: 1", '+IP: "10.0.0.7"'),
    points: ["besides power-on"],
  },
  {
    id: "cereg-before-results",
    about: "+CEREG: 1 comes before each final result",
    lawful: ANY_TIME,
    change: besides("before-final", "+CEREG: 1"),
    points: ["besides before-final"],
  },
  {
    id: "nwinfo-behind-urcs",
    about: "^NWINFO: 0,1 comes after each URC of the command set except received messages",
    lawful: ANY_TIME,
    change: besides("behind-urc", "^NWINFO: 0,1"),
    points: ["besides behind-urc"],
  },
  {
    id: "time-before-urcs",
    about:
      '+CTZE: "+08",0,"2026/01/01,00:00:00" comes before each URC of the command set except received messages',
    lawful: ANY_TIME,
    change: besides("before-urc", '+CTZE: "+08",0,"2026/01/01,00:00:00"'),
    points: ["besides before-urc"],
  },
  {
    id: "nwinfo-behind-messages",
    about: "^NWINFO: 0,1 comes after each received message",
    lawful: `${ANY_TIME}, although a payload may have several lines [ECMT-RECV-U3]`,
    change: besides("behind-message", "^NWINFO: 0,1"),
    points: ["besides behind-message"],
  },
  {
    id: "csq-all-the-time",
    about: "+CSQ: 20,99 comes every 150 ms",
    lawful: ANY_TIME,
    behaviour: { chatterMs: 150 },
    change: besides("now-and-then", "+CSQ: 20,99"),
    points: ["chatterMs"],
  },
  {
    id: "urc-behind-prompt",
    about: "+CEREG: 1 comes after the prompt, before the data",
    lawful: "Nothing delays the URCs of other parts of the module while data is typed",
    change: besides("behind-prompt", "+CEREG: 1"),
    points: ["besides behind-prompt"],
  },
  {
    id: "stat-2-for-lost-ping",
    about: "A connection lost because PINGRESP did not come is reported with code 2",
    lawful: "Code 2 means a PINGREQ timeout, if codes other than 1 are used [ECMT-STAT-U1]",
    behaviour: { pingLossCode: 2 },
  },
  {
    id: "ping-urc",
    about: "+QMTPING: 0,1 comes before +QMTSTAT when PINGRESP did not come",
    lawful: "The application note of the LTE modules defines it",
    commands: "QMT",
    behaviour: { pingLossCode: 2 },
    change: ({ urc }) => ({
      urc: (given) =>
        urc(given).flatMap((said) =>
          said.name === "ECMTSTAT" && said.fields[1] === 2
            ? [{ name: "ECMTPING", fields: [said.fields[0] ?? 0, 1] }, said]
            : [said]
        ),
    }),
    points: ["pingLossCode"],
  },
  {
    id: "stat-5-after-disc",
    about: "+QMTSTAT: 0,5 follows the result of DISC",
    lawful: "Code 5 means that the client sent DISCONNECT and the connection was closed for it",
    commands: "QMT",
    change: ({ urc }) => ({
      urc: (given) =>
        urc(given).flatMap((said) =>
          said.name === "ECMTDISC" ? [said, { name: "ECMTSTAT", fields: [said.fields[0] ?? 0, 5] }] : [said]
        ),
    }),
    points: ["urc ECMTDISC"],
  },
  {
    id: "no-stat-before-connect",
    about: "The loss of a connection before CONNECT is not reported",
    lawful: "The sources report it in the state connected, and not in the others [ECMT-S-3]",
    behaviour: { reportsLossUnconnected: false },
  },
];
