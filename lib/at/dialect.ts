/**
 * A dialect: one vendor's command set as data, read from a file. This file defines only its shape;
 * dialect_check.ts checks the content.
 */
import type { CommandForm } from "./command.ts";

/** What a parameter, or a field of a result line, contains. */
export interface FieldSpec {
  readonly name: string;
  readonly type: "int" | "string";
  /** For an int: the smallest and largest allowed value. */
  readonly range?: readonly [number, number] | undefined;
  /** For an int: the allowed values, if they are not a range. */
  readonly values?: readonly number[] | undefined;
  /**
   * For an int in a result: the values that are informational. A line with such a value is optional and
   * reports neither an error nor a result.
   */
  readonly aside?: readonly number[] | undefined;
  /** For a string: the maximum length in bytes. */
  readonly maxLength?: number | undefined;
  /** Whether it may be omitted. */
  readonly optional: boolean;
  /** For a string: whether it is quoted; undefined if both forms occur. */
  readonly quoted?: boolean | undefined;
  /** Takes the rest of the line, including commas and quotes; allowed only for the last field. */
  readonly raw: boolean;
}

/** A variant of a write command with its own parameter list, selected by its first parameter. */
export interface CommandOption {
  readonly option: string;
  readonly parameters: readonly FieldSpec[];
  readonly clause?: string | undefined;
}

/** A command. */
export interface CommandSpec {
  /** With its `+`, in capitals. */
  readonly name: string;
  /** The forms that the module implements. */
  readonly forms: readonly CommandForm[];
  /** The parameters of the write form, in order. */
  readonly parameters: readonly FieldSpec[];
  /** For a command such as a configuration command: the parameter lists by first parameter. */
  readonly options: readonly CommandOption[];
  /** The prefix of the line that reports the result after `OK`, if there is one. */
  readonly result?: string | undefined;
  /** Whether it may prompt for data. */
  readonly prompts: boolean;
  /** The timeout for the final result, in ms. */
  readonly answerMs: number;
  /** The timeout for the result line after that, in ms. */
  readonly resultMs: number;
  readonly clauses: readonly string[];
}

/** A line with a prefix that comes after `OK`, or that is unsolicited. */
export interface ResultSpec {
  readonly prefix: string;
  /** `answer`: the result of a command. `unsolicited`: not the result of any command. */
  readonly role: "answer" | "unsolicited";
  readonly fields: readonly FieldSpec[];
  /**
   * The field that says how many bytes follow: those of the last field, which takes the rest of the line, or those
   * after the line if no field takes it.
   */
  readonly counts?: string | undefined;
  /** For the first line of a result of several lines: what follows it. */
  readonly parts?: ResultParts | undefined;
  readonly clauses: readonly string[];
}

/** The lines that follow the first one of a result and belong to it; each begins with the same first field. */
export interface ResultParts {
  /** The texts in order: each comes in counted lines with this prefix, and a field of the first line has its length. */
  readonly texts: readonly { readonly prefix: string; readonly length: string }[];
  /** The prefix of the line that ends it. */
  readonly end: string;
}

/** A line that ends a command. */
export interface FinalSpec {
  /** `OK`, or the text before the colon: `+CME ERROR`. */
  readonly text: string;
  /** Whether the command succeeded. */
  readonly ok: boolean;
}

/** The identity data that a module reports on request. */
export const IDENTITY_PARTS = ["manufacturer", "model", "revision", "serial"] as const;
/** One of {@link IDENTITY_PARTS}. */
export type IdentityPart = (typeof IDENTITY_PARTS)[number];

/** How to find and close the contexts of a module; `{id}`, `{host}` and `{port}` are replaced with values. */
export interface ContextReset {
  /** The command that lists the open contexts, one per line: the id, then the state. */
  readonly query: string;
  /** The state of a context that is still connecting and accepts no other command. */
  readonly connecting?: string | undefined;
  /** The command that lists the contexts' connections, one per line: id, host, port. */
  readonly addresses?: string | undefined;
  /** The commands that close a context, in order of preference. */
  readonly end: readonly string[];
  /** The command that opens a context's connection, for contexts that cannot be closed before. */
  readonly open: string;
}

/** How to return a module to its power-on state by commands alone. */
export interface ResetSpec {
  readonly contexts?: ContextReset | undefined;
  /** Command lines to send after that, in this order; the responses are ignored. */
  readonly commands: readonly string[];
  /** Command lines that a reset module accepts all; until it does, `commands` are typed again. */
  readonly until?: readonly string[] | undefined;
}

/** A command set. */
export interface Dialect {
  readonly name: string;
  readonly title: string;
  readonly finals: readonly FinalSpec[];
  readonly commands: readonly CommandSpec[];
  readonly results: readonly ResultSpec[];
  /** The maximum length of a line with its framing, in bytes. */
  readonly maximumLine: number;
  /** How long the line must be silent, in ms, before a multi-line payload counts as complete. */
  readonly settleMs: number;
  /** Whether the prompt may be `>` alone, without a trailing space. */
  readonly barePrompts?: boolean | undefined;
  /** The characters that get a backslash in a quoted parameter. */
  readonly escapes?: string | undefined;
  /** The beginnings of lines that come before an error and explain it; `command` is the name of the command itself. */
  readonly errorDetails?: readonly string[] | undefined;
  /** The command lines that identify the module, by part; each is tried until one is answered. */
  readonly identity?: Readonly<Partial<Record<IdentityPart, readonly string[]>>> | undefined;
  /** How to reset a module that cannot be power-cycled between two cases. */
  readonly reset?: ResetSpec | undefined;
}

/** The final results of V.250, 3GPP TS 27.007 and 27.005, which any module may send. */
export const BASIC_FINALS: readonly FinalSpec[] = [
  { text: "OK", ok: true },
  { text: "ERROR", ok: false },
  { text: "+CME ERROR", ok: false },
  { text: "+CMS ERROR", ok: false },
];

/** The dialect for an unknown module: final results only. */
export const PLAIN_DIALECT: Dialect = {
  name: "v250",
  title: "V.250, no command set",
  finals: BASIC_FINALS,
  commands: [],
  results: [],
  maximumLine: 16_384,
  settleMs: 20,
};

/** Returns the command called `name`, ignoring case, or undefined. */
export function commandSpec(dialect: Dialect, name: string): CommandSpec | undefined {
  const capital = name.toUpperCase();
  return dialect.commands.find((command) => command.name === capital);
}

/** The index of the field that says how many bytes follow a line; undefined if none does. */
export function countAt(spec: ResultSpec | undefined): number | undefined {
  const at = spec?.fields.findIndex(({ name }) => name === spec.counts) ?? -1;
  return at < 0 ? undefined : at;
}

/** The result line with this prefix, or undefined. */
export function resultSpec(dialect: Dialect, prefix: string): ResultSpec | undefined {
  return dialect.results.find((result) => result.prefix === prefix);
}
