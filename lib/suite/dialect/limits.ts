import { clause as rowOf } from "../../at/clauses.ts";
import type { Dialect, FieldSpec } from "../../at/dialect.ts";
import type { ParameterClass } from "../../ground/parameter_class.ts";
import type { Report } from "../../spec/form.ts";
import type { Node } from "../../spec/node.ts";
import type { Place } from "../../spec/place.ts";
import { stringify } from "yaml";
import {
  absenceClasses,
  CLASS_TEXTS,
  type LimitClass,
  numberClasses,
  textClasses,
  type Typed,
} from "./limit_classes.ts";
import type { Limits, TriedCommand } from "./limit_form.ts";
import type { LimitCell } from "../file/model.ts";

/** The source of the suite that tests a dialect's limits, and what each of its cases tests. */
export interface LimitSuite {
  readonly text: string;
  /** The place in the dialect file of the parameter that each case tests. */
  readonly places: ReadonlyMap<string, Place>;
  /** What each case tests, by case name. */
  readonly tried: ReadonlyMap<string, ParameterClass>;
  /** Every class of every parameter in the grammar; a class without a case has a reason. */
  readonly cells: readonly LimitCell[];
}

/** One command, or one option of a command, whose parameters are tested. */
interface TriedForm {
  /** `+ECMTOPEN`, or `+ECMTCFG`. */
  readonly command: string;
  /** `ECMTOPEN`, or `ECMTCFG keepalive`. */
  readonly name: string;
  /** The parameters before the tested ones: an option's name. */
  readonly before: readonly Typed[];
  readonly fields: readonly FieldSpec[];
  readonly how: TriedCommand;
  readonly taken: unknown;
  readonly without: ReadonlyMap<string, string>;
  /** The kinds of refusal that replace others here. */
  readonly refusals: ReadonlyMap<string, string>;
  readonly clause?: string | undefined;
}

/**
 * Writes the suite of boundary cases for a dialect's grammar. `grammar` is the `commands:` node of its file,
 * which gives each case its place. Reports a command or option that is neither tested nor has a reason.
 */
export function limitSuite(
  dialect: Dialect,
  limits: Limits,
  grammar: Node | undefined,
  report: Report,
): LimitSuite {
  const places = new Map<string, Place>();
  const tried = new Map<string, ParameterClass>();
  const cells: LimitCell[] = [];
  const cases: unknown[] = [];
  const protocol = dialect.name.toUpperCase();
  for (const form of allTried(dialect, limits)) {
    for (const [at, field] of form.fields.entries()) {
      const valid = items(plain(form.how.validFor.get(field.name) ?? form.how.valid));
      if (at >= valid.length) {
        cells.push(
          ...untriedCells(form.name, field, form.how.rest ?? "the tested parameter list ends before it"),
        );
        continue;
      }
      for (const each of classesOf(form, field, at, valid)) {
        const cell = { command: form.name, parameter: field.name, class: each.name };
        const reason = whyNot(form, field, each, limits);
        if (!cells.some((one) => sameCell(one, cell))) {
          cells.push(reason === undefined ? cell : { ...cell, uncovered: reason });
        }
        if (reason !== undefined) continue;
        const parts = [form.name, field.name, each.name, ...(each.mark === undefined ? [] : [each.mark])];
        const name = parts.join("-").replaceAll(/[^A-Za-z0-9]+/g, "-").toLowerCase();
        cases.push({ case: name, ...written(limits, form, field, at, each, valid, protocol) });
        places.set(name, placeOf(grammar, form, at) ?? limits.place);
        tried.set(name, cell);
      }
    }
  }
  for (const { name, fields, reason } of untriedForms(dialect, limits, report)) {
    cells.push(...fields.flatMap((field) => untriedCells(name, field, reason)));
  }
  const text = stringify({
    suite: limits.suite,
    title: limits.title,
    dialect: dialect.name,
    tags: ["limits"],
    values: limits.valuesNode && plain(limits.valuesNode),
    cases,
  }, { lineWidth: 0, aliasDuplicateObjects: false, keepUndefined: false });
  return { text, places, tried, cells };
}

