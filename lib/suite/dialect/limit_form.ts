/** The part of a dialect file that defines how to test its limits. */
import { type Form, text, value } from "../../spec/form.ts";
import { list, mapOf, type Named, object } from "../../spec/form_parts.ts";
import type { Node } from "../../spec/node.ts";
import type { Place } from "../../spec/place.ts";
import type { Value } from "../../spec/value.ts";
import { NAME } from "../field/name.ts";

/** How to test one command, or one option of a command. */
export interface TriedCommand {
  /** The opening of its cases. */
  readonly use?: string | undefined;
  /** A parameter list that the module accepts. */
  readonly valid: Node;
  /** The longest length of a text by parameter, if the grammar's is not the one to test. */
  readonly longest: ReadonlyMap<string, Node>;
  /** The accepted numbers by parameter, if the grammar's are not the ones to test. */
  readonly values: ReadonlyMap<string, Node>;
  /** The number above the highest, by parameter, if a target may allow more than the grammar. */
  readonly above: ReadonlyMap<string, Node>;
  /** The row of the manual that defines a parameter's limits. */
  readonly covers: ReadonlyMap<string, string>;
  /** Parameter lists for the parameters that `valid` does not suit. */
  readonly validFor: ReadonlyMap<string, Node>;
  /** Why a class is not tested on any parameter, by class. */
  readonly without: ReadonlyMap<string, string>;
  /** Why the parameters after the end of `valid` are not tested. */
  readonly rest?: string | undefined;
  /** Why a class of a parameter is not tested, by parameter and class. */
  readonly untested: ReadonlyMap<string, ReadonlyMap<string, string>>;
  /** The steps after OK if the command is accepted. */
  readonly taken: Node | undefined;
}

/** The expected result of a class. */
export interface TriedClass {
  /** A key of `refusals:`; absent if the command is accepted. */
  readonly refusal?: string | undefined;
  readonly covers: readonly string[];
}

/** The `limits:` of a dialect file. */
export interface Limits {
  readonly suite: string;
  readonly title: string;
  readonly values: readonly Named<Value>[];
  readonly valuesNode: Node | undefined;
  readonly refusals: ReadonlyMap<string, readonly string[]>;
  readonly classes: ReadonlyMap<string, TriedClass>;
  readonly commands: ReadonlyMap<string, TriedCommand>;
  /** Why a command is not tested. */
  readonly untried: ReadonlyMap<string, string>;
  readonly options?: {
    readonly command: string;
    /** Kinds of refusal that replace those of the classes. */
    readonly refusals: ReadonlyMap<string, string>;
    readonly without: ReadonlyMap<string, string>;
    readonly names: ReadonlyMap<string, TriedCommand>;
    /** Why an option is not tested. */
    readonly untried: ReadonlyMap<string, string>;
    readonly taken: Node | undefined;
  } | undefined;
  readonly place: Place;
}

const WORD = { what: "a name", pattern: /^[A-Za-z][A-Za-z0-9-]*$/ } as const;
const COMMAND = { what: "a command", pattern: /^\+[A-Z][A-Z0-9_]*$/ } as const;
const CLAUSE = () => text({ what: "a row of the manual", pattern: /^[A-Z][A-Z0-9-]*$/ });

function node(): Form<Node> {
  return { read: (given) => given, schema: () => ({}) };
}

const REASON = () => text({ what: "a reason", longest: 300 });

function byName<T>(found: readonly Named<T>[] | undefined): ReadonlyMap<string, T> {
  return new Map(found?.map(({ name, value }) => [name, value] as const));
}

const TRIED: Form<TriedCommand> = object("how to test a command", (keys) => {
  const use = keys.optional("use", text(WORD), "the opening of its cases");
  const valid = keys.required("valid", node(), "a parameter list that the module accepts");
  const longest = keys.optional("longest", mapOf(WORD, node()), "the longest lengths, by parameter");
  const values = keys.optional("values", mapOf(WORD, node()), "the accepted numbers, by parameter");
  const above = keys.optional("above", mapOf(WORD, node()), "the numbers above the highest, by parameter");
  const covers = keys.optional("covers", mapOf(WORD, CLAUSE()), "rows of the manual, by parameter");
  const validFor = keys.optional("validFor", mapOf(WORD, node()), "another list for some parameters");
  const without = keys.optional(
    "without",
    mapOf(WORD, REASON()),
    "why a class is not tested on any parameter, by class",
  );
  const rest = keys.optional("rest", REASON(), "why the parameters after those of valid are not tested");
  const untested = keys.optional(
    "untested",
    mapOf(WORD, mapOf(WORD, REASON())),
    "why a class is not tested, by parameter and class",
  );
  const taken = keys.optional("taken", node(), "the steps after OK");
  return valid && {
    use,
    valid,
    longest: byName(longest),
    values: byName(values),
    above: byName(above),
    covers: byName(covers),
    validFor: byName(validFor),
    without: byName(without),
    rest,
    untested: new Map(untested?.map(({ name, value }) => [name, byName(value)] as const)),
    taken,
  };
});

const CLASS: Form<TriedClass> = object("a class", (keys) => {
  const refusal = keys.optional(
    "refusal",
    text(WORD),
    "the kind of refusal; without it the command is accepted",
  );
  const covers = keys.required("covers", list(CLAUSE()), "rows of the manual");
  return { refusal, covers: covers ?? [] };
});

const OPTIONS = object("how to test options", (keys) => {
  const command = keys.required("command", text(COMMAND), "the command that the options belong to");
  const refusals = keys.optional("refusals", mapOf(WORD, text(WORD)), "other kinds of refusal");
  const without = keys.optional("without", mapOf(WORD, REASON()), "why a class is not tested, by class");
  const untried = keys.optional("untried", mapOf(WORD, REASON()), "why an option is not tested");
  const names = keys.required("names", mapOf(WORD, TRIED), "the options");
  const taken = keys.optional("taken", node(), "the steps after OK");
  return command === undefined ? undefined : {
    command,
    refusals: byName(refusals),
    without: byName(without),
    names: byName(names),
    untried: byName(untried),
    taken,
  };
});

/** The form of `limits:`. */
export const LIMITS: Form<Limits> = object("the limits of a dialect", (keys) => {
  const suite = keys.required(
    "suite",
    text({ what: "the name of a suite", pattern: /^[a-z0-9/-]+$/ }),
    "its name",
  );
  const title = keys.required("title", text({ longest: 200 }), "its heading");
  const values = keys.optional(
    "values",
    mapOf({ what: "the name of a value", pattern: NAME }, value()),
    "values of the target, with their defaults",
  );
  const valuesNode = keys.optional("values", node(), "values of the target, with their defaults");
  const refusals = keys.required("refusals", mapOf(WORD, list(text())), "final results, by kind of refusal");
  const classes = keys.required("classes", mapOf(WORD, CLASS), "the expected result of each class");
  const commands = keys.required("commands", mapOf(COMMAND, TRIED), "the commands");
  const untried = keys.optional("untried", mapOf(COMMAND, REASON()), "why a command is not tested");
  const options = keys.optional("options", OPTIONS, "the options of a command");
  const place = keys.place("suite");
  if (suite === undefined || title === undefined || !place) return undefined;
  return {
    suite,
    title,
    values: values ?? [],
    valuesNode,
    refusals: byName(refusals),
    classes: byName(classes),
    commands: byName(commands),
    untried: byName(untried),
    options,
    place,
  };
});
