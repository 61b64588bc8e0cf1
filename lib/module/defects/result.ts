import type { Defect } from "./defect.ts";
import { field, result } from "../changes.ts";

const plusOne = (value: number | string) => Number(value) + 1;
const nothing = () => [];

/** Faults in the results: wrong, missing, duplicated. */
export const RESULT_DEFECTS: readonly Defect[] = [
  {
    id: "open-result-missing",
    description: "OPEN has no result URC",
    clauses: ["ECMT-OPEN-U1"],
    change: result("ECMTOPEN", nothing),
  },
  {
    id: "open-failure-as-success",
    description: "A connection that could not be opened is reported as opened",
    clauses: ["ECMT-OPEN-U2"],
    change: field("ECMTOPEN", 1, () => 0),
  },
  {
    id: "open-failure-keeps-context",
    description: "The context and its settings remain after a failed OPEN",
    clauses: ["ECMT-OPEN-U5", "ECMT-S-1"],
    change: ({ forgetsContext }) => ({
      forgetsContext: (after) => after !== "OPEN" && forgetsContext(after),
    }),
  },
  {
    id: "connect-id-wrong",
    description: "The result of CONN has another tcpconnectID",
    clauses: ["ECMT-CONN-U1"],
    change: field("ECMTCONN", 0, plusOne),
  },
  {
    id: "conn-code-wrong",
    description: "A refused CONN has the broker's code plus one",
    clauses: ["ECMT-CONN-U6"],
    change: field("ECMTCONN", 2, (code) => code === 0 ? 0 : Number(code) + 1),
  },
  {
    id: "sub-result-wrong-id",
    description: "The result of SUB has the msgID plus one",
    clauses: ["ECMT-SUB-U1"],
    change: field("ECMTSUB", 1, plusOne),
  },
  {
    id: "uns-result-wrong-id",
    description: "The result of UNS has the msgID plus one",
    clauses: ["ECMT-UNS-U1"],
    change: field("ECMTUNS", 1, plusOne),
  },
  {
    id: "pub-result-wrong-id",
    description: "The result of PUB has the msgID plus one",
    clauses: ["ECMT-PUB-U1"],
    change: field("ECMTPUB", 1, plusOne),
  },
  {
    id: "pub-result-missing",
    description: "PUB has no result URC",
    clauses: ["ECMT-PUB-U3"],
    change: result("ECMTPUB", nothing),
  },
  {
    id: "pub-result-twice",
    description: "The result of PUB is sent twice",
    clauses: ["ECMT-PUB-U3"],
    change: result("ECMTPUB", (fields) => [fields, fields]),
  },
  {
    id: "uns-result-missing",
    description: "UNS has no result URC",
    clauses: ["ECMT-UNS-U1"],
    change: result("ECMTUNS", nothing),
  },
  {
    id: "disc-result-missing",
    description: "DISC has no result URC",
    clauses: ["ECMT-DISC-U1"],
    change: result("ECMTDISC", nothing),
  },
  {
    id: "disc-result-failed",
    description: "A successful DISC is reported as failed",
    clauses: ["ECMT-DISC-U1"],
    change: field("ECMTDISC", 1, () => -1),
  },
  {
    id: "disc-unconnected-as-success",
    description: "DISC without a client is reported as done",
    clauses: ["ECMT-DISC-W4"],
    change: field("ECMTDISC", 1, () => 0),
  },
  {
    id: "stat-missing",
    description: "A lost connection is not reported",
    clauses: ["ECMT-STAT-U1", "ECMT-S-3"],
    change: result("ECMTSTAT", nothing),
  },
  {
    id: "recv-missing",
    description: "Received messages are not reported",
    clauses: ["ECMT-RECV-U1"],
    change: result("ECMTRECV", nothing),
  },
  {
    id: "recv-wrong-id",
    description: "A received message at QoS 1 or 2 is reported with its packet id plus one",
    clauses: ["ECMT-RECV-U5"],
    change: field("ECMTRECV", 1, (id) => id === 0 ? 0 : Number(id) + 1),
  },
  {
    id: "recv-topic-cut",
    description: "The topic of a received message is reported without its last level",
    clauses: ["ECMT-RECV-U2"],
    change: field("ECMTRECV", 2, (topic) => String(topic).replace(/\/[^/]*"$/, '"')),
  },
  {
    id: "recv-payload-cut-at-comma",
    description: "A received payload is reported only up to its first comma",
    clauses: ["ECMT-RECV-U3"],
    change: field("ECMTRECV", 3, (payload) => String(payload).split(",")[0] ?? ""),
  },
  {
    id: "recv-payload-upper-case",
    description: "A received payload is reported in upper case",
    clauses: ["ECMT-RECV-U3"],
    change: field("ECMTRECV", 3, (payload) => String(payload).toUpperCase()),
  },
  {
    id: "state-wrong",
    description: "AT+ECMTCONN? always shows state 1",
    clauses: ["ECMT-CONN-R1"],
    change: () => ({ shownState: () => 1 }),
  },
  {
    id: "open-query-wrong",
    description: "AT+ECMTOPEN? shows the port plus one",
    clauses: ["ECMT-OPEN-R1"],
    change: ({ information }) => ({
      information: (command, form, lines) =>
        information(command, form, lines).map((line) =>
          command === "ECMTOPEN" && form === "read"
            ? line.replace(/\d+$/, (port) => `${Number(port) + 1}`)
            : line
        ),
    }),
  },
  {
    id: "offline-sub-accepted",
    description: "SUB, UNS and PUB are accepted without a connection",
    clauses: ["ECMT-SUB-W5", "ECMT-UNS-W2", "ECMT-PUB-W8"],
    change: ({ rule }) => ({
      rule: (command, state, given) => command === "data" ? "run" : rule(command, state, given),
    }),
  },
  {
    id: "offline-conn-ignored",
    description: "CONN without an open connection is answered with OK",
    clauses: ["ECMT-CONN-W6"],
    change: ({ rule }) => ({
      rule: (command, state, given) =>
        command === "CONN" && given === "refuse" ? "ignore" : rule(command, state, given),
    }),
  },
  {
    id: "offline-disc-ignored",
    description: "DISC and CLOSE without a context are answered with OK",
    clauses: ["ECMT-DISC-W5", "ECMT-CLOSE-W2", "ECMT-DISC-W3"],
    change: ({ rule }) => ({
      rule: (command, state, given) =>
        (command === "DISC" || command === "CLOSE") && given === "refuse"
          ? "ignore"
          : rule(command, state, given),
    }),
  },
  {
    id: "second-open-refused",
    description: "A second OPEN or CONN is refused instead of ignored",
    clauses: ["ECMT-OPEN-W7", "ECMT-CONN-W7"],
    change: ({ rule }) => ({
      rule: (command, state, given) => given === "ignore" ? "refuse" : rule(command, state, given),
    }),
  },
  {
    id: "second-open-runs",
    description: "A second OPEN or CONN is executed again",
    clauses: ["ECMT-OPEN-W7", "ECMT-CONN-W7"],
    change: ({ rule }) => ({
      rule: (command, state, given) => given === "ignore" ? "run" : rule(command, state, given),
    }),
  },
  {
    id: "disc-keeps-context",
    description: "The context and its settings remain after DISC and CLOSE",
    clauses: ["ECMT-S-1", "ECMT-DISC-W2", "ECMT-CLOSE-U2"],
    change: ({ forgetsContext }) => ({
      forgetsContext: (after) => after === "OPEN" && forgetsContext(after),
    }),
  },
];
