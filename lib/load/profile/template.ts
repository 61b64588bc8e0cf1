import { suggest } from "../../ground/nearest.ts";
import { splitDollars } from "../../spec/dollar_text.ts";
import type { DataTable, RowsFor } from "./data_table.ts";

/** The words of topics, filters, client ids and credentials; their values are fixed for a client and a topic. */
export const CLIENT_WORDS = ["run", "group", "client", "topic"] as const;
/** The words that only payloads have; their values change with each message. */
export const MESSAGE_WORDS = ["sequence", "time", "random", "mark"] as const;

/** A word of a template. */
export type Word = (typeof CLIENT_WORDS)[number] | (typeof MESSAGE_WORDS)[number];

/** A value from a data file: a row for each client, or for each message. */
export interface DataWord {
  readonly rows: readonly string[];
  readonly per: RowsFor;
}

/** A text with words to fill in: its literal parts and words, in their order. */
export type Template = readonly (string | { readonly word: Word } | DataWord)[];

/** The data files of a profile, by name. */
export type DataTables = ReadonlyMap<string, DataTable>;

/** A mistake in a template, from `start` of its text. */
export interface TemplateProblem {
  readonly message: string;
  readonly start: number;
  readonly length: number;
  readonly hint?: string;
}

const NAME = /[a-z]+/y;

/**
 * Reads a template such as `a/$client/b`. `$$` is a dollar sign; `${client}` is the same as `$client`. `$users.name` is
 * a column of a data file, `$lines` a data file of lines.
 */
export function parseTemplate(
  text: string,
  words: readonly Word[],
  tables: DataTables = new Map(),
): { readonly template: Template } | { readonly problem: TemplateProblem } {
  const { parts, mistake } = splitDollars(text, nameIn(tables));
  const template: Template[number][] = [];
  for (const part of parts) {
    if (typeof part === "string") {
      template.push(part);
      continue;
    }
    const data = dataWord(part.name, tables);
    if (data) {
      if (data.per === "client" || words.some((one) => one === "sequence")) template.push(data);
      else return { problem: ofMessages(part) };
      continue;
    }
    const word = words.find((one) => one === part.name);
    if (word !== undefined) template.push({ word });
    else if (!mistake || part.at < mistake.at) return { problem: problemAt(part, part.name, words) };
  }
  return mistake ? { problem: problemAt(mistake, "", words) } : { template };
}

/** A name is a word, or a file with a column; a dot after any other word is literal. */
function nameIn(tables: DataTables): RegExp {
  if (tables.size === 0) return NAME;
  return new RegExp(`(?:${[...tables.keys()].join("|")})(?:\\.[A-Za-z][A-Za-z0-9_]*)?|[a-z]+`, "y");
}

function dataWord(name: string, tables: DataTables): DataWord | undefined {
  const [, file = "", column = ""] = /^([a-z]+)(?:\.(.+))?$/.exec(name) ?? [];
  const table = tables.get(file);
  const rows = table?.columns.get(column);
  return table && rows && { rows, per: table.per };
}

function ofMessages(
  { name, at, length }: { readonly name: string; readonly at: number; readonly length: number },
) {
  return {
    message: `"$${name}" has a row for each message, but this text is the same for all messages of a client`,
    start: at,
    length,
    hint: "write per: client in data:",
  };
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

/** The values of the words for one client, topic or message; `row` is the number of a message in its group. */
export type Words = Partial<Readonly<Record<Word, string | number>>> & { readonly row?: number };

/** Fills a template in; a word without a value is empty. */
export function fill(template: Template, words: Words): string {
  let text = "";
  for (const part of template) {
    if (typeof part === "string") text += part;
    else if ("rows" in part) text += rowOf(part, words);
    else text += words[part.word] ?? "";
  }
  return text;
}

/** The rows are used in turn; the first one follows the last. */
function rowOf({ rows, per }: DataWord, words: Words): string {
  const number = Number(per === "client" ? words.client ?? 0 : words.row ?? 0);
  return rows[number % rows.length] ?? "";
}

/** Whether a template contains a word. */
export function uses(template: Template, word: Word): boolean {
  return template.some((part) => typeof part !== "string" && "word" in part && part.word === word);
}
