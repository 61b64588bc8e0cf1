/** The tables of the suite language's page, generated from the descriptions of verbs, fields and matchers. */
import { PACKET_TYPES, type PacketType } from "../../lib/mqtt/packet.ts";
import { fieldsOf, WIRE_FIELDS } from "../../lib/suite/field/fields.ts";
import type { FieldTable } from "../../lib/suite/field/kind.ts";
import { MATCHERS } from "../../lib/suite/field/matching_form.ts";
import { AT_OUTCOME_FORMS } from "../../lib/suite/step/at_outcome.ts";
import { AT_SENT_FORMS } from "../../lib/suite/step/at_sent.ts";
import { GENERATE_COUNTS } from "../../lib/suite/step/generate.ts";
import { MQTT_OUTCOME_FORMS } from "../../lib/suite/step/mqtt_outcome.ts";
import { INDICATIONS, type OperationSpec, REQUESTS } from "../../lib/suite/step/operation.ts";
import { CAPACITIES } from "../../lib/suite/claim/capacities.ts";
import { FEATURES } from "../../lib/suite/claim/features.ts";
import { VERBS } from "../../lib/suite/step/step.ts";
import { labelOf } from "../../lib/suite/file/rows.ts";

const PAGE = new URL("../../docs/reference/suite-language.md", import.meta.url);

/** The tables of the page, by the names of their placeholders. */
const TABLES: ReadonlyMap<string, () => string> = new Map([
  ["features", features],
  [
    "capacities",
    () => rows(["value", "meaning"], CAPACITIES.map(({ name, about }) => [code(name), about])),
  ],
  ["packets", packets],
  [
    "wire",
    () => rows(["field", "changes"], [...WIRE_FIELDS].map(([name, { about }]) => [code(name), about])),
  ],
  [
    "serial-sent",
    () => rows(["step", "sends"], AT_SENT_FORMS.map(([example, about]) => [code(example), about])),
  ],
  [
    "outcomes",
    () => rows(["step", "matches"], MQTT_OUTCOME_FORMS.map(([form, about]) => [code(form), about])),
  ],
  [
    "matchers",
    () => rows(["written", "matches"], [...MATCHERS.values()].map((one) => [code(one.written), one.about])),
  ],
  [
    "serial-outcomes",
    () => rows(["step", "matches"], AT_OUTCOME_FORMS.map(([form, about]) => [code(form), about])),
  ],
  ["requests", () => operations("->", "asks the module to", REQUESTS)],
  ["indications", () => operations("<-", "matches when the module reports that", INDICATIONS)],
  ["verbs", verbs],
  ["generate", generateCounts],
]);

/** docs/reference/suite-language.md: keeps its text and regenerates its tables. */
export async function suiteLanguagePage(): Promise<string> {
  const text = await Deno.readTextFile(PAGE);
  const made = new Set<string>();
  const page = text.replaceAll(
    /<!-- table: ([a-z-]+) -->\n[^]*?<!-- end -->/g,
    (whole: string, name: string) => {
      const table = TABLES.get(name);
      made.add(name);
      return table ? `<!-- table: ${name} -->\n${table()}\n<!-- end -->` : whole;
    },
  );
  const missing = [...TABLES.keys()].filter((name) => !made.has(name));
  if (missing.length > 0) throw new Error(`The page has no placeholder for the tables ${missing.join(", ")}`);
  return page;
}

function features(): string {
  const listed = FEATURES.map(({ name, tests, about }) => [
    code(name),
    tests === "broker" ? about : `(a ${tests}) ${about}`,
  ]);
  return rows(["feature", "the target"], listed);
}

function packets(): string {
  const groups = Map.groupBy(PACKET_TYPES, (type) => [...fieldsOf(type).keys()].join(" "));
  return rows(
    ["packet", "field", "meaning"],
    [...groups.values()].flatMap((types) => packetRows(types, fieldsOf(types[0] ?? "PINGREQ"))),
  );
}

function packetRows(types: readonly PacketType[], fields: FieldTable): readonly (readonly string[])[] {
  const names = types.map(code).join(", ");
  const own = [...fields].filter(([name]) => name !== "properties");
  if (own.length === 0) return [[names, "", "no fields"]];
  return own.map(([name, { about }], at) => [at === 0 ? names : "", code(name), about]);
}

function verbs(): string {
  const written = [...VERBS.values()].flatMap(({ written, about }) =>
    written.map(([example, does]) => [code(example), does ?? about])
  );
  return rows(["step", "does"], written);
}

function operations(arrow: string, head: string, specs: ReadonlyMap<string, OperationSpec>): string {
  const listed = [...specs].map(([name, { about, fields, defaults }]) => {
    const named = [...fields.keys()].map((field) => {
      const fallback = defaults.get(field);
      if (!fallback) return code(field);
      const text = labelOf(fallback);
      return `${code(field)} (${text === "any" ? text : code(text)})`;
    });
    return [code(`dte ${arrow} ${name}`), about, named.join(", ")];
  });
  return rows(["step", head, "fields, with their defaults"], listed);
}

function generateCounts(): string {
  const counts = Object.entries(GENERATE_COUNTS).map((
    [name, { about, most, fallback }],
  ) => [code(name), `1 to ${most}, default ${fallback}`, about]);
  return rows(["key", "", "meaning"], counts);
}

/** Formats a table whose cells are already Markdown. */
function rows(head: readonly string[], cells: readonly (readonly string[])[]): string {
  const line = (row: readonly string[]) => `| ${row.join(" | ")} |`.replaceAll("  ", " ");
  return [line(head), `|${head.map(() => "---").join("|")}|`, ...cells.map(line)].join("\n");
}

function code(text: string): string {
  return `\`${text}\``;
}
