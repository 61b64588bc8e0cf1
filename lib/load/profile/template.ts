import { suggest } from "../../ground/nearest.ts";

/** What can stand in a topic, a filter, a client id or a credential: fixed for a client and a topic. */
export const CLIENT_WORDS = ["run", "group", "client", "topic"] as const;
/** What can stand in a payload besides: new with each message. */
export const MESSAGE_WORDS = ["sequence", "time", "random", "mark"] as const;

export type Word = (typeof CLIENT_WORDS)[number] | (typeof MESSAGE_WORDS)[number];

/** A text with holes: literal parts and words, in their order. */
export type Template = readonly (string | { readonly word: Word })[];

/** A template that can't be read. */
export interface TemplateProblem {
  readonly message: string;
  readonly start: number;
  readonly length: number;
  readonly hint?: string;
}

/** Reads `a/$client/b`; `$$` is a dollar sign, `${client}` the same as `$client`. */
export function parseTemplate(
  text: string,
  words: readonly Word[],
): { readonly template: Template } | { readonly problem: TemplateProblem } {
  const parts: (string | { readonly word: Word })[] = [];
  let literal = "";
  let at = 0;
  while (at < text.length) {
    const dollar = text.indexOf("$", at);
    if (dollar < 0) break;
    literal += text.slice(at, dollar);
    if (text[dollar + 1] === "$") {
      literal += "$";
      at = dollar + 2;
      continue;
    }
    const [whole = "$", braced, plain] = /^\$(?:\{([a-z]*)\}|([a-z]+))?/.exec(text.slice(dollar)) ?? [];
    const name = braced ?? plain ?? "";
    const word = words.find((one) => one === name);
    if (word === undefined) {
      return {
        problem: {
          message: name === "" ? "a dollar sign that begins no word" : `unknown word "$${name}"`,
          start: dollar,
          length: whole.length,
          hint: suggest(name, words) ??
            `write $$ for a dollar sign; the words are ${words.map((one) => `$${one}`).join(", ")}`,
        },
      };
    }
    if (literal !== "") parts.push(literal);
    literal = "";
    parts.push({ word });
    at = dollar + whole.length;
  }
  literal += text.slice(at);
  if (literal !== "" || parts.length === 0) parts.push(literal);
  return { template: parts };
}

/** What the words of a template mean for one client, topic or message. */
export type Words = Partial<Readonly<Record<Word, string | number>>>;

/** The text of a template; a word without meaning here is empty. */
export function fill(template: Template, words: Words): string {
  let text = "";
  for (const part of template) text += typeof part === "string" ? part : words[part.word] ?? "";
  return text;
}

/** Whether a word stands in a template. */
export function uses(template: Template, word: Word): boolean {
  return template.some((part) => typeof part !== "string" && part.word === word);
}