function whyNot(form: TriedForm, field: FieldSpec, each: LimitClass, limits: Limits): string | undefined {
  return form.without.get(each.name) ?? form.how.untested.get(field.name)?.get(each.name) ??
    (limits.classes.has(each.name) ? undefined : "the dialect does not say what the class must lead to");
}

function sameCell(a: LimitCell, b: LimitCell): boolean {
  return a.command === b.command && a.parameter === b.parameter && a.class === b.class;
}

/** The classes of a parameter that is not tested. */
function untriedCells(command: string, field: FieldSpec, reason: string): readonly LimitCell[] {
  const own = field.type === "int" ? numberClasses(field, undefined) : textClasses(field, field.maxLength);
  const names = new Set([...own, ...absenceClasses(field, false)].map(({ name }) => name));
  return [...names].map((name) => ({ command, parameter: field.name, class: name, uncovered: reason }));
}

/** The commands and options that the file does not test, each with its reason. */
function untriedForms(dialect: Dialect, limits: Limits, report: Report) {
  const found: { name: string; fields: readonly FieldSpec[]; reason: string }[] = [];
  const take = (name: string, fields: readonly FieldSpec[], reason: string | undefined) => {
    if (fields.length === 0) return;
    if (reason !== undefined) found.push({ name: name.slice(1), fields, reason });
    else {report.add(
        `no test for the limits of ${name}`,
        limits.place,
        "add how to test it, or a reason under untried:",
      );}
  };
  for (const { name, parameters, options } of dialect.commands) {
    if (!limits.commands.has(name)) take(name, parameters, limits.untried.get(name));
    for (const { option, parameters } of options) {
      const own = limits.options?.command === name ? limits.options : undefined;
      if (own?.names.has(option)) continue;
      take(`${name} ${option}`, parameters, own?.untried.get(option) ?? limits.untried.get(name));
    }
  }
  return found;
}

function allTried(dialect: Dialect, limits: Limits): readonly TriedForm[] {
  const tried: TriedForm[] = [];
  for (const [command, how] of limits.commands) {
    const spec = dialect.commands.find(({ name }) => name === command);
    if (!spec) continue;
    tried.push({
      command,
      name: command.slice(1),
      before: [],
      fields: spec.parameters,
      how,
      taken: how.taken && plain(how.taken),
      without: how.without,
      refusals: new Map(),
    });
  }
  const { options } = limits;
  const spec = dialect.commands.find(({ name }) => name === options?.command);
  for (const [option, how] of options?.names ?? []) {
    const found = spec?.options.find((one) => one.option === option);
    if (!options || !found) continue;
    const taken = how.taken ?? options.taken;
    tried.push({
      command: options.command,
      name: `${options.command.slice(1)} ${option}`,
      before: [option],
      fields: found.parameters,
      how,
      taken: taken && plain(taken),
      without: new Map([...options.without, ...how.without]),
      refusals: options.refusals,
      clause: found.clause,
    });
  }
  return tried;
}

function classesOf(
  tried: TriedForm,
  field: FieldSpec,
  at: number,
  valid: readonly unknown[],
): readonly LimitClass[] {
  const { how } = tried;
  const last = at === valid.length - 1;
  const longest = how.longest.get(field.name);
  const values = how.values.get(field.name);
  const own = field.type === "int"
    ? numberClasses(field, values && items(plain(values)).map(Number), typedOf(how.above.get(field.name)))
    : textClasses(field, typedOf(longest) ?? field.maxLength);
  return [...own, ...absenceClasses(field, last), ...(last ? [{ name: "extra", typed: "omit" }] : [])];
}

/** A number, or a variable for one. */
function typedOf(node: Node | undefined): number | string | undefined {
  const given = node && plain(node);
  return typeof given === "number" || typeof given === "string" ? given : undefined;
}

