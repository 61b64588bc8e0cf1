import type { Report } from "../../spec/form.ts";
import { describeNode, type Node } from "../../spec/node.ts";
import type { Place } from "../../spec/place.ts";
import { quote } from "../../spec/problem.ts";
import { toValue } from "../../spec/value.ts";
import { checkFields } from "../field/field.ts";
import type { Fields, Mode } from "../field/kind.ts";
import { INDICATIONS, type OperationSpec, REQUESTS, TRY } from "./operation.ts";
import type { Outcome } from "./outcome.ts";
import { isEmpty } from "./packet.ts";
import type { OperationSent } from "./sent.ts";

/**
 * Reads `publish: { qos: 1, … }` or `try publish: {…}` after `dte ->`. Returns undefined if it is not an
 * operation.
 */
export function readRequest(
  what: string,
  place: Place,
  node: Node | undefined,
  report: Report,
): OperationSent | undefined {
  const attempt = what.startsWith(TRY);
  const name = attempt ? what.slice(TRY.length).trim() : what;
  const spec = REQUESTS.get(name);
  if (!spec) return undefined;
  const fields = readFields(name, spec, place, node, "send", report, []);
  return { kind: "operation", name, fields, attempt: attempt || undefined };
}

/**
 * Reads `published: { id: 1 }` after `dte <-`. Returns undefined if it is not an indication. `extra` are keys
 * of the step itself.
 */
export function readIndication(
  what: string,
  place: Place,
  node: Node | undefined,
  report: Report,
  extra: readonly string[],
): Outcome | undefined {
  const spec = INDICATIONS.get(what);
  if (!spec) return undefined;
  return {
    kind: "operation",
    name: what,
    fields: readFields(what, spec, place, node, "expect", report, extra),
    place,
  };
}

/** Returns the fields of the operation, with defaults for omitted ones. */
function readFields(
  name: string,
  spec: OperationSpec,
  place: Place,
  node: Node | undefined,
  mode: Mode,
  report: Report,
  extra: readonly string[],
): Fields {
  const given = node === undefined || isEmpty(node) ? undefined : node;
  if (given && given.kind !== "map") {
    report.add(
      `expected the fields of ${name}, found ${describeNode(given)}`,
      given.place,
      `write ${name}: { field: value }`,
    );
    return [];
  }
  const entries = given?.entries.filter(({ key }) => !extra.includes(key)) ?? [];
  if (given) checkFields(spec.fields, { ...given, entries }, name, mode, report);
  const present = [...spec.fields.keys()].filter((field) =>
    !spec.optional.has(field) || entries.some(({ key }) => key === field)
  );
  return present.map((field) => {
    const entry = entries.find(({ key }) => key === field);
    const fallback = spec.defaults.get(field);
    if (entry) return [field, toValue(entry.value, (problem) => report.problems.push(problem))] as const;
    if (!fallback) report.add(`${name} without ${quote(field)}`, place, `write { ${field}: … }`);
    return [field, fallback ?? { kind: "literal", value: null, source: "", place }] as const;
  });
}
