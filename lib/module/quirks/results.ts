import { result } from "../changes.ts";
import type { ModuleQuirk } from "./quirk.ts";

/** Quirks of the result codes and optional fields of command results and received messages. */
export const RESULT_QUIRKS: readonly ModuleQuirk[] = [
  {
    id: "open-failure-1",
    about: "A failed OPEN has result 1",
    lawful: "The sources say 1 and -1; any number except 0 is a failure [ECMT-OPEN-U2]",
    commands: "ECMT",
    behaviour: { openFailure: 1 },
    claims: { values: { openFailed: 1 } },
  },
  {
    id: "open-failure-5",
    about: "A failed OPEN has result 5, network connection error",
    lawful: "The application note of the LTE modules lists it beside -1",
    commands: "QMT",
    behaviour: { openFailure: 5 },
  },
  {
    id: "refused-conn-result-0",
    about: "A refused CONN has result 0 with the broker's return code",
    lawful:
      "The manual has result 1 here, the vendor's source 0; the code reports the refusal [ECMT-CONN-U5]",
    commands: "ECMT",
    behaviour: { refusalResult: 0 },
    claims: { values: { connRefused: 0 } },
  },
  {
    id: "refused-conn-result-1",
    about: "A refused CONN has result 1 with the broker's return code",
    lawful: "The sources disagree on result 0 and 1; the code reports the refusal [ECMT-CONN-U5]",
    commands: "QMT",
    behaviour: { refusalResult: 1 },
  },
  {
    id: "failed-conn-result-2-2",
    about: "A CONN without a CONNACK is reported as 2,2",
    lawful: "The vendor's source also prints result 2 as the code [ECMT-CONN-U6, ECMT-CONN-U7]",
    commands: "ECMT",
    behaviour: { connectFailure: [2, 2] },
  },
  {
    id: "failed-conn-without-code",
    about: "A CONN without a CONNACK is reported as 2, without a code",
    lawful: "The code is optional, and without CONNACK there is none [ECMT-CONN-U1]",
    commands: "ECMT",
    behaviour: { connectFailure: [2] },
  },
  {
    id: "conn-success-without-code",
    about: "A CONN accepted by the broker is reported as 0, without a code",
    lawful: "In the application note the code is optional",
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
    lawful: "The value is optional in the result [ECMT-SUB-U1]",
    behaviour: { subValue: "none" },
  },
  {
    id: "sub-value-one",
    about: "The fourth field of the result of SUB is always 1, whatever QoS was granted",
    lawful: "The manual has the granted QoS, the vendor's source the number of return codes [ECMT-SUB-U3]",
    commands: "ECMT",
    behaviour: { subValue: "one" },
    claims: { values: { subValue: 1 } },
  },
  {
    id: "refused-sub-result-1",
    about: "A subscription refused by the broker has result 1, with 128",
    lawful: "The sources disagree on the meaning of result 1, except that it is not success [ECMT-SUB-U2]",
    behaviour: { subRefused: [1, 128] },
  },
  {
    id: "pub-value-given",
    about: "The result of a successful PUB has a fourth field, 0",
    lawful: "The value is optional in the result [ECMT-PUB-U1]",
    change: result("ECMTPUB", (fields) => [fields[2] === 0 ? [...fields, 0] : fields]),
    points: ["urc ECMTPUB"],
  },
  {
    id: "recv-quoted",
    about: "The payload of a received message is in quotes",
    lawful: "The sources show both [ECMT-RECV-U2]",
    commands: "ECMT",
    behaviour: { recvQuoted: true },
  },
  {
    id: "recv-id-987-at-qos-0",
    about: "A received QoS 0 message has the id 987",
    lawful: "QoS 0 has no id, and the sources show 0 or an undefined number [ECMT-RECV-U5]",
    commands: "ECMT",
    behaviour: { recvIdAtQos0: 987 },
  },
];
