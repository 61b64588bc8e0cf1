import { result } from "../changes.ts";
import type { ModuleQuirk } from "./quirk.ts";

/** Result codes and optional fields of the results of commands and of received messages. */
export const RESULT_QUIRKS: readonly ModuleQuirk[] = [
  {
    id: "open-failure-1",
    about: "An OPEN that failed has result 1",
    lawful: "The sources say 1 and -1; any number but 0 is a failure [ECMT-OPEN-U2]",
    commands: "ECMT",
    behaviour: { openFailure: 1 },
    claims: { values: { openFailed: 1 } },
  },
  {
    id: "open-failure-5",
    about: "An OPEN that failed has result 5, network connection error",
    lawful: "The application note of the LTE modules has it beside -1",
    commands: "QMT",
    behaviour: { openFailure: 5 },
  },
  {
    id: "refused-conn-result-0",
    about: "A refused CONN has result 0 beside the broker's return code",
    lawful: "The manual has result 1 there, the vendor's source 0; the code tells the refusal [ECMT-CONN-U5]",
    commands: "ECMT",
    behaviour: { refusalResult: 0 },
    claims: { values: { connRefused: 0 } },
  },
  {
    id: "refused-conn-result-1",
    about: "A refused CONN has result 1 beside the broker's return code",
    lawful: "The sources dispute result 0 and 1; the code tells the refusal [ECMT-CONN-U5]",
    commands: "QMT",
    behaviour: { refusalResult: 1 },
  },
  {
    id: "failed-conn-result-2-2",
    about: "A CONN that got no CONNACK is reported as 2,2",
    lawful: "The vendor's source prints the result 2 as the code too [ECMT-CONN-U6, ECMT-CONN-U7]",
    commands: "ECMT",
    behaviour: { connectFailure: [2, 2] },
  },
  {
    id: "failed-conn-without-code",
    about: "A CONN that got no CONNACK is reported as 2, without a code",
    lawful: "The code is optional, and without CONNACK there is none [ECMT-CONN-U1]",
    commands: "ECMT",
    behaviour: { connectFailure: [2] },
  },
  {
    id: "conn-success-without-code",
    about: "A CONN that the broker accepts is reported as 0, without a code",
    lawful: "The application note has the code as optional",
    commands: "QMT",
    change: result(
      "ECMTCONN",
      (fields) => [fields[1] === 0 && fields[2] === 0 ? fields.slice(0, 2) : fields],
    ),
    points: ["urc ECMTCONN"],
  },
  {
    id: "sub-value-absent",
    about: "The result of SUB has no fourth field",
    lawful: "The value is optional in the form of the result [ECMT-SUB-U1]",
    behaviour: { subValue: "none" },
  },
  {
    id: "sub-value-one",
    about: "The fourth field of the result of SUB is 1, whatever QoS was granted",
    lawful:
      "The manual has the QoS that was granted, the vendor's source the number of return codes [ECMT-SUB-U3]",
    commands: "ECMT",
    behaviour: { subValue: "one" },
    claims: { values: { subValue: 1 } },
  },
  {
    id: "refused-sub-result-1",
    about: "A subscription that the broker refuses has result 1, beside 128",
    lawful: "The sources do not agree on what result 1 is, save that it is no success [ECMT-SUB-U2]",
    behaviour: { subRefused: [1, 128] },
  },
  {
    id: "pub-value-given",
    about: "The result of a PUB that was done has a fourth field, 0",
    lawful: "The value is optional in the form of the result [ECMT-PUB-U1]",
    change: result("ECMTPUB", (fields) => [fields[2] === 0 ? [...fields, 0] : fields]),
    points: ["urc ECMTPUB"],
  },
  {
    id: "recv-quoted",
    about: "The payload of a received message stands in quotes",
    lawful: "The sources have both [ECMT-RECV-U2]",
    commands: "ECMT",
    behaviour: { recvQuoted: true },
  },
  {
    id: "recv-id-987-at-qos-0",
    about: "A received message at QoS 0 has the id 987",
    lawful: "There is no id at QoS 0, and the sources show 0 and whatever stood in memory [ECMT-RECV-U5]",
    commands: "ECMT",
    behaviour: { recvIdAtQos0: 987 },
  },
];
