import type { Defect } from "./defect.ts";
import type { Hooks } from "../hooks.ts";
import type { Range } from "../parameters.ts";

/** Changes the range of some parameters in the hooks. */
function range(
  change: (range: Range) => Range,
  ...parameters: readonly string[]
): (hooks: Hooks) => Partial<Hooks> {
  return (hooks) => ({
    range: (parameter, range) => {
      const given = hooks.range(parameter, range);
      return parameters.some((name) => parameter === name || parameter.endsWith(`.${name}`))
        ? change(given)
        : given;
    },
  });
}

const from0 = ([, high]: Range): Range => [0, high];
const oneMore = ([low, high]: Range): Range => [low, high + 1];

/** Faults in how parameters are read and checked. */
export const PARAMETER_DEFECTS: readonly Defect[] = [
  {
    id: "port-zero-accepted",
    description: "OPEN accepts port 0",
    clauses: ["ECMT-OPEN-W4"],
    change: range(from0, "ECMTOPEN.port"),
  },
  {
    id: "port-65536-accepted",
    description: "OPEN accepts port 65536",
    clauses: ["ECMT-OPEN-W4"],
    change: range(oneMore, "ECMTOPEN.port"),
  },
  {
    id: "connect-id-1-accepted",
    description: "A tcpconnectID one above the highest is accepted",
    clauses: ["ECMT-OPEN-W2"],
    change: range(oneMore, "tcpconnectID"),
  },
  {
    id: "host-limit-off-by-one",
    description: "OPEN accepts a host name that is one byte too long",
    clauses: ["ECMT-OPEN-W3"],
    change: range(oneMore, "ECMTOPEN.host_name"),
  },
  {
    id: "sub-qos-3-accepted",
    description: "SUB accepts QoS 3",
    clauses: ["ECMT-SUB-W3"],
    change: range(oneMore, "ECMTSUB.qos"),
  },
  {
    id: "sub-qos-2-refused",
    description: "SUB refuses QoS 2",
    clauses: ["ECMT-SUB-W3"],
    change: range(() => [0, 1], "ECMTSUB.qos"),
  },
  {
    id: "sub-id-zero-accepted",
    description: "SUB accepts msgID 0",
    clauses: ["ECMT-SUB-W2", "MQTT-2.3.1-1"],
    change: range(from0, "ECMTSUB.msgID"),
  },
  {
    id: "uns-id-zero-accepted",
    description: "UNS accepts msgID 0",
    clauses: ["ECMT-UNS-W1", "MQTT-2.3.1-1"],
    change: range(from0, "ECMTUNS.msgID"),
  },
  {
    id: "id-65536-accepted",
    description: "SUB, UNS and PUB accept msgID 65536",
    clauses: ["ECMT-SUB-W2", "ECMT-UNS-W1", "ECMT-PUB-W3"],
    change: range(oneMore, "msgID"),
  },
  {
    id: "id-65535-refused",
    description: "SUB, UNS and PUB refuse msgID 65535",
    clauses: ["ECMT-SUB-W2", "ECMT-UNS-W1", "ECMT-PUB-W3"],
    change: range(([low, high]) => [low, high - 1], "msgID"),
  },
  {
    id: "pub-qos-3-accepted",
    description: "PUB accepts QoS 3",
    clauses: ["ECMT-PUB-W4"],
    change: range(oneMore, "ECMTPUB.qos"),
  },
  {
    id: "pub-id-zero-accepted",
    description: "PUB accepts msgID 0 at QoS 1 and 2",
    clauses: ["ECMT-PUB-W3", "MQTT-2.3.1-1"],
    change: () => ({ refusesIdZero: false }),
  },
  {
    id: "retain-2-accepted",
    description: "PUB accepts retain 2",
    clauses: ["ECMT-PUB-W5"],
    change: range(oneMore, "ECMTPUB.retain"),
  },
  {
    id: "topic-limit-off-by-one",
    description: "A topic that is one byte too long is accepted",
    clauses: ["ECMT-SUB-W4", "ECMT-PUB-W7"],
    change: range(oneMore, "topic"),
  },
  {
    id: "client-id-limit-off-by-one",
    description: "CONN accepts a client id, user name and password that are one byte too long",
    clauses: ["ECMT-CONN-W4"],
    change: range(oneMore, "clientID", "username", "password"),
  },
  {
    id: "payload-limit-off-by-one",
    description: "PUB accepts a payload in the command line that is one byte too long",
    clauses: ["ECMT-PUB-W24"],
    change: range(oneMore, "ECMTPUB.payload"),
  },
  {
    id: "keepalive-limit-off-by-one",
    description: "CFG accepts a keep-alive time of 3601 s",
    clauses: ["ECMT-CFG-W12"],
    change: range(oneMore, "ECMTCFG.keepalive.keep_alive_time"),
  },
  {
    id: "missing-parameter-accepted",
    description: "A required parameter may be missing",
    clauses: ["ECMT-AT-25"],
    change: () => ({ mandatory: () => false }),
  },
  {
    id: "extra-parameter-accepted",
    description: "An extra parameter is ignored",
    clauses: ["ECMT-AT-26"],
    change: () => ({ refusesExtra: false }),
  },
  {
    id: "quoted-number-accepted",
    description: "A number may be in quotes",
    clauses: ["ECMT-AT-20"],
    change: () => ({ takesQuotedNumbers: true }),
  },
  {
    id: "space-refused",
    description: "A space before a parameter is an error",
    clauses: ["ECMT-AT-3"],
    change: () => ({ skipsSpaces: false }),
  },
];
