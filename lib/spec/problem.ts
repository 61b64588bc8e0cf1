import { ellipsis, escaped } from "../ground/text.ts";
import type { Place } from "./place.ts";

/** A mistake in a file, at its place. */
export interface Problem {
  /** What was found, in one clause without a full stop: `unknown packet "PUBLSH"`. */
  readonly message: string;
  readonly place: Place;
  /** What to write instead: `did you mean PUBLISH?`. */
  readonly hint?: string | undefined;
}

/** The widest excerpt of a source line in a message, in characters. */
const WINDOW = 140;

/**
 * Formats the problems, each with its file, line, column, source line and hint, by file and line and without
 * duplicates. `sources` maps a file name to its text; a problem in any other file is shown without its line.
 */
export function formatProblems(problems: readonly Problem[], sources: ReadonlyMap<string, string>): string {
  const linesOf = new Map<string, readonly string[]>();
  for (const [file, text] of sources) linesOf.set(file, withoutSecrets(text).split(/\r\n|\r|\n/));
  return sortProblems(problems).map((problem) =>
    formatProblem(problem, linesOf.get(problem.place.file)?.[problem.place.line - 1])
  ).join("\n");
}

/**
 * Masks user names and passwords in addresses: replaces the text before an `@` with the same number of
 * asterisks.
 */
export function withoutSecrets(text: string): string {
  return text.replaceAll(/[^\r\n]+/g, withoutSecret);
}

/** Masks one line, from its first `scheme://` to its last `@`. A single pattern would need quadratic time. */
function withoutSecret(line: string): string {
  const end = line.lastIndexOf("@");
  for (let at = line.indexOf("://"); at >= 0 && at + 3 < end; at = line.indexOf("://", at + 3)) {
    if (!endsWithScheme(line, at)) continue;
    const from = at + 3;
    return line.slice(0, from) + "*".repeat([...line.slice(from, end)].length) + line.slice(end);
  }
  return line;
}

/** Whether a URL scheme ends at this offset: a letter followed by letters, digits, `+`, `.` and `-`. */
function endsWithScheme(line: string, place: number): boolean {
  for (let at = place - 1; at >= 0 && /[a-z0-9+.-]/i.test(line[at] ?? ""); at--) {
    if (/[a-z]/i.test(line[at] ?? "")) return true;
  }
  return false;
}

/** Sorts the problems by file (in order of first problem), line and column, and removes duplicates. */
export function sortProblems(problems: readonly Problem[]): readonly Problem[] {
  const files = [...new Set(problems.map(({ place }) => place.file))];
  const once = new Map<string, Problem>();
  for (const problem of problems) {
    const { file, line, column } = problem.place;
    const key = `${file}:${line}:${column}:${problem.message}`;
    if (!once.has(key)) once.set(key, problem);
  }
  return [...once.values()].sort((a, b) =>
    files.indexOf(a.place.file) - files.indexOf(b.place.file) ||
    a.place.line - b.place.line || a.place.column - b.place.column
  );
}

function formatProblem(problem: Problem, line: string | undefined): string {
  const { place } = problem;
  const number = String(place.line);
  const gutter = " ".repeat(number.length);
  const head = `error: ${escaped(problem.message)}\n` +
    `${gutter}--> ${escaped(place.file)}:${place.line}:${place.column}\n`;
  const hint = problem.hint === undefined ? "" : ` ${escaped(problem.hint)}`;
  if (line === undefined) return hint ? `${head}${gutter} |${hint}\n` : head;

  const characters = [...line];
  const start = Math.min(place.column - 1, characters.length);
  const from = start > WINDOW - 40 ? start - 40 : 0;
  const to = from + WINDOW;
  const end = Math.min(Math.max(start + place.length, start + 1), to);
  const before = (from > 0 ? "…" : "") + escaped(characters.slice(from, start).join(""), true);
  const meant = escaped(characters.slice(start, end).join(""));
  const after = escaped(characters.slice(end, to).join(""), true) + (characters.length > to ? "…" : "");
  const indent = before.replaceAll(/[^\t]/gu, " ");
  const carets = "^".repeat(Math.max(1, [...meant].length));
  return head +
    `${number} | ${before}${meant}${after}`.trimEnd() + "\n" +
    `${gutter} | ${indent}${carets}${hint}\n`;
}

/**
 * Puts text in double quotes for the message of a {@link Problem}, cut to `limit` characters. Does not escape
 * anything: {@link formatProblems} escapes the whole message.
 */
export function quote(text: string, limit = 60): string {
  return `"${ellipsis(text, limit)}"`;
}