function written(
  limits: Limits,
  tried: TriedForm,
  field: FieldSpec,
  at: number,
  each: LimitClass,
  valid: readonly unknown[],
  protocol: string,
): Record<string, unknown> {
  const rule = limits.classes.get(each.name);
  const kind = rule?.refusal === undefined ? undefined : tried.refusals.get(rule.refusal) ?? rule.refusal;
  const own = tried.how.covers.get(field.name) ?? tried.clause;
  const covers = [...new Set([...(own === undefined ? [] : [own]), ...rule?.covers ?? []])];
  const args = argumentsOf(each, at, valid);
  const send = { [`dte -> AT${tried.command}=`]: [...tried.before, ...args] };
  const finals = kind === undefined ? undefined : limits.refusals.get(kind) ?? [];
  const expect = finals === undefined
    ? ["dte <- OK", ...items(filled(tried.taken, tried, at, each, valid))]
    : [{ "dte <- one of": finals.map(final) }];
  const verb = finals === undefined ? "accept" : "refuse";
  const level = weakest(protocol, covers);
  return {
    purpose: `the module ${level.toUpperCase()} ${verb} AT${tried.command}${
      tried.before.length > 0 ? ` "${String(tried.before[0])}"` : ""
    } when ${field.name} ${CLASS_TEXTS.get(each.name)}${each.mark === undefined ? "" : ` (${each.mark})`}`,
    level: level === "must" ? undefined : level,
    covers,
    use: tried.how.use === undefined ? undefined : { [tried.how.use]: {} },
    steps: [send, ...expect],
  };
}

/** The parameters of the line with one of them changed, omitted or added. */
function argumentsOf(each: LimitClass, at: number, valid: readonly unknown[]): readonly unknown[] {
  if (each.name === "extra") return [...valid, 0];
  if (each.typed === undefined) return valid.slice(0, at);
  return valid.map((value, index) => index === at ? each.typed : value);
}

/** `+CME ERROR: 3` as an outcome. */
function final(text: string): unknown {
  const [, name, code] = /^(.+?): (\d+)$/.exec(text) ?? [];
  return name === undefined ? text : { [name]: Number(code) };
}

/** The steps after OK, with each parameter's name replaced by its value. */
function filled(
  steps: unknown,
  tried: TriedForm,
  at: number,
  each: LimitClass,
  valid: readonly unknown[],
): unknown {
  const meant = new Map(tried.fields.map((field, index) => [
    `$${field.name}`,
    index === at ? each.means ?? each.typed ?? "any" : index < valid.length ? valid[index] : "absent",
  ]));
  const fill = (value: unknown): unknown => {
    if (typeof value === "string") return meant.get(value) ?? value;
    if (Array.isArray(value)) return value.map(fill);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, fill(inner)]));
  };
  return fill(steps ?? []);
}

/** The weakest level among the clauses, which limits the level of a case. */
function weakest(protocol: string, covers: readonly string[]): "must" | "should" | "may" {
  const levels = covers.map((id) => rowOf(protocol, id)?.level ?? "should");
  if (levels.includes("may")) return "may";
  return levels.length === 0 || levels.includes("should") ? "should" : "must";
}

function items(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** Converts a node to plain data. */
function plain(node: Node): unknown {
  switch (node.kind) {
    case "list":
      return node.items.map(plain);
    case "map":
      return Object.fromEntries(node.entries.map(({ key, value }) => [key, plain(value)]));
    case "scalar":
      return node.value;
  }
}

/** The place of the parameter in the grammar. */
function placeOf(grammar: Node | undefined, tried: TriedForm, at: number): Place | undefined {
  const step = (node: Node | undefined, key: string) =>
    node?.kind === "map" ? node.entries.find((entry) => entry.key === key)?.value : undefined;
  const command = step(grammar, tried.command);
  const [option] = tried.before;
  const owner = option === undefined ? command : step(step(command, "options"), String(option));
  const parameters = step(owner, "parameters");
  return parameters?.kind === "list" ? parameters.items[at]?.place : undefined;
}
