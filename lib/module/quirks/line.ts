import type { Hooks, Urc } from "../hooks.ts";
import type { ModuleQuirk } from "./quirk.ts";

/** The hooks with another text for every line but those that carry a payload, in answers and URCs alike. */
function spaced(change: (line: string) => string): (hooks: Hooks) => Partial<Hooks> {
  return (hooks) => ({
    urcText: (urc, text) =>
      urc.name === "ECMTRECV" ? colonOf(urc, text, change) : change(hooks.urcText(urc, text)),
    information: (command, form, lines) =>
      hooks.information(command, form, lines).map((line) => line.startsWith("+") ? change(line) : line),
  });
}

/** A payload may hold anything, so of its line only what stands in front of the first comma is changed. */
function colonOf(urc: Urc, text: string, change: (line: string) => string): string {
  const comma = text.indexOf(",");
  return urc.fields.length < 2 ? change(text) : change(text.slice(0, comma)) + text.slice(comma);
}

/** A line with a space behind each comma outside quotes. */
function spacedCommas(line: string): string {
  return line.replace(/"[^"]*"|,(?! )/g, (found) => found === "," ? ", " : found);
}

/** Echo, framing, spacing, and the pieces in which what is said leaves. */
export const LINE_QUIRKS: readonly ModuleQuirk[] = [
  {
    id: "echo-by-line",
    about: "The echo of a command line comes back at once when its CR was typed, not while it is typed",
    lawful: "V.250 asks for an echo and names no time for it",
    behaviour: { echoesBy: "line" },
  },
  {
    id: "echo-adds-line-feed",
    about: "A typed CR is echoed as CR LF",
    lawful:
      "An echo is for a person at a terminal, and many terminals need the LF; it is no response [ECMT-AT-5]",
    behaviour: { echoedLineEnd: "\r\n" },
  },
  {
    id: "echo-split-by-urc",
    about: "A URC of the network stands in the middle of the echo of each command line",
    lawful: "A URC may come at any time, and nothing makes it wait for the end of a line that is typed",
    change: ({ besides }) => ({
      besides: (moment) => moment === "within-echo" ? ["+CEREG: 1"] : besides(moment),
    }),
    points: ["besides within-echo"],
  },
  {
    id: "echo-without-data",
    about: "What is typed behind the prompt is not echoed, although echo is on",
    lawful:
      "The sources disagree about echomode, which has an effect in some and none in others [ECMT-CFG-W10]",
    behaviour: { echoesData: false },
  },
  {
    id: "power-on-echo-off",
    about: "Echo is off after power-on",
    lawful: "How a module leaves power-on depends on its profile; a host sets what it needs [ECMT-AT-33]",
    behaviour: { powerOn: { echo: false, errors: 1 } },
  },
  {
    id: "power-on-errors-plain",
    about: "Errors are plain after power-on, as after AT+CMEE=0",
    lawful: "The error form of power-on is not the same everywhere, and a host sets it [ECMT-AT-33]",
    behaviour: { powerOn: { echo: true, errors: 0 } },
  },
  {
    id: "power-on-errors-in-words",
    about: "Errors are in words after power-on, as after AT+CMEE=2",
    lawful: "The error form of power-on is not the same everywhere, and a host sets it [ECMT-AT-33]",
    behaviour: { powerOn: { echo: true, errors: 2 } },
  },
  {
    id: "line-ends-shared",
    about: "The CR LF that begins a final result also ends the information line before it",
    lawful: "The lines of a response are separated by CR LF, and one is enough for that [ECMT-AT-4]",
    change: ({ framed }) => ({
      framed: (lines, said) => said === "information" ? `\r\n${lines.join("\r\n")}` : framed(lines, said),
    }),
  },
  {
    id: "blank-lines",
    about: "A blank line stands in front of each line, and behind each but that of a received message",
    lawful: "A line end with nothing in it is no response, and a reader of lines passes it over [ECMT-AT-4]",
    change: ({ framed }) => ({
      framed: (lines, said) => `\r\n${framed(lines, said)}${said === "message" ? "" : "\r\n"}`,
    }),
  },
  {
    id: "lines-framed-each",
    about: "Each line of an answer with several has a frame of CR LF of its own",
    lawful: "V.250 frames every information text by CR LF on both sides",
    change: ({ framed }) => ({
      framed: (lines, said) => lines.map((line) => framed([line], said)).join(""),
    }),
  },
  {
    id: "no-space-after-colon",
    about: "No space stands behind the colon of any line",
    lawful: "A build option strips it, and one source writes all URCs without it [ECMT-AT-7]",
    behaviour: { spaceAfterColon: false, spaceInReadForm: false },
    change: spaced((line) => line.replace(/^(\+[A-Z]+): +/, "$1:")),
  },
  {
    id: "space-in-read-form",
    about: "A space stands behind the colon in the answers to AT+ECMTOPEN? and AT+ECMTCONN? too",
    lawful: "A reader must take both, since the sources write both [ECMT-AT-7]",
    commands: "ECMT",
    behaviour: { spaceInReadForm: true },
  },
  {
    id: "two-spaces-after-colon",
    about: "Two spaces stand behind the colon of each line",
    lawful:
      "The manual fixes no number of spaces, and the sources have none and one, so a reader skips them [ECMT-AT-7]",
    change: spaced((line) => line.replace(/^(\+[A-Z]+): */, "$1:  ")),
  },
  {
    id: "spaces-after-commas",
    about: "A space stands behind each comma in front of a payload",
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
    about: "What the module says leaves byte by byte, with a millisecond between",
    lawful: "A serial line carries bytes, not lines, and no rate is fixed",
    behaviour: { pieceBytes: 1, pieceGapMs: 1 },
  },
  {
    id: "pauses-in-lines",
    about: "What the module says leaves in pieces of 16 bytes, with 16 ms between",
    lawful: "A USB adapter gathers bytes for 16 ms, and a UART may pause anywhere",
    behaviour: { pieceBytes: 16, pieceGapMs: 16 },
  },
  {
    id: "pause-before-line-feed",
    about: "The CR and the LF of each line end leave 16 ms apart",
    lawful: "A UART may pause anywhere, between the two characters of a line end too",
    behaviour: { splitsLineEnds: true, pieceGapMs: 16 },
    points: ["splitsLineEnds"],
  },
  {
    id: "answers-in-bursts",
    about: "What the module says is gathered for 40 ms, so that echo, OK and results come in one piece",
    lawful: "A serial line carries bytes, not lines, and buffers on the way join them",
    behaviour: { burstMs: 40 },
  },
  {
    id: "asleep-until-greeted",
    about: "The UART sleeps from power-on until HDSK wakes it, which it answers by KSDH",
    lawful: "A sleeping module may answer HDSK with KSDH as a handshake [ECMT-AT-9]",
    behaviour: { asleepAtPowerOn: true, wakesByGreeting: true, sleepsAfterMs: 600_000 },
    points: ["sleepsAfterMs"],
  },
  {
    id: "deaf-until-woken",
    about: "The UART sleeps from power-on, and loses the first four characters that wake it",
    lawful: "A UART that was asleep misses what wakes it; a host asks again",
    behaviour: { asleepAtPowerOn: true, sleepsAfterMs: 600_000, lostAsleep: 4 },
    points: ["sleepsAfterMs"],
  },
];
