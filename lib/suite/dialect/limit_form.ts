/** What a dialect file says of how its limits are tried. */
import { type Form, text, value } from "../../spec/form.ts";
import { list, mapOf, type Named, object } from "../../spec/form_parts.ts";
import type { Node } from "../../spec/node.ts";
import type { Place } from "../../spec/place.ts";
import type { Value } from "../../spec/value.ts";
import { NAME } from "../field/name.ts";

/** How one command, or one option of one, is tried. */
export interface TriedCommand {
  /** The opening that its cases begin with. */
  readonly use?: string | undefined;
  /** A parameter list that is taken. */
  readonly valid: Node;
  /** The longest length of a text, by its parameter, where the grammar's is not the one to try. */
  readonly longest: ReadonlyMap<string, Node>;
  /** The numbers that are taken, by their parameter, likewise. */
  readonly values: ReadonlyMap<string, Node>;
  /** The number above the highest, by its parameter, where a target may have a higher one than the grammar. */
  readonly above: ReadonlyMap<string, Node>;
  /** The row of the manual that a parameter's limits stand in. */
  readonly covers: ReadonlyMap<string, string>;
  /** Parameter lists for those parameters that the one above does not fit. */
  readonly validFor: ReadonlyMap<string, Node>;
  /** Why a class is tried on none of its parameters, by the class. */
  readonly without: ReadonlyMap<string, string>;
  /** Why the parameters behind the end of the list above are not tried. */
  readonly rest?: string | undefined;
  /** Why a class of a parameter is not tried, by parameter and class. */
  readonly untested: ReadonlyMap<string, ReadonlyMap<string, string>>;
  /** The steps behind OK where it is taken. */
  readonly taken: Node | undefined;
}

/** What a class leads to. */
export interface TriedClass {
  /** A key of `refusals:`; absent where the command is taken. */
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
  /** Why a command is not tried. */
  readonly untried: ReadonlyMap<string, string>;
  readonly options?: {
    readonly command: string;
    /** Other kinds of refusal in place of those of the classes. */
    readonly refusals: ReadonlyMap<string, string>;
    readonly without: ReadonlyMap<string, string>;
    readonly names: ReadonlyMap<string, TriedCommand>;
    /** Why an option is not tried. */
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

const TRIED: Form<TriedCommand> = object("how a command is tried", (keys) => {
  const use = keys.optional("use", text(WORD), "the opening that its cases begin with");
  const valid = keys.required("valid", node(), "a parameter list that is taken");
  const longest = keys.optional("longest", mapOf(WORD, node()), "the longest lengths, by parameter");
  const values = keys.optional("values", mapOf(WORD, node()), "the numbers that are taken, by parameter");
  const above = keys.optional("above", mapOf(WORD, node()), "the numbers above the highest, by parameter");
  const covers = keys.optional("covers", mapOf(WORD, CLAUSE()), "rows of the manual, by parameter");
  const validFor = keys.optional("validFor", mapOf(WORD, node()), "another list for some parameters");
  const without = keys.optional(
    "without",
    mapOf(WORD, REASON()),
    "why a class is tried on none of its parameters, by class",
  );
  const rest = keys.optional("rest", REASON(), "why the parameters behind those of valid are not tried");
  const untested = keys.optional(
    "untested",
    mapOf(WORD, mapOf(WORD, REASON())),
    "why a class is not tried, by parameter and class",
  );
  const taken = keys.optional("taken", node(), "the steps behind OK");
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
    "the kind of refusal; without it the command is taken",
  );
  const covers = keys.required("covers", list(CLAUSE()), "rows of the manual");
  return { refusal, covers: covers ?? [] };
});

const OPTIONS = object("how options are tried", (keys) => {
  const command = keys.required("command", text(COMMAND), "the command whose options they are");
  const refusals = keys.optional("refusals", mapOf(WORD, text(WORD)), "other kinds of refusal");
  const without = keys.optional("without", mapOf(WORD, REASON()), "why a class is not tried, by class");
  const untried = keys.optional("untried", mapOf(WORD, REASON()), "why an option is not tried");
  const names = keys.required("names", mapOf(WORD, TRIED), "the options");
  const taken = keys.optional("taken", node(), "the steps behind OK");
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
  const classes = keys.required("classes", mapOf(WORD, CLASS), "what each class leads to");
  const commands = keys.required("commands", mapOf(COMMAND, TRIED), "the commands");
  const untried = keys.optional("untried", mapOf(COMMAND, REASON()), "why a command is not tried");
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
