import type { Dialect, FieldSpec } from "../../at/dialect.ts";
import type { Report } from "../../spec/form.ts";
import { describeNode, type Entry, type MapNode, type Node } from "../../spec/node.ts";
import { quote } from "../../spec/problem.ts";
import { suggest } from "../../ground/nearest.ts";
import { CLASS_NAMES } from "./limit_classes.ts";
import { stepsForm } from "../step/read.ts";

/** The keys under which a command's limits refer to its parameters. */
const BY_PARAMETER = ["longest", "values", "above", "covers", "validFor", "untested"];

/** What a dialect's `limits:` may refer to. */
interface Known {
  readonly source: string;
  readonly report: Report;
  readonly classes: readonly string[];
  readonly refusals: readonly string[];
}

/**
 * Checks a dialect's `limits:` against the dialect: each named command, option, parameter, class and refusal
 * must exist, and `taken:` must contain steps. `source` is the text of the file.
 */
export function checkLimits(limits: MapNode, dialect: Dialect, source: string, report: Report): void {
  const classes = entries(at(limits, "classes"));
  const known: Known = {
    source,
    report,
    classes: classes.map(({ key }) => key),
    refusals: entries(at(limits, "refusals")).map(({ key }) => key),
  };
  for (const { key, keyPlace, value } of classes) {
    if (!CLASS_NAMES.includes(key)) {
      report.add(`unknown class ${quote(key)}`, keyPlace, suggest(key, CLASS_NAMES));
    }
    checkRefusal(at(value, "refusal"), known);
  }
  const commands = new Map(dialect.commands.map((spec) => [spec.name, spec]));
  for (const { key, keyPlace, value } of entries(at(limits, "commands"))) {
    const spec = commands.get(key);
    if (!spec) {
      report.add(`the dialect has no command ${quote(key)}`, keyPlace, suggest(key, [...commands.keys()]));
    } else checkTried(value, key, spec.parameters, known);
  }
  for (const { key, keyPlace } of entries(at(limits, "untried"))) {
    if (commands.has(key)) continue;
    report.add(`the dialect has no command ${quote(key)}`, keyPlace, suggest(key, [...commands.keys()]));
  }
  const options = at(limits, "options");
  if (options?.kind !== "map") return;
  checkCommon(options, known);
  for (const { value } of entries(at(options, "refusals"))) checkRefusal(value, known);
  const command = at(options, "command");
  const owner = commands.get(textOf(command));
  if (!owner) {
    if (command?.kind === "scalar") {
      const name = quote(command.source);
      report.add(
        `the dialect has no command ${name}`,
        command.place,
        suggest(command.source, [...commands.keys()]),
      );
    }
    return;
  }
  const names = owner.options.map(({ option }) => option);
  for (const { key, keyPlace } of entries(at(options, "untried"))) {
    if (!names.includes(key)) {
      report.add(`${owner.name} has no option ${quote(key)}`, keyPlace, suggest(key, names));
    }
  }
  for (const { key, keyPlace, value } of entries(at(options, "names"))) {
    const option = owner.options.find((one) => one.option === key);
    if (option) checkTried(value, `${owner.name} ${key}`, option.parameters, known);
    else report.add(`${owner.name} has no option ${quote(key)}`, keyPlace, suggest(key, names));
  }
}

/** Checks how one command or option is tested. */
function checkTried(node: Node, name: string, fields: readonly FieldSpec[], known: Known): void {
  const { report, classes } = known;
  const parameters = fields.map((field) => field.name);
  for (const key of BY_PARAMETER) {
    for (const entry of entries(at(node, key))) {
      if (!parameters.includes(entry.key)) {
        report.add(
          `${name} has no parameter ${quote(entry.key)}`,
          entry.keyPlace,
          suggest(entry.key, parameters),
        );
      }
      if (key !== "untested") continue;
      for (const inner of entries(entry.value)) checkClass(inner.key, inner.keyPlace, classes, report);
    }
  }
  for (const list of [at(node, "valid"), ...entries(at(node, "validFor")).map(({ value }) => value)]) {
    if (!list) continue;
    if (list.kind !== "list") {
      report.add(`expected a parameter list, found ${describeNode(list)}`, list.place);
    } else if (list.items.length > fields.length) {
      report.add(`expected ${fields.length} parameters for ${name}, found ${list.items.length}`, list.place);
    }
  }
  checkCommon(node, known);
}

/** Checks the keys that commands and options share. */
function checkCommon(node: Node, { source, report, classes }: Known): void {
  for (const { key, keyPlace } of entries(at(node, "without"))) checkClass(key, keyPlace, classes, report);
  const taken = at(node, "taken");
  if (taken) stepsForm(source).read(taken, report);
}

function checkClass(name: string, place: Node["place"], classes: readonly string[], report: Report): void {
  if (!classes.includes(name)) report.add(`unknown class ${quote(name)}`, place, suggest(name, classes));
}

function checkRefusal(node: Node | undefined, { report, refusals }: Known): void {
  const name = textOf(node);
  if (!node || refusals.includes(name)) return;
  report.add(`unknown kind of refusal ${quote(name)}`, node.place, suggest(name, refusals));
}

function at(node: Node | undefined, key: string): Node | undefined {
  return entries(node).find((entry) => entry.key === key)?.value;
}

function entries(node: Node | undefined): readonly Entry[] {
  return node?.kind === "map" ? node.entries : [];
}

function textOf(node: Node | undefined): string {
  return node?.kind === "scalar" ? node.source : "";
}
