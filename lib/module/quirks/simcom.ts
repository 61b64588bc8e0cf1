import type { Hooks } from "../hooks.ts";
import type { ModuleQuirk } from "./quirk.ts";

const MANUAL = "The manual of the commands does not say";

/** A quirk of modules with SIMCom's commands. */
function simcom(
  id: string,
  about: string,
  lawful: string,
  rest: Omit<ModuleQuirk, "id" | "about" | "lawful" | "commands">,
): ModuleQuirk {
  return { id, about, lawful, commands: "CMQTT", ...rest };
}

/** Changes the lines of messages. */
const messages =
  (change: (lines: readonly string[]) => readonly string[]) => (hooks: Hooks): Partial<Hooks> => ({
    urcLines: (urc, given) => {
      const lines = hooks.urcLines(urc, given);
      return urc.name === "ECMTRECV" ? change(lines) : lines;
    },
  });

/** Peculiarities that only modules with SIMCom's commands can have. */
export const SIMCOM_QUIRKS: readonly ModuleQuirk[] = [
  simcom(
    "simcom-bare-prompt",
    "The prompt is > without a trailing space",
    "The manual shows only >",
    { change: () => ({ prompt: "\r\n>" }) },
  ),
  simcom(
    "payload-in-short-pieces",
    "A payload is shown in pieces of 7 bytes, each after a line of its own",
    "The length of a piece depends on the firmware; the manual repeats +CMQTTRXPAYLOAD until the end",
    { behaviour: { payloadPiece: 7 } },
  ),
  simcom(
    "topic-in-two-pieces",
    "A topic is shown in two pieces, the first of one byte",
    "In the manual +CMQTTRXTOPIC has the length of a part of the topic",
    {
      change: messages((lines) => {
        const [start = "", head = "", topic = "", ...rest] = lines;
        if (topic.length < 2) return lines;
        const part = (size: number) => head.replace(/\d+$/, String(size));
        return [start, part(1), topic.slice(0, 1), part(topic.length - 1), topic.slice(1), ...rest];
      }),
      points: ["urcLines ECMTRECV"],
    },
  ),
  simcom(
    "empty-payload-has-a-line",
    "An empty payload is shown as a +CMQTTRXPAYLOAD of length 0",
    `${MANUAL} what stands for a message without payload`,
    {
      change: messages((lines) =>
        lines.some((line) => line.startsWith("+CMQTTRXPAYLOAD"))
          ? lines
          : [...lines.slice(0, -1), "+CMQTTRXPAYLOAD: 0,0", "", ...lines.slice(-1)]
      ),
      points: ["urcLines ECMTRECV"],
    },
  ),
  simcom(
    "ids-lowest",
    "A packet has the lowest free identifier, so identifiers repeat",
    "MQTT requires only that an identifier is not in use [MQTT-2.3.1-2]",
    { behaviour: { chosenIds: "lowest" } },
  ),
  simcom(
    "connlost-cause-3",
    "A lost connection is reported with cause 3, network closed",
    `${MANUAL} which loss has which cause`,
    {
      change: (hooks) => ({
        urc: (urc) =>
          hooks.urc(urc).map((each) =>
            each.name === "ECMTSTAT" ? { ...each, fields: [each.fields[0] ?? 0, 3] } : each
          ),
      }),
      points: ["urc ECMTSTAT"],
    },
  ),
  simcom(
    "refused-sub-err-12",
    "A subscription that the broker refuses has err 12",
    `${MANUAL} which err a refused subscription has; 0 is success`,
    {
      change: (hooks) => ({
        urcLines: (urc, given) =>
          hooks.urcLines(urc, given).map((line) =>
            urc.name === "ECMTSUB" ? line.replace(/,1$/, ",12") : line
          ),
      }),
      points: ["urcLines ECMTSUB"],
    },
  ),
  simcom(
    "failed-connect-err-26",
    "A CONNECT that got no CONNACK has err 26, connection closed by the server",
    "The manual lists it beside 17, timeout",
    { behaviour: { connectFailure: [2, 26] } },
  ),
  simcom(
    "one-publish-at-a-time",
    "SUB, UNSUB and PUB are refused while one of them waits for its result",
    "The manual lists err 14, busy",
    { behaviour: { requestsAtOnce: 1 }, claims: { values: { publishesAtOnce: 1, requestsAtOnce: 1 } } },
  ),
  simcom(
    "final-results-late",
    "Each final result comes 300 ms late",
    "The manual allows commands several seconds",
    { behaviour: { finalDelayMs: 300 } },
  ),
  simcom(
    "refusals-explained",
    "A line with the name of the command, the index and err 12 comes before each ERROR",
    "The manual shows such a line beside ERROR for most commands",
    {
      change: (hooks) => ({
        explains: (command) => [
          ...hooks.explains(command),
          ...(command.startsWith("+CMQTT") ? [`${command}: 0,12`] : []),
        ],
      }),
      points: ["explains"],
    },
  ),
];
