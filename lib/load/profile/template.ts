import { suggest } from "../../ground/nearest.ts";
import { splitDollars } from "../../spec/dollar_text.ts";

/** The words of topics, filters, client ids and credentials; their values are fixed for a client and a topic. */
export const CLIENT_WORDS = ["run", "group", "client", "topic"] as const;
/** The words that only payloads have; their values change with each message. */
export const MESSAGE_WORDS = ["sequence", "time", "random", "mark"] as const;

/** A word of a template. */
export type Word = (typeof CLIENT_WORDS)[number] | (typeof MESSAGE_WORDS)[number];

/** A text with words to fill in: its literal parts and words, in their order. */
export type Template = readonly (string | { readonly word: Word })[];

/** A mistake in a template, from `start` of its text. */
export interface TemplateProblem {
  readonly message: string;
  readonly start: number;
  readonly length: number;
  readonly hint?: string;
}

const NAME = /[a-z]+/y;

/** Reads a template such as `a/$client/b`. `$$` is a dollar sign; `${client}` is the same as `$client`. */
export function parseTemplate(
  text: string,
  words: readonly Word[],
): { readonly template: Template } | { readonly problem: TemplateProblem } {
  const { parts, mistake } = splitDollars(text, NAME);
  const template: (string | { readonly word: Word })[] = [];
  for (const part of parts) {
    if (typeof part === "string") {
      template.push(part);
      continue;
    }
    const word = words.find((one) => one === part.name);
    if (word !== undefined) template.push({ word });
    else if (!mistake || part.at < mistake.at) return { problem: problemAt(part, part.name, words) };
  }
  return mistake ? { problem: problemAt(mistake, "", words) } : { template };
}

function problemAt(
  { at, length }: { readonly at: number; readonly length: number },
  name: string,
  words: readonly Word[],
): TemplateProblem {
  return {
    message: name === "" ? "a dollar sign that begins no word" : `unknown word "$${name}"`,
    start: at,
    length,
    hint: suggest(name, words) ??
      `write $$ for a dollar sign; the words are ${words.map((one) => `$${one}`).join(", ")}`,
  };
}

/** The values of the words for one client, topic or message. */
export type Words = Partial<Readonly<Record<Word, string | number>>>;

/** Fills a template in; a word without a value is empty. */
export function fill(template: Template, words: Words): string {
  let text = "";
  for (const part of template) text += typeof part === "string" ? part : words[part.word] ?? "";
  return text;
}

/** Whether a template contains a word. */
export function uses(template: Template, word: Word): boolean {
  return template.some((part) => typeof part !== "string" && part.word === word);
}
