import type { Hooks, Urc } from "../hooks.ts";
import { result, sent } from "../changes.ts";
import type { Defect } from "./defect.ts";

/** A defect of a module with SIMCom's commands. */
function simcom(
  id: string,
  description: string,
  clauses: readonly string[],
  change: (hooks: Hooks) => Partial<Hooks>,
): Defect {
  return { id, description, clauses, commands: "CMQTT", change };
}

/** Changes what was entered for one command. */
const entered = (command: string, change: (data: string) => string) => (hooks: Hooks): Partial<Hooks> => ({
  entered: (name, data) => {
    const given = hooks.entered(name, data);
    return name === command ? change(given) : given;
  },
});

/** Changes the lines of one result. */
const lines =
  (named: Urc["name"], change: (lines: readonly string[]) => readonly string[]) =>
  (hooks: Hooks): Partial<Hooks> => ({
    urcLines: (urc, given) => {
      const said = hooks.urcLines(urc, given);
      return urc.name === named ? change(said) : said;
    },
  });

/** Changes those lines of a message that begin like this. */
const messageLines = (begin: string, change: (line: string) => string) =>
  lines("ECMTRECV", (given) => given.map((line) => line.startsWith(`+CMQTT${begin}`) ? change(line) : line));

const cut = (data: string) => data.slice(0, -1);
const last = (line: string, change: (number: number) => number) =>
  line.replace(/\d+$/, (number) => String(change(Number(number))));

/** Faults of data entry after a prompt for a given length. */
const ENTERED: readonly Defect[] = [
  simcom(
    "topic-entered-cut",
    "TOPIC loses the last byte of what was entered",
    ["MQTT-3.3.2-1"],
    entered("CMQTTTOPIC", cut),
  ),
  simcom(
    "payload-entered-cut",
    "PAYLOAD loses the last byte of what was entered",
    [],
    entered("CMQTTPAYLOAD", cut),
  ),
  simcom(
    "payload-entered-to-nul",
    "PAYLOAD uses what was entered only up to its first NUL",
    [],
    entered("CMQTTPAYLOAD", (data) => data.replace(/\0[^]*$/, "")),
  ),
  simcom(
    "payload-entered-trimmed",
    "PAYLOAD leaves out line ends at the end of what was entered",
    [],
    entered("CMQTTPAYLOAD", (data) => data.replace(/[\r\n]+$/, "")),
  ),
  simcom(
    "filter-entered-cut",
    "SUB loses the last byte of the filter",
    ["MQTT-3.8.3-1"],
    entered("CMQTTSUB", cut),
  ),
  simcom(
    "filter-given-up-cut",
    "UNSUB loses the last byte of the filter",
    ["MQTT-3.10.3-1"],
    entered("CMQTTUNSUB", cut),
  ),
  simcom(
    "will-topic-entered-cut",
    "WILLTOPIC loses the last byte of what was entered",
    ["MQTT-3.1.3-10"],
    entered("CMQTTWILLTOPIC", cut),
  ),
  simcom(
    "will-message-entered-cut",
    "WILLMSG loses the last byte of what was entered",
    ["MQTT-3.1.2-9"],
    entered("CMQTTWILLMSG", cut),
  ),
  simcom(
    "entry-ends-at-ctrl-z",
    "Data entry ends at a Ctrl-Z, whatever length was given",
    [],
    () => ({ endsCountedData: (byte) => byte === 0x1a }),
  ),
];

