import type { Hooks, Urc } from "../hooks.ts";
import type { ModuleQuirk } from "./quirk.ts";

/** Changes the text of every line except payloads, in responses and URCs alike. */
function spaced(change: (line: string) => string): (hooks: Hooks) => Partial<Hooks> {
  return (hooks) => ({
    urcText: (urc, text) =>
      urc.name === "ECMTRECV" ? colonOf(urc, text, change) : change(hooks.urcText(urc, text)),
    information: (command, form, lines) =>
      hooks.information(command, form, lines).map((line) => line.startsWith("+") ? change(line) : line),
  });
}

/**
 * Changes the part of a line before its first comma if a payload follows, because a payload may contain
 * anything.
 */
function colonOf(urc: Urc, text: string, change: (line: string) => string): string {
  const comma = text.indexOf(",");
  return urc.fields.length < 2 ? change(text) : change(text.slice(0, comma)) + text.slice(comma);
}

/** Adds a space after each comma outside quotes. */
function spacedCommas(line: string): string {
  return line.replace(/"[^"]*"|,(?! )/g, (found) => found === "," ? ", " : found);
}

/** Quirks of echo, framing, spacing, and the pieces in which output is sent. */
export const LINE_QUIRKS: readonly ModuleQuirk[] = [
  {
    id: "echo-by-line",
    about: "The echo of a command line is sent at once after its CR, not while it is typed",
    lawful: "V.250 requires an echo but sets no time for it",
    behaviour: { echoesBy: "line" },
  },
  {
    id: "echo-adds-line-feed",
    about: "A typed CR is echoed as CR LF",
    lawful:
      "An echo is for a person at a terminal, and many terminals need the LF; it is not a response [ECMT-AT-5]",
    behaviour: { echoedLineEnd: "\r\n" },
  },
  {
    id: "echo-split-by-urc",
    about: "A network URC is sent in the middle of the echo of each command line",
    lawful: "A URC may come at any time, and need not wait for the end of a line that is being typed",
    change: ({ besides }) => ({
      besides: (moment) => moment === "within-echo" ? ["+CEREG: 1"] : besides(moment),
    }),
    points: ["besides within-echo"],
  },
  {
    id: "echo-without-data",
    about: "Data typed after the prompt is not echoed, even if echo is on",
    lawful: "The sources disagree on echomode, which has an effect in some and none in others [ECMT-CFG-W10]",
    behaviour: { echoesData: false },
  },
  {
    id: "power-on-echo-off",
    about: "Echo is off after power-on",
    lawful: "The state at power-on depends on the module's profile; a host sets what it needs [ECMT-AT-33]",
    behaviour: { powerOn: { echo: false, errors: 1 } },
  },
  {
    id: "power-on-errors-plain",
    about: "Errors are plain after power-on, as after AT+CMEE=0",
    lawful: "The error format at power-on differs between modules, and a host sets it [ECMT-AT-33]",
    behaviour: { powerOn: { echo: true, errors: 0 } },
  },
  {
    id: "power-on-errors-in-words",
    about: "Errors are in words after power-on, as after AT+CMEE=2",
    lawful: "The error format at power-on differs between modules, and a host sets it [ECMT-AT-33]",
    behaviour: { powerOn: { echo: true, errors: 2 } },
  },
  {
    id: "line-ends-shared",
    about: "The CR LF that begins a final result also ends the information line before it",
    lawful: "The lines of a response are separated by CR LF, and one is enough [ECMT-AT-4]",
    change: ({ framed }) => ({
      framed: (lines, said) => said === "information" ? `\r\n${lines.join("\r\n")}` : framed(lines, said),
    }),
  },
  {
    id: "blank-lines",
    about: "A blank line is sent before each line, and after each line except received messages",
    lawful: "An empty line is not a response, and a reader of lines skips it [ECMT-AT-4]",
    change: ({ framed }) => ({
      framed: (lines, said) => `\r\n${framed(lines, said)}${said === "message" ? "" : "\r\n"}`,
    }),
  },
  {
    id: "lines-framed-each",
    about: "Each line of an answer has its own frame of CR LF",
    lawful: "V.250 frames every information text with CR LF on both sides",
    change: ({ framed }) => ({
      framed: (lines, said) => lines.map((line) => framed([line], said)).join(""),
    }),
  },
  {
    id: "no-space-after-colon",
    about: "No line has a space after the colon",
    lawful: "A build option removes it, and one source writes all URCs without it [ECMT-AT-7]",
    behaviour: { spaceAfterColon: false, spaceInReadForm: false },
    change: spaced((line) => line.replace(/^(\+[A-Z]+): +/, "$1:")),
  },
  {
    id: "space-in-read-form",
    about: "The answers to AT+ECMTOPEN? and AT+ECMTCONN? also have a space after the colon",
    lawful: "A reader must accept both, since the sources write both [ECMT-AT-7]",
    commands: "ECMT",
    behaviour: { spaceInReadForm: true },
  },
  {
    id: "two-spaces-after-colon",
    about: "Each line has two spaces after the colon",
    lawful:
      "The manual does not fix the number of spaces, and sources have none or one, so a reader skips them [ECMT-AT-7]",
    change: spaced((line) => line.replace(/^(\+[A-Z]+): */, "$1:  ")),
  },
  {
    id: "spaces-after-commas",
    about: "Each comma before a payload has a space after it",
    lawful:
      "The sources disagree on spaces in commands and results, so a reader skips them [ECMT-AT-3, ECMT-AT-7]",
    change: (hooks) => ({
      urcText: (urc, text) => {
        const [head = ""] = /^\+[A-Z]+: */.exec(hooks.urcText(urc, text)) ?? [];
        const payload = urc.name === "ECMTRECV" ? urc.fields.slice(-1) : [];
        const others = urc.fields.slice(0, urc.fields.length - payload.length);
        return head + [others.join(", "), ...payload].join(",");
      },
      information: (command, form, lines) =>
        hooks.information(command, form, lines).map((line) =>
          form === "read" && line.startsWith("+") ? spacedCommas(line) : line
        ),
    }),
  },
  {
    id: "bytes-one-by-one",
    about: "Output is sent byte by byte, one millisecond apart",
    lawful: "A serial line carries bytes, not lines, and has no fixed rate",
    behaviour: { pieceBytes: 1, pieceGapMs: 1 },
  },
  {
    id: "pauses-in-lines",
    about: "Output is sent in pieces of 16 bytes, 16 ms apart",
    lawful: "A USB adapter collects bytes for 16 ms, and a UART may pause anywhere",
    behaviour: { pieceBytes: 16, pieceGapMs: 16 },
  },
  {
    id: "pause-before-line-feed",
    about: "The CR and the LF of each line end are sent 16 ms apart",
    lawful: "A UART may pause anywhere, even inside a line end",
    behaviour: { splitsLineEnds: true, pieceGapMs: 16 },
    points: ["splitsLineEnds"],
  },
  {
    id: "answers-in-bursts",
    about: "Output is collected for 40 ms, so echo, OK and results come in one piece",
    lawful: "A serial line carries bytes, not lines, and buffers on the way join them",
    behaviour: { burstMs: 40 },
  },
  {
    id: "asleep-until-greeted",
    about: "The UART sleeps from power-on until HDSK wakes it; it answers KSDH",
    lawful: "A sleeping module may answer HDSK with KSDH as a handshake [ECMT-AT-9]",
    behaviour: { asleepAtPowerOn: true, wakesByGreeting: true, sleepsAfterMs: 600_000 },
    points: ["sleepsAfterMs"],
  },
  {
    id: "deaf-until-woken",
    about: "The UART sleeps from power-on, and loses the first four characters that wake it",
    lawful: "A sleeping UART misses the bytes that wake it; a host repeats its command",
    behaviour: { asleepAtPowerOn: true, sleepsAfterMs: 600_000, lostAsleep: 4 },
    points: ["sleepsAfterMs"],
  },
];
