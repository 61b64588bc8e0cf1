import dictionary from "dictionary-en-gb";
import nspell from "nspell";
import { parse } from "yaml";
import type { Prose } from "./prose.ts";

/** A phrase that must not come back. */
export interface Phrase {
  /** A regular expression, matched without regard to case. */
  readonly phrase: string;
  /** What to write instead. */
  readonly instead: string;
  /** A removed text that it matches. */
  readonly example: string;
}

/** A fault in a piece of prose, as a line for the reader. */
export interface WordFault {
  readonly line: number;
  readonly text: string;
}

/** Reads the phrases of a list in YAML. */
export function readPhrases(yaml: string): readonly Phrase[] {
  return parse(yaml) as readonly Phrase[];
}

/** Returns the phrases of a list that occur in prose, each with what to write instead. */
export function phraseFaults(prose: readonly Prose[], phrases: readonly Phrase[]): readonly WordFault[] {
  const tried = phrases.map(({ phrase, instead }) => ({ pattern: new RegExp(phrase, "i"), instead }));
  return prose.flatMap(({ line, text }) => {
    const plain = plainText(text);
    return tried.flatMap(({ pattern, instead }) => {
      const [found] = pattern.exec(plain) ?? [];
      return found === undefined
        ? []
        : [{ line, text: `"${found}" in "${around(plain, found)}"; write: ${instead}` }];
    });
  });
}

/** Returns a function that finds the misspelled words of prose; `own` are the words of the project's dictionary. */
export function speller(own: Iterable<string>): (prose: readonly Prose[]) => readonly WordFault[] {
  const spell = nspell(dictionary);
  for (const word of own) spell.add(word);
  const known = new Map<string, boolean>();
  const isRight = (word: string) => {
    const before = known.get(word);
    if (before !== undefined) return before;
    const right = spell.correct(word) || spell.correct(word.toLowerCase());
    known.set(word, right);
    return right;
  };
  return (prose) =>
    prose.flatMap(({ line, text }) =>
      words(text).filter((word) => !isRight(word)).map((word) => ({ line, text: `unknown word "${word}"` }))
    );
}

/** Returns a text without code in backquotes, links and line breaks, each replaced with a space. */
function plainText(text: string): string {
  return text.replaceAll(/`[^`]*`|\{@link [^}]*\}|\]\([^)]*\)|https?:\S+/g, " ").replaceAll(/\s+/g, " ")
    .trim();
}

// Not words of a language: ids in the first cell of a table, paths, options, names in code, variables, clauses, hex,
// and quoted text of a packet or line.
const NOT_WORDS = [
  /^\| [a-z\d-]+ \|/g,
  /"[^"]*"/g,
  /<[^>]*>/g,
  /(?:\S*[/\\@$#=_{}|~^*<>&+]\S*)/g,
  /\S*\w[.:]\w\S*/g,
  /--?\w[\w-]*/g,
  /\b\w*\d\w*\b/g,
  /\b\w*[a-z][A-Z]\w*\b|\b[A-Z]{2}\w*\b/g,
  /\b\w+\(\)/g,
];

/** Returns the words of a text that a dictionary can know. */
function words(text: string): readonly string[] {
  const rest = NOT_WORDS.reduce((left, pattern) => left.replaceAll(pattern, " "), plainText(text));
  return [...rest.matchAll(/[\p{L}]+(?:['’][\p{L}]+)*/gu)].map(([word]) => word.replace(/['’]s$/, ""))
    .filter((word) => word.length > 2);
}

function around(text: string, found: string): string {
  const at = text.indexOf(found);
  return text.slice(Math.max(0, at - 30), at + found.length + 30);
}
