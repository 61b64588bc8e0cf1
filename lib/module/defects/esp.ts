import type { Hooks, Urc } from "../hooks.ts";
import { field, result, sent } from "../changes.ts";
import type { Defect } from "./defect.ts";

/** A defect of a module with ESP-AT. */
function esp(
  id: string,
  description: string,
  clauses: readonly string[],
  change: (hooks: Hooks) => Partial<Hooks>,
): Defect {
  return { id, description, clauses, commands: "MQTT", change };
}

const entered = (change: (data: string) => string) => (hooks: Hooks): Partial<Hooks> => ({
  entered: (command, data) => change(hooks.entered(command, data)),
});

const lines =
  (named: Urc["name"], change: (line: string) => readonly string[]) => (hooks: Hooks): Partial<Hooks> => ({
    urcLines: (urc, given) => {
      const said = hooks.urcLines(urc, given);
      return urc.name === named ? said.flatMap(change) : said;
    },
  });

/** Changes the length that +MQTTSUBRECV says. */
const length = (change: (length: number) => number) => (line: string) => [
  line.replace(
    /^(\+MQTTSUBRECV:0,"[^"]*",)(\d+)/,
    (_all, head: string, said: string) => `${head}${change(Number(said))}`,
  ),
];

/** Faults that only modules with ESP-AT can have. */
export const ESP_DEFECTS: readonly Defect[] = [
  esp(
    "raw-payload-cut",
    "PUBRAW loses the last byte of what was entered",
    [],
    entered((data) => data.slice(0, -1)),
  ),
  esp(
    "raw-payload-to-nul",
    "PUBRAW uses what was entered only up to its first NUL",
    [],
    entered((data) => data.replace(/\0[^]*$/, "")),
  ),
  esp(
    "raw-payload-of-seven-bits",
    "Bytes entered for PUBRAW lose their highest bit",
    [],
    entered((data) => [...data].map((one) => String.fromCharCode(one.charCodeAt(0) & 0x7f)).join("")),
  ),
  esp(
    "escapes-sent",
    "The backslashes that escape characters of a text are sent with it",
    ["MQTT-3.3.2-1", "MQTT-3.8.3-1"],
    (hooks) => ({
      parameters: (read, text, restAt) =>
        hooks.parameters(read, text, restAt)?.map((one) =>
          one.kind === "quoted" ? { ...one, text: one.text.replace(/[",\\]/g, "\\$&") } : one
        ),
    }),
  ),
  esp(
    "raw-result-at-once",
    "+MQTTPUB:OK comes when PUBLISH was sent, instead of with its acknowledgement",
    ["MQTT-4.3.2-1", "MQTT-4.3.3-1"],
    () => ({ completes: () => "sent" }),
  ),
  esp("raw-result-missing", "+MQTTPUB:OK never comes", [], result("ECMTPUB", () => [])),
  esp(
    "subrecv-length-short",
    "+MQTTSUBRECV says one byte too few",
    [],
    lines("ECMTRECV", length((said) => said - 1)),
  ),
  esp(
    "subrecv-length-long",
    "+MQTTSUBRECV says one byte too many",
    [],
    lines("ECMTRECV", length((said) => said + 1)),
  ),
  esp(
    "subrecv-twice",
    "+MQTTSUBRECV comes twice",
    ["MQTT-4.3.3-2"],
    lines("ECMTRECV", (line) => [line, line]),
  ),
  esp("subrecv-missing", "+MQTTSUBRECV never comes", [], lines("ECMTRECV", () => [])),
  esp("disconnected-missing", "+MQTTDISCONNECTED never comes", [], result("ECMTSTAT", () => [])),
  esp(
    "sub-refusal-ok",
    "A subscription that the broker refuses is answered with OK",
    ["MQTT-3.8.3-3"],
    field("ECMTSUB", 3, () => 0),
  ),
  esp(
    "conn-refusal-ok",
    "MQTTCONN is answered with OK although the broker refuses",
    [],
    result("ECMTCONN", ([id = 0]) => [[id, 0, 0]]),
  ),
  esp(
    "clean-session-inverted",
    "MQTTCONNCFG's disable_clean_session has the opposite effect",
    ["MQTT-3.1.2-4"],
    sent("CONNECT", (packet) => [{ ...packet, cleanStart: packet.cleanStart !== true }]),
  ),
  esp(
    "conncfg-keep-alive-lost",
    "CONNECT has a keep-alive time of 120 s, whatever MQTTCONNCFG was given",
    ["MQTT-3.1.2-23"],
    sent("CONNECT", (packet) => [{ ...packet, keepAlive: 120 }]),
  ),
  esp(
    "conncfg-will-lost",
    "CONNECT has no will, whatever MQTTCONNCFG was given",
    ["MQTT-3.1.2-9"],
    sent("CONNECT", (packet) => [{ ...packet, will: undefined }]),
  ),
  esp(
    "clean-without-packet",
    "MQTTCLEAN closes the connection without a DISCONNECT",
    ["MQTT-3.14.4-1"],
    sent("DISCONNECT", () => []),
  ),
];
