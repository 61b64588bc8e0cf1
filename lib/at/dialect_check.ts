/** Checks plain data from a dialect file against the shape of a {@link Dialect}. */
import { COMMAND_FORMS, type CommandForm, readCommand } from "./command.ts";
import { commandSpec, IDENTITY_PARTS, type IdentityPart } from "./dialect.ts";
import type {
  CommandOption,
  CommandSpec,
  ContextReset,
  Dialect,
  FieldSpec,
  FinalSpec,
  ResetSpec,
  ResultParts,
  ResultSpec,
} from "./dialect.ts";

/** A mistake in a dialect; `path` is its path from the top of the data. */
export interface DialectProblem {
  readonly path: readonly (string | number)[];
  /** One clause without a full stop. */
  readonly message: string;
}

/** The result of a check: the dialect, or its problems. */
export interface DialectCheck {
  readonly dialect?: Dialect;
  readonly problems: readonly DialectProblem[];
}

const PREFIX = /^[+#^%*$&!][A-Z][A-Z0-9_]{0,31}$/;
const DAY = 86_400_000;

/** Reads a dialect from plain data. Returns the dialect or all its problems. Never throws. */
export function checkDialect(data: unknown): DialectCheck {
  const at = new Checker([], []);
  const top = at.map(data, {
    required: ["dialect", "title", "finals", "commands", "results", "answerMs", "resultMs"],
    optional: ["maximumLine", "settleMs", "barePrompts", "errorDetails", "escapes", "identity", "reset"],
  });
  const times = {
    answerMs: at.in("answerMs").int(top["answerMs"], 1, DAY),
    resultMs: at.in("resultMs").int(top["resultMs"], 1, DAY),
  };
  const dialect: Dialect = {
    name: at.in("dialect").text(top["dialect"], /^[a-z0-9-]{1,40}$/, "a name in small letters"),
    title: at.in("title").text(top["title"], /^.{1,200}$/, "a line of text"),
    finals: finals(at.in("finals"), top["finals"]),
    commands: at.in("commands").named(
      top["commands"],
      (here, name, value) => command(here, name, value, times),
    ),
    results: at.in("results").named(top["results"], result),
    maximumLine: at.optional(top, "maximumLine", (here, size) => here.int(size, 64, 1 << 20)) ?? 16_384,
    settleMs: at.optional(top, "settleMs", (here, ms) => here.int(ms, 1, 5_000)) ?? 20,
    barePrompts: at.in("barePrompts").flag(top["barePrompts"]),
    escapes: at.optional(top, "escapes", (here, given) => here.text(given, /^[ -~]{1,16}$/, "characters")),
    errorDetails: at.optional(
      top,
      "errorDetails",
      (here, given) =>
        here.list(given, (inner, each) => inner.text(each, /^[ -~]{2,40}$/, "the beginning of a line")),
    ),
    identity: identity(at.in("identity"), top["identity"]),
    reset: at.optional(top, "reset", reset),
  };
  for (const each of dialect.commands) {
    if (each.result !== undefined && !dialect.results.some((known) => known.prefix === each.result)) {
      at.in("commands").in(each.name).in("result").say(`unknown result "${each.result}"`);
    }
  }
  for (const each of dialect.results) checkParts(at.in("results"), each, dialect);
  if (dialect.reset) checkReset(at.in("reset"), dialect.reset, dialect);
  return at.problems.length > 0 ? { problems: at.problems } : { dialect, problems: [] };
}

function identity(at: Checker, value: unknown): NonNullable<Dialect["identity"]> {
  const map = value === undefined ? {} : at.map(value, { required: [], optional: IDENTITY_PARTS });
  const commands = (part: IdentityPart) =>
    at.in(part).list(
      map[part],
      (here, each) => here.text(each, /^AT[ -~]{1,60}$/, "a command line such as AT+CGMI"),
    );
  return Object.fromEntries(IDENTITY_PARTS.map((part) => [part, commands(part)]));
}

const COMMAND_LINE = /^AT[ -~]{0,200}$/;

function reset(at: Checker, value: unknown): ResetSpec {
  const map = at.map(value, { required: [], optional: ["contexts", "commands", "until"] });
  const line = (here: Checker, each: unknown) => here.text(each, COMMAND_LINE, "a command line");
  const contexts = (here: Checker, given: unknown): ContextReset => {
    const parts = here.map(given, {
      required: ["query", "end", "open"],
      optional: ["connecting", "addresses"],
    });
    const connecting = here.optional(parts, "connecting", (inner, state) => inner.int(state, 0, 255));
    return {
      query: line(here.in("query"), parts["query"]),
      connecting: connecting === undefined ? undefined : String(connecting),
      addresses: here.optional(parts, "addresses", line),
      end: here.in("end").list(parts["end"], line),
      open: line(here.in("open"), parts["open"]),
    };
  };
  return {
    contexts: at.optional(map, "contexts", contexts),
    commands: at.in("commands").list(map["commands"], line),
    until: at.optional(map, "until", (here, lines) => here.list(lines, line)),
  };
}

/** Reports command lines of a reset that the dialect does not have, or not in this form. */
function checkReset(at: Checker, { contexts, commands, until }: ResetSpec, dialect: Dialect): void {
  const check = (here: Checker, line: string | undefined) => {
    if (line === undefined || line === "") return;
    const typed = readCommand(new TextEncoder().encode(`${line}\r`));
    const spec = typed && commandSpec(dialect, typed.name);
    if (!typed || !spec) return here.say(`"${line}" is not a command of the dialect`);
    if (!spec.forms.includes(typed.form)) here.say(`"${line}" uses a form that ${spec.name} does not have`);
  };
  const parts = at.in("contexts");
  check(parts.in("query"), contexts?.query);
  check(parts.in("addresses"), contexts?.addresses);
  check(parts.in("open"), contexts?.open);
  contexts?.end.forEach((line, each) => check(parts.in("end").in(each), line));
  commands.forEach((line, each) => check(at.in("commands").in(each), line));
  until?.forEach((line, each) => check(at.in("until").in(each), line));
}

function finals(at: Checker, value: unknown): FinalSpec[] {
  const map = at.map(value, { required: ["ok", "error"], optional: [] });
  const read = (key: string, ok: boolean) =>
    at.in(key).list(map[key], (here, each) => ({
      text: here.text(each, /^\+?[A-Z][A-Z ]{0,31}$/, "a final result such as OK or +CME ERROR"),
      ok,
    }));
  return [...read("ok", true), ...read("error", false)];
}

function command(
  at: Checker,
  name: string,
  value: unknown,
  times: { readonly answerMs: number; readonly resultMs: number },
): CommandSpec {
  if (!PREFIX.test(name)) at.say(`expected a command name such as +NAME in capitals, found "${name}"`);
  const map = at.map(value, {
    required: ["forms"],
    optional: ["parameters", "options", "result", "prompts", "answerMs", "resultMs", "clauses"],
  });
  return {
    name,
    forms: at.in("forms").list(map["forms"], (here, each) => here.oneOf<CommandForm>(each, COMMAND_FORMS)),
    parameters: fields(at.in("parameters"), map["parameters"]),
    options: at.in("options").named(map["options"], option),
    result: at.optional(map, "result", (here, each) => here.text(each, PREFIX, "a prefix such as +NAME")),
    prompts: at.in("prompts").flag(map["prompts"]),
    answerMs: at.optional(map, "answerMs", (here, ms) => here.int(ms, 1, DAY)) ?? times.answerMs,
    resultMs: at.optional(map, "resultMs", (here, ms) => here.int(ms, 1, DAY)) ?? times.resultMs,
    clauses: clauseList(at.in("clauses"), map["clauses"]),
  };
}

function option(at: Checker, name: string, value: unknown): CommandOption {
  const map = at.map(value, { required: ["parameters"], optional: ["clause"] });
  return {
    option: name,
    parameters: fields(at.in("parameters"), map["parameters"]),
    clause: at.optional(map, "clause", clause),
  };
}

function result(at: Checker, prefix: string, value: unknown): ResultSpec {
  if (!PREFIX.test(prefix)) at.say(`"${prefix}" is not a prefix; write +NAME in capitals`);
  const map = at.map(value, { required: ["role", "fields"], optional: ["counts", "parts", "clauses"] });
  const read = fields(at.in("fields"), map["fields"]);
  const length = (here: Checker, name: unknown) => {
    const numbers = read.filter(({ type }) => type === "int").map((field) => field.name);
    if (numbers.some((number) => number === name)) return String(name);
    here.say(`"${name}" is not a field of numbers; these are ${numbers.join(", ")}`);
    return "";
  };
  return {
    prefix,
    role: at.in("role").oneOf(map["role"], ["answer", "unsolicited"] as const),
    fields: read,
    counts: at.optional(map, "counts", length),
    parts: at.optional(map, "parts", (here, given) => parts(here, given, length)),
    clauses: clauseList(at.in("clauses"), map["clauses"]),
  };
}

function parts(
  at: Checker,
  value: unknown,
  length: (at: Checker, name: unknown) => string,
): ResultParts {
  const map = at.map(value, { required: ["texts", "end"], optional: [] });
  return {
    texts: at.in("texts").named(map["texts"], (here, prefix, field) => ({
      prefix,
      length: length(here, field),
    })),
    end: at.in("end").text(map["end"], PREFIX, "a prefix such as +NAME"),
  };
}

/** Reports parts of a result that are not results of the dialect, or whose lines have no length. */
function checkParts(at: Checker, spec: ResultSpec, dialect: Dialect): void {
  const known = (here: Checker, prefix: string) => {
    const found = dialect.results.find((each) => each.prefix === prefix);
    if (!found) here.say(`"${prefix}" is not among the results`);
    return found;
  };
  const here = at.in(spec.prefix).in("parts");
  if (!spec.parts) return;
  known(here.in("end"), spec.parts.end);
  for (const { prefix } of spec.parts.texts) {
    const part = known(here.in("texts").in(prefix), prefix);
    if (part && part.counts === undefined) here.in("texts").in(prefix).say(`"${prefix}" has no "counts"`);
  }
}

function clauseList(at: Checker, value: unknown): string[] {
  return at.list(value, clause);
}

function clause(at: Checker, value: unknown): string {
  return at.text(value, /^[A-Z0-9-]+$/, "a clause");
}

function fields(at: Checker, value: unknown): FieldSpec[] {
  if (value === undefined) return [];
  const list = at.list(value, field);
  list.slice(0, -1).forEach((each, i) => {
    if (each.raw) at.in(i).in("raw").say(`"${each.name}" takes the rest of the line and must be last`);
  });
  return list;
}

function field(at: Checker, value: unknown): FieldSpec {
  const map = at.map(value, {
    required: ["name", "type"],
    optional: ["range", "values", "aside", "maxLength", "optional", "quoted", "raw"],
  });
  const type = at.in("type").oneOf(map["type"], ["int", "string"] as const);
  const wrong = type === "int" ? ["maxLength", "quoted", "raw"] : ["range", "values", "aside"];
  for (const key of wrong) {
    if (map[key] !== undefined) at.in(key).say(`"${key}" is not allowed for type ${type}`);
  }
  const int = (here: Checker, each: unknown) => here.int(each, -2147483648, 4294967295);
  const range = at.optional(map, "range", (here, each) => here.list(each, int));
  const [low, high] = range ?? [];
  if (range && (low === undefined || high === undefined || range.length !== 2 || low > high)) {
    at.in("range").say("expected a range of two numbers, the smaller one first");
  }
  return {
    name: at.in("name").text(map["name"], /^[A-Za-z][A-Za-z0-9_]{0,39}$/, "a name of letters and digits"),
    type,
    range: low === undefined || high === undefined ? undefined : [low, high],
    values: at.optional(map, "values", (here, each) => here.list(each, int)),
    aside: at.optional(map, "aside", (here, each) => here.list(each, int)),
    maxLength: at.optional(map, "maxLength", (here, size) => here.int(size, 0, 1 << 20)),
    optional: at.in("optional").flag(map["optional"]),
    quoted: at.optional(map, "quoted", (here, each) => here.flag(each)),
    raw: at.in("raw").flag(map["raw"]),
  };
}

/** Reads the values at one path and records mistakes; the result for a wrong value is never used. */
class Checker {
  readonly problems: DialectProblem[];
  readonly #path: readonly (string | number)[];

  constructor(problems: DialectProblem[], path: readonly (string | number)[]) {
    this.problems = problems;
    this.#path = path;
  }

  in(key: string | number): Checker {
    return new Checker(this.problems, [...this.#path, key]);
  }

  /** Returns the value of a key, read by `read`, or undefined if the key is absent. */
  optional<T>(
    map: Readonly<Record<string, unknown>>,
    key: string,
    read: (at: Checker, value: unknown) => T,
  ): T | undefined {
    const value = map[key];
    return value === undefined ? undefined : read(this.in(key), value);
  }

  say(message: string): void {
    this.problems.push({ path: this.#path, message });
  }

  map(
    value: unknown,
    keys?: { readonly required: readonly string[]; readonly optional: readonly string[] },
  ): Record<string, unknown> {
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      this.#wanted(value, "a map");
      return {};
    }
    const map: Record<string, unknown> = Object.fromEntries(Object.entries(value));
    if (!keys) return map;
    const known = [...keys.required, ...keys.optional];
    for (const key of Object.keys(map)) {
      if (!known.includes(key)) {
        this.in(key).say(`unknown key "${key}"; the keys are ${known.join(", ")}`);
      }
    }
    for (const key of keys.required) if (map[key] === undefined) this.say(`missing key "${key}"`);
    return map;
  }

  named<T>(value: unknown, read: (at: Checker, name: string, value: unknown) => T): T[] {
    if (value === undefined) return [];
    const entries = Object.entries(this.map(value));
    if (entries.length > 500) this.say(`expected at most 500 entries, found ${entries.length}`);
    return entries.slice(0, 500).map(([name, each]) => read(this.in(name), name, each));
  }

  list<T>(value: unknown, read: (at: Checker, value: unknown) => T): T[] {
    if (value === undefined) return [];
    if (!Array.isArray(value)) {
      this.#wanted(value, "a list");
      return [];
    }
    if (value.length > 500) this.say(`expected at most 500 items, found ${value.length}`);
    return value.slice(0, 500).map((each, i) => read(this.in(i), each));
  }

  text(value: unknown, pattern: RegExp, wanted: string): string {
    if (typeof value === "string" && pattern.test(value)) return value;
    if (value !== undefined) this.#wanted(value, wanted);
    return "";
  }

  int(value: unknown, low: number, high: number): number {
    if (typeof value === "number" && Number.isInteger(value) && value >= low && value <= high) return value;
    if (value !== undefined) this.#wanted(value, `a whole number from ${low} to ${high}`);
    return low;
  }

  flag(value: unknown): boolean {
    if (typeof value === "boolean") return value;
    if (value !== undefined) this.#wanted(value, "true or false");
    return false;
  }

  oneOf<const T extends string>(value: unknown, choices: readonly [T, ...T[]] | readonly T[]): T {
    const chosen = choices.find((choice) => choice === value) ?? choices[0];
    if (chosen === undefined) throw new RangeError("oneOf() needs a choice");
    if (chosen !== value && value !== undefined) this.#wanted(value, `one of ${choices.join(", ")}`);
    return chosen;
  }

  #wanted(value: unknown, wanted: string): void {
    const shown = typeof value === "object" && value !== null
      ? (Array.isArray(value) ? "a list" : "a map")
      : `"${value}"`;
    this.say(`expected ${wanted}, found ${shown.slice(0, 80)}`);
  }
}
