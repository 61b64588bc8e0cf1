/** Splits a command line into commands, each with its form and text. */

/** The four forms of an extended command, and the basic commands (`E0`). */
export type Form = "test" | "read" | "write" | "execute" | "basic";

/** One command of a line. */
export interface Command {
  readonly kind: "command";
  /** The name in upper case with its sign: `+ECMTPUB`, `E`, `&F`. */
  readonly name: string;
  readonly form: Form;
  /** The parameters of a write form as written, or the number of a basic command. */
  readonly text: string;
}

/** A syntax error; the rest of the line from here is not read. */
export interface Fault {
  readonly kind: "fault";
}

/** The longest name of an extended command, in characters without the sign [ECMT-AT-8]. */
const LONGEST_NAME = 32;

/** Commands whose parameters extend to the end of the line, including semicolons [ECMT-PUB-W21]. */
const SWALLOWS = new Set(["+ECMTPUB", "+QMTPUB"]);

/**
 * Reads the commands of a line, given without its CR. Skips text before `AT`; returns undefined for a line
 * without `AT`. Includes commands before a syntax error, because a module executes them [ECMT-AT-2].
 */
export function readCommandLine(line: string): readonly (Command | Fault)[] | undefined {
  const start = /AT|at|At|aT/.exec(line);
  if (!start) return undefined;
  const rest = line.slice(start.index + 2);
  const commands: (Command | Fault)[] = [];
  let at = 0;
  for (;;) {
    while (rest[at] === " " || rest[at] === ";") at++;
    if (at >= rest.length) return commands;
    const next = rest[at] === "+" ? extended(rest, at) : basic(rest, at);
    if (!next) {
      commands.push({ kind: "fault" });
      return commands;
    }
    commands.push(next.command);
    at = next.end;
  }
}

interface Taken {
  readonly command: Command;
  readonly end: number;
}

function basic(text: string, at: number): Taken | undefined {
  const found = /^(&?[A-Za-z])(\d{0,3})/.exec(text.slice(at, at + 5));
  if (!found) return undefined;
  const [whole, name = "", number = ""] = found;
  return {
    command: { kind: "command", name: name.toUpperCase(), form: "basic", text: number },
    end: at + whole.length,
  };
}

function extended(text: string, at: number): Taken | undefined {
  const found = /^\+([A-Za-z][A-Za-z0-9_]*) */.exec(text.slice(at));
  if (!found || (found[1] ?? "").length > LONGEST_NAME) return undefined;
  const name = `+${(found[1] ?? "").toUpperCase()}`;
  const after = at + found[0].length;
  const short = (form: Form, length: number): Taken | undefined => {
    const end = skipSpaces(text, after + length);
    if (end < text.length && text[end] !== ";") return undefined;
    return { command: { kind: "command", name, form, text: "" }, end };
  };
  if (text.startsWith("=?", after)) return short("test", 2);
  if (text[after] === "?") return short("read", 1);
  if (text[after] !== "=") return short("execute", 0);
  const end = SWALLOWS.has(name) ? text.length : endOfCommand(text, after + 1);
  return { command: { kind: "command", name, form: "write", text: text.slice(after + 1, end) }, end };
}

function skipSpaces(text: string, from: number): number {
  let at = from;
  while (text[at] === " ") at++;
  return at;
}

/** Returns the offset of the next semicolon outside quotes. */
function endOfCommand(text: string, from: number): number {
  let quoted = false;
  for (let at = from; at < text.length; at++) {
    if (text[at] === '"') quoted = !quoted;
    if (text[at] === ";" && !quoted) return at;
  }
  return text.length;
}
