import { suggest } from "../../ground/nearest.ts";
import { PACKET_TYPES } from "../../mqtt/packet.ts";
import type { Definitions, Json, JsonSchema, Report } from "../../spec/form.ts";
import { describeNode, type Node } from "../../spec/node.ts";
import type { Place } from "../../spec/place.ts";
import { quote } from "../../spec/problem.ts";
import { toValue } from "../../spec/value.ts";
import { checkField, fieldReference, fieldsSchema } from "../field/field.ts";
import { text as TEXT } from "../field/kind/text.ts";
import { parametersSchema, readParameters } from "./at_parameter.ts";
import { INDICATIONS } from "./operation.ts";
import { readIndication } from "./operation_step.ts";
import type { Outcome } from "./outcome.ts";
import { isEmpty } from "./packet.ts";
import type { Written } from "./verb.ts";

/** How to write what may come on the serial side, for the reference page. */
export const AT_OUTCOME_FORMS: readonly Written[] = [
  ["dte <- OK", "this final result; `dte <- ERROR` likewise"],
  ["dte <- +CME ERROR: 3", "the error with this code; `dte <- +CME ERROR` matches any code"],
  ["dte <- +ECMTPUB: [0, 7, 0]", "a line with this prefix and these parameters, compared like fields"],
  ["dte <- +ECMTPUB: [0, 7, 0, { optional: any }]", "the same; the last parameters may be missing"],
  ["dte <- +ECMTPUB", "a line with this prefix and any parameters"],
  ["dte <- +ECMTPUB: { args: [0, 7, 0], within: 5s, as: got }", "the same with a time and a name"],
  ['dte <- line: "text"', "a line of another form"],
  ["dte <- prompt", "the prompt `> `"],
  ["dte <- echo: on", "whether the module has echoed the last command: `on` or `off`"],
  ["dte <- one of: [OK, ERROR, +CME ERROR: 3]", "any one of these"],
  ["dte <- nothing: { within: 300ms }", "silence for this time, see below"],
];

/** The names of expectations on the serial side: a result, `line`, `prompt` or `echo`. */
const RESULT = /^[+*^#%$][A-Z][A-Z0-9 _-]*$/;
/** The keywords for expectations on the serial side, for hints. */
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
 * Reads one outcome on the serial side. `node` is the value after the colon, if there is one; `extra` are
 * keys that the step reads itself.
 */
export function readDteOutcome(
  what: string,
  place: Place,
  node: Node | undefined,
  report: Report,
  extra: readonly string[] = [],
): Outcome | undefined {
  if (PACKET_TYPES.some((type) => type === what)) {
    report.add(`packet ${what} on the serial side`, place, "MQTT packets come on the lane broker");
    return undefined;
  }
  if (INDICATIONS.has(what)) return readIndication(what, place, node, report, extra);
  switch (what) {
    case "prompt":
      if (node && !isEmpty(node)) report.add(`unexpected ${describeNode(node)} after "prompt"`, node.place);
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
      if (node && !isEmpty(node)) {
        report.add(`unexpected parameters after ${what}`, node.place, `${what} has none`);
      }
      return { kind: "final", text: what, args: [], place };
    case "+CME ERROR":
      return { kind: "final", text: what, args: node ? readParameters(node, "expect", report) : [], place };
    case "line":
      if (!node) {
        report.add('"line" without its text', place, 'write line: "text"');
        return undefined;
      }
      checkField(TEXT, node, "expect", report);
      return { kind: "line", text: toValue(node, (problem) => report.problems.push(problem)), place };
  }
  if (!RESULT.test(what)) {
    report.add(
      `unknown result ${quote(what)}`,
      place,
      suggest(what, DTE_WORDS) ?? "such as OK, +ECMTOPEN or line",
    );
    return undefined;
  }
  const args = node && !isEmpty(node) ? readParameters(node, "expect", report) : undefined;
  return { kind: "result", prefix: what, place, args };
}

/** Returns the schemas of the expecting lines on the serial side; `timed` has the keys of the step itself. */
export function dteOutcomeSchema(
  definitions: Definitions,
  timed: { readonly [key: string]: Json },
): { readonly [pattern: string]: Json } {
  const only: JsonSchema = { type: "object", properties: timed, additionalProperties: false };
  const parameters = parametersSchema("expect", definitions);
  const text = fieldReference(TEXT, "expect", definitions);
  const wrapped = (key: string, inner: JsonSchema): JsonSchema => ({
    anyOf: [
      inner,
      { type: "null" },
      { type: "object", properties: { [key]: inner, ...timed }, additionalProperties: false },
    ],
  });
  const schemas: { [pattern: string]: Json } = {
    "^dte +<- +(OK|ERROR|prompt)$": { anyOf: [only, { type: "null" }] },
    "^dte +<- +(\\+|\\^|\\*)": wrapped("args", parameters),
    "^dte +<- +line$": wrapped("text", text),
    "^dte +<- +echo$": { enum: ["on", "off"], description: "whether the last command was echoed" },
  };
  for (const [name, { about, fields }] of INDICATIONS) {
    const given = fieldsSchema(fields, "expect", about, definitions, timed);
    schemas[`^dte +<- +${name}$`] = { anyOf: [given, { type: "null" }] };
  }
  return schemas;
}
