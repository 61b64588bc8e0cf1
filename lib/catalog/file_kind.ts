import { shellWord } from "../ground/shell_word.ts";
import type { Problem } from "../spec/problem.ts";

/** The kinds of YAML files that attest reads. */
export type FileKind = "suite" | "profile" | "target" | "expectations" | "dialect" | "openings" | "uncovered";

/** The name of each kind in a message. */
const NAMES: Readonly<Record<FileKind, string>> = {
  suite: "a suite",
  profile: "a load profile",
  target: "a target file",
  expectations: "a file of known deviations",
  dialect: "a dialect of modules",
  openings: "a file of openings",
  uncovered: "a file of clauses without cases",
};

/** Returns the kind of a file and the line that shows it, or undefined if the text shows none. */
export function fileKind(text: string): { readonly kind: FileKind; readonly line: number } | undefined {
  const keys = [...text.matchAll(/^([a-z]+)(?=:)/gm)].map((match) => ({ key: match[1], at: match.index }));
  const has = (name: string) => keys.find(({ key }) => key === name);
  const found = (kind: FileKind, name: string) => {
    const at = has(name)?.at;
    return at === undefined ? undefined : { kind, line: text.slice(0, at).split("\n").length };
  };
  return found("suite", "suite") ?? found("profile", "profile") ??
    (has("expect") && found("expectations", "target")) ?? found("target", "target") ??
    found("dialect", "dialect") ?? found("uncovered", "uncovered") ??
    (has("cases") ? undefined : found("openings", "openings"));
}

/** Returns the mistake of a file of another kind than expected, or undefined if the kind may be right. */
export function wrongKind(wanted: FileKind, text: string, file: string): Problem | undefined {
  const found = fileKind(text);
  if (!found || found.kind === wanted) return undefined;
  return {
    message: `expected ${NAMES[wanted]}, found ${NAMES[found.kind]}`,
    place: {
      file,
      line: found.line,
      column: 1,
      length: /:/.exec(text.split("\n")[found.line - 1] ?? "")?.index ?? 1,
    },
    hint: useOf(found.kind, file),
  };
}

/** Says what to do with a file of this kind. */
function useOf(kind: FileKind, file: string): string {
  const path = shellWord(file);
  switch (kind) {
    case "suite":
      return `run it: deno task conform ${path}`;
    case "profile":
      return `run it: deno task load ${path}`;
    case "target":
      return `give it as --target ${path}`;
    case "expectations":
      return `give it as --expect ${path}`;
    case "dialect":
      return `a target file refers to it with dialect:; check it: deno task lint ${path}`;
    case "openings":
      return "the suites of its folder use it; name one of those";
    case "uncovered":
      return `check it: deno task lint ${path}`;
    default:
      return kind satisfies never;
  }
}
