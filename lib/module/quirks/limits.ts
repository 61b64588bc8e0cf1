import type { ModuleQuirk } from "./quirk.ts";

const CAPACITY = "Capacity depends on the firmware, which refuses a command beyond it";

/** Quirks with small limits: a value beyond them is refused like any other out of range. */
export const LIMIT_QUIRKS: readonly ModuleQuirk[] = [
  {
    id: "topic-limit-127",
    about: "Topics and filters of more than 127 bytes are refused",
    lawful: CAPACITY,
    behaviour: { limits: { topic: 127 } },
    claims: { values: { topicMax: 127 } },
  },
  {
    id: "client-id-limit-23",
    about: "Client ids of more than 23 bytes are refused",
    lawful: `${CAPACITY}; MQTT requires no broker to accept longer ones [MQTT-3.1.3-5]`,
    behaviour: { limits: { clientId: 23 } },
    claims: { values: { clientIdMax: 23 } },
  },
  {
    id: "credentials-limit-31",
    about: "User names and passwords of more than 31 bytes are refused",
    lawful: CAPACITY,
    behaviour: { limits: { userName: 31, password: 31 } },
    claims: { values: { userNameMax: 31, passwordMax: 31 } },
  },
  {
    id: "host-limit-32",
    about: "Host names of more than 32 characters are refused",
    lawful: CAPACITY,
    behaviour: { limits: { host: 32 } },
    claims: { values: { hostMax: 32 } },
  },
  {
    id: "payload-limit-256",
    about: "PUB accepts payloads of up to 256 bytes, in the line and after the prompt",
    lawful: CAPACITY,
    behaviour: { limits: { textPayload: 256, dataPayload: 256 } },
    claims: { values: { payloadMax: 256, textMax: 256, dataMax: 256 } },
  },
  {
    id: "will-message-limit-32",
    about: "Will messages of more than 32 bytes are refused",
    lawful: CAPACITY,
    behaviour: { limits: { willMessage: 32 } },
    claims: { values: { willMessageMax: 32 } },
  },
  {
    id: "packet-limit-1157",
    about:
      "A PUBLISH of more than 1,157 bytes is not sent, and a larger packet from the broker ends the connection",
    lawful:
      "One firmware has a buffer of that size, and a target claims it as a feature [ECMT-PUB-W25, ECMT-RECV-U9]",
    commands: "ECMT",
    behaviour: { limits: { packet: 1_157, textPayload: 1_024, dataPayload: 1_026 } },
    claims: { supports: ["packet-limit"], values: { textMax: 1_024, dataMax: 1_026 } },
  },
  {
    id: "in-flight-1",
    about: "A second PUB at QoS 1 or 2 is refused while one is unacknowledged",
    lawful: "The number of messages in flight depends on the firmware; the LTE modules allow five",
    behaviour: { inFlight: 1 },
    claims: { values: { publishesAtOnce: 1 } },
  },
  {
    id: "one-request-at-a-time",
    about: "SUB, UNS and PUB at QoS 1 and 2 are refused while one of them waits for its result",
    lawful: "No source says that several requests may wait at once",
    behaviour: { requestsAtOnce: 1 },
    claims: { values: { requestsAtOnce: 1 } },
  },
  {
    id: "one-topic-per-command",
    about: "SUB and UNS accept one topic",
    lawful: "The number of topics in a command depends on the firmware",
    commands: "QMT",
    behaviour: { topicsPerCommand: 1 },
  },
];
