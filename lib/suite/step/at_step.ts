import type { Report } from "../../spec/form.ts";
import { describeNode, entryOf, type Node } from "../../spec/node.ts";
import { itemsOf } from "../../spec/form_parts.ts";
import type { Place } from "../../spec/place.ts";
import { quote } from "../../spec/problem.ts";
import { suggest } from "../../ground/nearest.ts";
import { toValue, type Value } from "../../spec/value.ts";
import { checkBytes, checkField, type Mode } from "../field/field_check.ts";
import type { Outcome, Send } from "../file/model.ts";
import { INDICATIONS, REQUESTS } from "./operation.ts";
import { readIndication, readRequest } from "./operation_step.ts";
import { isNothing } from "./packet_step.ts";

type Form = Extract<Send, { kind: "command" }>["form"];
type End = Extract<Send, { kind: "data" }>["end"];

const EXTENDED = /^AT([+*^#%$][A-Z][A-Z0-9]*)(=\?|\?|=)?$/;
const BASIC = /^AT([A-Z&][A-Z0-9&=?]*)?$/;
const FORMS: ReadonlyMap<string, Form> = new Map([["=?", "test"], ["?", "read"], ["=", "write"]]);
const ENDS: readonly End[] = ["ctrl-z", "esc", "none"];

/** Reads what is sent on the serial side: an AT command, `raw` or `data`. */
export function readDteSend(
  what: string,
  place: Place,
  node: Node | undefined,
  report: Report,
): Send | undefined {
  if (what === "raw" || what === "data") {
    if (node === undefined) {
      report.add(`"${what}" without its bytes`, place, `write ${what}: "text"`);
      return undefined;
    }
    if (what === "data") return readData(node, report);
    checkBytes(node, report);
    return { kind: "raw", bytes: valueOf(node, report) };
  }
  return readRequest(what, place, node, report) ?? readCommand(what, place, node, report);
}

function readCommand(what: string, place: Place, node: Node | undefined, report: Report): Send | undefined {
  const given = node !== undefined && !isNothing(node);
  const extended = EXTENDED.exec(what);
  if (extended) {
    const form = FORMS.get(extended[2] ?? "") ?? "execute";
    if (given && form !== "write") {
      report.add(
        `parameters behind ${quote(what)}`,
        node.place,
        `write ${what.replace(/[=?]+$/, "")}=: [ … ]`,
      );
    }
    return {
      kind: "command",
      name: extended[1] ?? "",
      form,
      args: given ? readArgs(node, "send", report) : [],
    };
  }
  const basic = BASIC.exec(what);
  if (basic) {
    if (given) {
      report.add(
        `parameters behind ${quote(what)}`,
        node.place,
        "a basic command has them in its name: ATS3=13",
      );
    }
    return { kind: "command", name: basic[1] ?? "", form: "basic", args: [] };
  }
  const inline = /^(AT[+*^#%$][A-Z0-9]+=)(.+)$/.exec(what);
  if (inline) {
    report.add(`parameters inside the command ${quote(what)}`, place, `write ${inline[1]}: [${inline[2]}]`);
  } else {
    const words = ["raw", "data", ...REQUESTS.keys()];
    const hint = /^at/i.test(what) ? "AT and capital letters, or raw:" : suggest(what, words);
    report.add(
      `unknown command ${quote(what)}`,
      place,
      hint ?? "an AT command, an operation such as publish, raw or data",
    );
  }
  return undefined;
}

function readData(node: Node, report: Report): Send {
  const bytes = node.kind === "map" ? entryOf(node, "bytes") : undefined;
  if (node.kind !== "map" || !bytes) {
    checkBytes(node, report);
    return { kind: "data", bytes: valueOf(node, report), end: "ctrl-z" };
  }
  let end: End = "ctrl-z";
  for (const { key, keyPlace, value } of node.entries) {
    if (key === "bytes") checkBytes(value, report);
    else if (key !== "end") {
      report.add(`unknown key ${quote(key)} in data`, keyPlace, suggest(key, ["bytes", "end"]));
    } else {
      const found = ENDS.find((name) => value.kind === "scalar" && value.source === name);
      if (found) end = found;
      else report.add(`unknown end ${describeNode(value)}`, value.place, `one of: ${ENDS.join(", ")}`);
    }
  }
  return { kind: "data", bytes: valueOf(bytes.value, report), end };
}

/** Whether an expectation on the serial side can have this name: a result, `line`, `prompt` or `echo`. */
const RESULT = /^[+*^#%$][A-Z][A-Z0-9 _-]*$/;
/** The words that may be expected on the serial side, for hints. */
const DTE_WORDS = [
  "OK",
  "ERROR",
  "+CME ERROR",
  "line",
  "prompt",
  "echo",
  "nothing",
  "one of",
  ...INDICATIONS.keys(),
];

/**
 * Reads one thing that may come on the serial side. `node` is what stands behind the colon, if anything does; `extra` are
 * keys that the step reads itself.
 */
export function readDteOutcome(
  what: string,
  place: Place,
  node: Node | undefined,
  report: Report,
  extra: readonly string[] = [],
): Outcome | undefined {
  if (INDICATIONS.has(what)) return readIndication(what, place, node, report, extra);
  switch (what) {
    case "prompt":
      if (node && !isNothing(node)) report.add(`${describeNode(node)} behind "prompt"`, node.place);
      return { kind: "prompt", place };
    case "echo": {
      const state = node?.kind === "scalar" ? node.source : "";
      if (state !== "on" && state !== "off") {
        report.add('"echo" without its state', node?.place ?? place, "write echo: on or echo: off");
        return undefined;
      }
      return { kind: "echo", on: state === "on", place };
    }
    case "OK":
    case "ERROR":
      if (node && !isNothing(node)) report.add(`parameters behind ${what}`, node.place, `${what} has none`);
      return { kind: "final", text: what, args: [], place };
    case "+CME ERROR":
      return { kind: "final", text: what, args: node ? readArgs(node, "expect", report) : [], place };
    case "line":
      if (!node) {
        report.add('"line" without its text', place, 'write line: "text"');
        return undefined;
      }
      checkField({ is: "text" }, node, "expect", report);
      return { kind: "line", text: valueOf(node, report), place };
  }
  if (!RESULT.test(what)) {
    report.add(
      `unknown result ${quote(what)}`,
      place,
      suggest(what, DTE_WORDS) ?? "such as OK, +ECMTOPEN or line",
    );
    return undefined;
  }
  const args = node && !isNothing(node) ? readArgs(node, "expect", report) : undefined;
  return { kind: "result", prefix: what, place, ...(args ? { args } : {}) };
}

/** The parameters of a command or a result: a list, or a single one. */
function readArgs(node: Node, mode: Mode, report: Report): readonly Value[] {
  const items = isNothing(node) ? [] : itemsOf(node);
  for (const item of items) checkArg(item, mode, report);
  if (mode === "expect") checkOptional(items, report);
  return items.map((item) => valueOf(item, report));
}

const WRITTEN = ["bare", "quoted"];

function checkArg(node: Node, mode: Mode, report: Report): void {
  if (report.full) return;
  if (node.kind === "scalar") {
    if (node.value === null && node.plain && node.source === "") {
      report.add("nothing where a parameter is due", node.place, 'write omit, or "" for an empty text');
    }
    return;
  }
  if (node.kind === "list") {
    if (mode === "send") return report.add("a list where one parameter is due", node.place);
    for (const item of node.items) checkArg(item, mode, report);
    if (node.items.length === 0) report.add("a list of no values", node.place, "name at least one");
    return;
  }
  const [entry] = node.entries;
  if (entry && node.entries.length === 1) {
    if (WRITTEN.includes(entry.key)) return checkBytes(entry.value, report);
    if (mode === "expect" && entry.key === "optional") return checkArg(entry.value, mode, report);
    // A parameter is a number or text: whatever compares either will do.
    if (mode === "expect" && entry.key === "between") {
      return checkField({ is: "integer", most: 0xffff_ffff }, node, mode, report);
    }
    if (mode === "expect" && (entry.key === "oneOf" || entry.key === "not")) {
      for (const item of itemsOf(entry.value)) checkArg(item, mode, report);
      return;
    }
  }
  checkField({ is: "text" }, node, mode, report);
}

/** An optional parameter may only be followed by others. */
function checkOptional(items: readonly Node[], report: Report): void {
  const isOptional = (node: Node) => node.kind === "map" && entryOf(node, "optional") !== undefined;
  const first = items.findIndex(isOptional);
  if (first < 0) return;
  for (const item of items.slice(first)) {
    if (!isOptional(item)) {
      report.add("a parameter behind an optional one", item.place, "write { optional: … } here too");
    }
  }
}

function valueOf(node: Node, report: Report): Value {
  return toValue(node, (problem) => report.problems.push(problem));
}