/** Faults of the lines that report a message. */
const MESSAGES: readonly Defect[] = [
  simcom("rxend-missing", "+CMQTTRXEND never comes", [], lines("ECMTRECV", (given) => given.slice(0, -1))),
  simcom(
    "rxstart-missing",
    "+CMQTTRXSTART never comes",
    [],
    lines("ECMTRECV", (given) => given.slice(1)),
  ),
  simcom(
    "rxtopic-length-wrong",
    "+CMQTTRXTOPIC says one byte too many",
    [],
    messageLines("RXTOPIC", (line) => last(line, (length) => length + 1)),
  ),
  simcom(
    "rxpayload-length-wrong",
    "+CMQTTRXPAYLOAD says one byte too few",
    [],
    messageLines("RXPAYLOAD", (line) => last(line, (length) => length - 1)),
  ),
  simcom(
    "rxstart-length-wrong",
    "+CMQTTRXSTART says a payload of one byte too many",
    [],
    messageLines("RXSTART", (line) => last(line, (length) => length + 1)),
  ),
  simcom(
    "rx-of-another-client",
    "+CMQTTRXSTART has the index of the other client",
    [],
    messageLines("RXSTART", (line) => line.replace(": 0,", ": 1,")),
  ),
  simcom(
    "rx-first-piece-only",
    "Only the first 500 bytes of a long payload are shown",
    [],
    (hooks) => ({
      urc: (urc) =>
        hooks.urc(urc).map((each) =>
          each.name === "ECMTRECV"
            ? {
              ...each,
              fields: each.fields.map((field, at) => at === 3 ? String(field).slice(0, 500) : field),
            }
            : each
        ),
    }),
  ),
];

/** Faults of the results of commands, and of their causes. */
const RESULTS: readonly Defect[] = [
  simcom(
    "start-result-missing",
    "+CMQTTSTART never comes",
    [],
    lines("CMQTTSTART", () => []),
  ),
  simcom(
    "connect-refusal-code-lost",
    "A refused CONNECT has err 27, whatever the broker said",
    [],
    lines("ECMTCONN", (given) => given.map((line) => line.replace(/,(2[7-9]|3[01])$/, ",27"))),
  ),
  simcom(
    "sub-err-lost",
    "A subscription that the broker refuses has err 0",
    ["MQTT-3.8.3-3"],
    lines("ECMTSUB", (given) => given.map((line) => line.replace(/,\d+$/, ",0"))),
  ),
  simcom(
    "pub-result-at-once",
    "+CMQTTPUB comes when PUBLISH was sent, instead of with its acknowledgement",
    ["MQTT-4.3.2-1", "MQTT-4.3.3-1"],
    () => ({ completes: () => "sent" }),
  ),
  simcom(
    "pub-result-at-pubrec",
    "+CMQTTPUB comes with PUBREC instead of PUBCOMP",
    ["MQTT-4.3.3-1"],
    (hooks) => ({ completes: (qos) => qos === 2 ? "PUBREC" : hooks.completes(qos) }),
  ),
  simcom("unsub-result-missing", "+CMQTTUNSUB never comes", [], result("ECMTUNS", () => [])),
  simcom("connlost-missing", "+CMQTTCONNLOST never comes", [], result("ECMTSTAT", () => [])),
  simcom(
    "connlost-after-disc",
    "+CMQTTCONNLOST follows the result of DISC",
    [],
    lines("ECMTDISC", (given) => [...given, "+CMQTTCONNLOST: 0,1"]),
  ),
  simcom(
    "disc-without-packet",
    "DISC closes the connection without a DISCONNECT",
    ["MQTT-3.14.4-1"],
    sent("DISCONNECT", () => []),
  ),
  simcom(
    "connect-clean-always",
    "CONNECT has the clean session flag, whatever was given",
    ["MQTT-3.1.2-4"],
    sent("CONNECT", (packet) => [{ ...packet, cleanStart: true }]),
  ),
  simcom(
    "connect-keep-alive-60",
    "CONNECT has a keep-alive time of 60 s, whatever was given",
    ["MQTT-3.1.2-23"],
    sent("CONNECT", (packet) => [{ ...packet, keepAlive: 60 }]),
  ),
  simcom(
    "pub-retained-lost",
    "PUB leaves out the retain flag",
    ["MQTT-2.2.2-1"],
    sent("PUBLISH", (packet) => [{ ...packet, retain: false }]),
  ),
];

/** Faults that only modules with SIMCom's commands can have. */
export const SIMCOM_DEFECTS: readonly Defect[] = [...ENTERED, ...MESSAGES, ...RESULTS];
