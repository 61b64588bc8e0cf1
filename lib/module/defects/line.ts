import type { Defect } from "./defect.ts";

const CTRL_Z = 0x1a;
const ESC = 0x1b;

/** Faults of the serial line: framing, final results, echo, data entry. */
export const LINE_DEFECTS: readonly Defect[] = [
  {
    id: "ok-missing",
    description: "OK is missing before a result line",
    clauses: ["ECMT-AT-10"],
    change: ({ final }) => ({
      final: (line, urcFollows) => line === "OK" && urcFollows ? [] : final(line, urcFollows),
    }),
  },
  {
    id: "ok-twice",
    description: "OK is sent twice",
    clauses: ["ECMT-AT-4"],
    change: ({ final }) => ({
      final: (line, urcFollows) => line === "OK" ? ["OK", "OK"] : final(line, urcFollows),
    }),
  },
  {
    id: "urc-before-ok",
    description: "The result URC of a command comes before its OK",
    clauses: ["ECMT-AT-10"],
    change: () => ({ okWaitsForUrc: true }),
  },
  {
    id: "quiet-ignored",
    description: "Results are sent even after ATQ1",
    clauses: ["ECMT-AT-6"],
    change: () => ({ quiets: () => false }),
  },
  {
    id: "error-lower-case",
    description: "Errors are sent in lower case",
    clauses: ["ECMT-AT-32"],
    change: ({ final }) => ({
      final: (line, urcFollows) => final(line.includes("ERROR") ? line.toLowerCase() : line, urcFollows),
    }),
  },
  {
    id: "error-code-wrong",
    description: "A refused command gives CME 50 instead of CME 3",
    clauses: ["ECMT-AT-31"],
    change: () => ({ errorCode: () => 50 }),
  },
  {
    id: "error-form-ignored",
    description: "Errors are plain, whatever AT+CMEE was set to",
    clauses: ["ECMT-AT-32"],
    change: () => ({ errorForm: () => 0 }),
  },
  {
    id: "unknown-command-accepted",
    description: "A command that does not exist is answered OK",
    clauses: ["ECMT-AT-30"],
    change: () => ({ knows: () => true }),
  },
  {
    id: "test-form-missing",
    description: "The test forms of the ECMT commands are refused",
    clauses: ["ECMT-OPEN-T1", "ECMT-CONN-T1", "ECMT-SUB-T1", "ECMT-UNS-T1", "ECMT-PUB-T1", "ECMT-DISC-T1"],
    change: ({ hasForm }) => ({
      hasForm: (command, form) => !(command.startsWith("ECMT") && form === "test") && hasForm(command, form),
    }),
  },
  {
    id: "read-form-missing",
    description: "The read forms of OPEN and CONN are refused",
    clauses: ["ECMT-OPEN-R1", "ECMT-CONN-R1"],
    change: ({ hasForm }) => ({
      hasForm: (command, form) => !(command.startsWith("ECMT") && form === "read") && hasForm(command, form),
    }),
  },
  {
    id: "read-form-empty",
    description: "The read forms of OPEN and CONN answer OK and nothing else",
    clauses: ["ECMT-OPEN-R1", "ECMT-CONN-R1"],
    change: ({ information }) => ({
      information: (command, form, lines) => form === "read" ? [] : information(command, form, lines),
    }),
  },
  {
    id: "second-command-ignored",
    description: "Only the first of several commands in a line is executed",
    clauses: ["ECMT-AT-2"],
    change: ({ commands }) => ({ commands: (line) => commands(line).slice(0, 1) }),
  },
  {
    id: "line-goes-on-after-error",
    description: "Commands after a wrong one in the same line are executed",
    clauses: ["ECMT-AT-2"],
    change: () => ({ stopsAtError: false }),
  },
  {
    id: "echo-stays-on",
    description: "ATE0 does not turn the echo off",
    clauses: ["ECMT-AT-5"],
    change: () => ({ echoes: () => true }),
  },
  {
    id: "echo-stays-off",
    description: "Nothing is echoed, not even after ATE1",
    clauses: ["ECMT-AT-5"],
    change: () => ({ echoes: () => false }),
  },
  {
    id: "prompt-without-space",
    description: "The prompt is > without a space after it",
    clauses: ["ECMT-PUB-W30"],
    change: () => ({ prompt: "\r\n>" }),
  },
  {
    id: "prompt-missing",
    description: "Data is accepted without a prompt",
    clauses: ["ECMT-PUB-W30"],
    change: () => ({ prompt: "" }),
  },
  {
    id: "ctrl-z-in-payload",
    description: "The Ctrl-Z that ends data entry is sent with the payload",
    clauses: ["ECMT-PUB-W32"],
    change: ({ enteredData }) => ({
      enteredData: (data, terminator) => enteredData(data, terminator) + String.fromCharCode(terminator),
    }),
  },
  {
    id: "esc-sends",
    description: "ESC sends the data instead of dropping it",
    clauses: ["ECMT-PUB-W32"],
    change: ({ dataEnd }) => ({ dataEnd: (byte) => byte === ESC ? "send" : dataEnd(byte) }),
  },
  {
    id: "ctrl-z-cancels",
    description: "Ctrl-Z drops the data instead of sending it",
    clauses: ["ECMT-PUB-W32"],
    change: ({ dataEnd }) => ({ dataEnd: (byte) => byte === CTRL_Z ? "cancel" : dataEnd(byte) }),
  },
  {
    id: "line-feed-ends-data",
    description: "Data entry ends at the first LF",
    clauses: ["ECMT-PUB-W32", "ECMT-PUB-W34"],
    change: ({ dataEnd }) => ({ dataEnd: (byte) => byte === 0x0a ? "send" : dataEnd(byte) }),
  },
];
