import type { Place } from "./place.ts";

/** A mistake in a file, at its place. */
export interface Problem {
  /** What was found, in one clause without a full stop: `unknown packet "PUBLSH"`. */
  readonly message: string;
  readonly place: Place;
  /** What would be right: `did you mean PUBLISH?`. */
  readonly hint?: string;
}

/** The widest part of a source line that a message shows, in characters. */
const WINDOW = 140;

/**
 * The problems as text, each with its file, line, column, source line and hint, in the order of files and lines; a
 * problem that is there twice is told once. `sources` maps the name of a file to its text; without it a problem is
 * told without its line.
 */
export function formatProblems(problems: readonly Problem[], sources: ReadonlyMap<string, string>): string {
  const linesOf = new Map<string, readonly string[]>();
  for (const [file, text] of sources) linesOf.set(file, text.split(/\r\n|\r|\n/));
  return sortProblems(problems).map((problem) =>
    formatProblem(problem, linesOf.get(problem.place.file)?.[problem.place.line - 1])
  ).join("\n");
}

/** The problems by file (in the order of their first problem), line and column, each once. */
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
  const head = `error: ${visible(problem.message)}\n` +
    `${gutter}--> ${visible(place.file)}:${place.line}:${place.column}\n`;
  const hint = problem.hint === undefined ? "" : ` ${visible(problem.hint)}`;
  if (line === undefined) return hint ? `${head}${gutter} |${hint}\n` : head;

  const characters = [...line];
  const start = Math.min(place.column - 1, characters.length);
  const from = start > WINDOW - 40 ? start - 40 : 0;
  const to = from + WINDOW;
  const end = Math.min(Math.max(start + place.length, start + 1), to);
  const before = (from > 0 ? "…" : "") + visible(characters.slice(from, start).join(""), true);
  const meant = visible(characters.slice(start, end).join(""));
  const after = visible(characters.slice(end, to).join(""), true) + (characters.length > to ? "…" : "");
  const indent = before.replaceAll(/[^\t]/gu, " ");
  const carets = "^".repeat(Math.max(1, [...meant].length));
  return head +
    `${number} | ${before}${meant}${after}`.trimEnd() + "\n" +
    `${gutter} | ${indent}${carets}${hint}\n`;
}

/** The text with control, format and separator characters (which could deceive a reader) written as escapes. */
export function visible(text: string, keepTabs = false): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu, (character) => {
    if (character === "\t") return keepTabs ? character : "\\t";
    if (character === "\n") return "\\n";
    if (character === "\r") return "\\r";
    return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
  });
}

/** The text in double quotes, cut to `limit` characters, for a message. */
export function quote(text: string, limit = 60): string {
  const characters = [...text];
  return characters.length <= limit ? `"${text}"` : `"${characters.slice(0, limit).join("")}…"`;
}
