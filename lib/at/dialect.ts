/**
 * A dialect: one maker's command set as data, read from a file. Only its shape is defined here; dialect_check.ts checks
 * the contents of a file.
 */
import type { CommandForm } from "./command.ts";

/** What a parameter or a field of a result line holds. */
export interface FieldSpec {
  readonly name: string;
  readonly type: "int" | "string";
  /** Of an int: the smallest and largest value, both allowed. */
  readonly range?: readonly [number, number] | undefined;
  /** Of an int: the values that are allowed, where a range cannot say it. */
  readonly values?: readonly number[] | undefined;
  /** Of an int in a result: the values with which the line may come or not, since it tells of no fault and no result. */
  readonly aside?: readonly number[] | undefined;
  /** Of a string: the most bytes. */
  readonly maxLength?: number | undefined;
  /** May be left out. */
  readonly optional: boolean;
  /** Of a string: whether it stands in quotes; undefined where both are seen. */
  readonly quoted?: boolean | undefined;
  /** The rest of the line, commas and quotes included; only the last one can be. */
  readonly raw: boolean;
}

/** One use of a write form that has a parameter list of its own, chosen by its first parameter. */
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
  /** Of the write form, in order. */
  readonly parameters: readonly FieldSpec[];
  /** Of a command such as a configuration: the parameter lists by the first parameter. */
  readonly options: readonly CommandOption[];
  /** The prefix of the line that brings the result after `OK`, where there is one. */
  readonly result?: string | undefined;
  /** May ask for data by a prompt. */
  readonly prompts: boolean;
  /** How long the final result may take, in ms. */
  readonly answerMs: number;
  /** How long the result line may take after that, in ms. */
  readonly resultMs: number;
  readonly clauses: readonly string[];
}

/** A line with a prefix that comes after `OK`, or that no command asked for. */
export interface ResultSpec {
  readonly prefix: string;
  /** `answer`: the result of a command. `unsolicited`: of none. */
  readonly role: "answer" | "unsolicited";
  readonly fields: readonly FieldSpec[];
  /**
   * The field that says how many bytes follow: those of the last field, which takes the rest of the line, or those behind the
   * line where no field does.
   */
  readonly counts?: string | undefined;
  /** Of the first line of a result in several: what follows it. */
  readonly parts?: ResultParts | undefined;
  readonly clauses: readonly string[];
}

/** The lines that follow the first one of a result and belong to it; each begins with the same first field. */
export interface ResultParts {
  /** In order, what is said in counted lines with this prefix, and the field of the first line that says how long it is. */
  readonly texts: readonly { readonly prefix: string; readonly length: string }[];
  /** The prefix of the line that ends it. */
  readonly end: string;
}

/** A line that ends a command. */
export interface FinalSpec {
  /** `OK`, or what stands before the colon: `+CME ERROR`. */
  readonly text: string;
  /** Whether the command succeeded. */
  readonly ok: boolean;
}

/** What a module is asked about itself. */
export const IDENTITY_PARTS = ["manufacturer", "model", "revision", "serial"] as const;
/** One of {@link IDENTITY_PARTS}. */
export type IdentityPart = (typeof IDENTITY_PARTS)[number];

/** How the contexts of a module are found and ended; `{id}`, `{host}` and `{port}` stand for what is filled in. */
export interface ContextReset {
  /** Tells the contexts that there are, one a line: the id, then the state. */
  readonly query: string;
  /** The state of a context that connects, in which it takes no other command. */
  readonly connecting?: string | undefined;
  /** Tells where the contexts connect to, one a line: the id, the host, the port. */
  readonly addresses?: string | undefined;
  /** What ends a context, the first first. */
  readonly end: readonly string[];
  /** Opens a context's connection, where it can only be ended then. */
  readonly open: string;
}

/** How a module is led back to where power-on leaves it, by commands alone. */
export interface ResetSpec {
  readonly contexts?: ContextReset | undefined;
  /** Command lines that are typed after that in this order, whatever they are answered with. */
  readonly commands: readonly string[];
  /** Command lines that are all taken once the module is led back; until then those before are typed again. */
  readonly until?: readonly string[] | undefined;
}

/** A command set. */
export interface Dialect {
  readonly name: string;
  readonly title: string;
  readonly finals: readonly FinalSpec[];
  readonly commands: readonly CommandSpec[];
  readonly results: readonly ResultSpec[];
  /** The most bytes that a line with its framing has. */
  readonly maximumLine: number;
  /** How long the line is silent, in ms, before a payload of several lines is taken to be whole. */
  readonly settleMs: number;
  /** The prompt may be `>` alone, without a space behind it. */
  readonly barePrompts?: boolean | undefined;
  /** The characters that get a backslash in a quoted parameter. */
  readonly escapes?: string | undefined;
  /**
   * What lines begin with that tell in front of an error why there is one; `command` is the name of the command itself.
   */
  readonly errorDetails?: readonly string[] | undefined;
  /** The command lines that tell who the module is, by part; each is tried until one is answered. */
  readonly identity?: Readonly<Partial<Record<IdentityPart, readonly string[]>>> | undefined;
  /** How a module that can't be switched off is led back between two cases. */
  readonly reset?: ResetSpec | undefined;
}

/** The final results of V.250, 3GPP TS 27.007 and 27.005, which a module of any dialect may send. */
export const BASIC_FINALS: readonly FinalSpec[] = [
  { text: "OK", ok: true },
  { text: "ERROR", ok: false },
  { text: "+CME ERROR", ok: false },
  { text: "+CMS ERROR", ok: false },
];

/** The dialect of an unknown module: final results only. */
export const PLAIN_DIALECT: Dialect = {
  name: "v250",
  title: "V.250, no command set",
  finals: BASIC_FINALS,
  commands: [],
  results: [],
  maximumLine: 16_384,
  settleMs: 20,
};

/** The command called `name`, in any case, or undefined. */
export function commandSpec(dialect: Dialect, name: string): CommandSpec | undefined {
  const capital = name.toUpperCase();
  return dialect.commands.find((command) => command.name === capital);
}

/** The place of the field that says how many bytes follow a line; undefined where none does. */
export function countAt(spec: ResultSpec | undefined): number | undefined {
  const at = spec?.fields.findIndex(({ name }) => name === spec.counts) ?? -1;
  return at < 0 ? undefined : at;
}

/** The result line with this prefix, or undefined. */
export function resultSpec(dialect: Dialect, prefix: string): ResultSpec | undefined {
  return dialect.results.find((result) => result.prefix === prefix);
}
