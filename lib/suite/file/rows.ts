import { byShape, type Form, type Report, text, value } from "../../spec/form.ts";
import { list, mapOf, type Named, object } from "../../spec/form_parts.ts";
import { quote } from "../../spec/problem.ts";
import { suggest } from "../../ground/nearest.ts";
import { escaped } from "../../ground/text.ts";
import { keyOf, type Value } from "../../spec/value.ts";
import { NAME } from "../field/name.ts";

/** One row of a matrix or table, which becomes one case. */
export interface Row {
  /** The text in brackets after the case's id. */
  readonly label: string;
  /** The name of the row of the table alone, which `$row` in a purpose stands for. */
  readonly name?: string | undefined;
  readonly variables: readonly (readonly [name: string, value: Value])[];
}

/** Values by variable; every combination becomes a case. */
export interface Matrix {
  readonly axes: readonly Named<readonly Value[]>[];
  /** The number of combinations. */
  readonly size: number;
}

/** The most cases that one suite may expand to. */
export const MOST_CASES = 5_000;
const LONGEST_LABEL = 60;
const VARIABLE = { what: "the name of a variable", pattern: NAME } as const;

/** `matrix: { qos: [0, 1, 2], retain: [true, false] }`: every combination. */
export function matrixForm(): Form<Matrix> {
  const form = mapOf(VARIABLE, list(value(), { least: 1 }));
  return {
    read(node, report) {
      const axes = form.read(node, report);
      return axes && { axes, size: axes.reduce((product, axis) => product * axis.value.length, 1) };
    },
    schema: (definitions) => form.schema(definitions),
  };
}

function combine(axes: readonly Named<readonly Value[]>[]): readonly Row[] {
  let rows: readonly Row[] = [{ label: "", variables: [] }];
  for (const { name, value: values } of axes) {
    rows = rows.flatMap(({ label, variables }) =>
      values.map((value) => ({
        label: [label, `${name}=${labelOf(value)}`].filter((part) => part !== "").join(","),
        variables: [...variables, [name, value] as const],
      }))
    );
  }
  return rows;
}

/** `table: [ {a: 1, b: 2}, … ]`, or `table: { columns: [a, b], rows: [[1, 2], …] }`. */
export function tableForm(): Form<readonly Row[]> {
  const maps = list(mapOf(VARIABLE, value()), { least: 1, most: MOST_CASES });
  const listed: Form<readonly Row[]> = {
    read(node, report) {
      const rows = maps.read(node, report);
      if (!rows) return undefined;
      checkColumns(rows, report);
      return rows.map((row) => toRow(row.map(({ name, value }) => [name, value] as const)));
    },
    schema: (definitions) => maps.schema(definitions),
  };
  const columned = object("a table", (keys, report) => {
    const before = report.problems.length;
    const columns = keys.required(
      "columns",
      list(text({ what: "the name of a variable", pattern: NAME }), { least: 1 }),
      "the names of the columns",
    ) ?? [];
    const whole = report.problems.length === before;
    const rows =
      keys.required("rows", list(value(), { least: 1, most: MOST_CASES }), "a list of values per row") ??
        [];
    return rows.flatMap((row) => {
      if (row.kind !== "list") {
        report.add("expected a list for each row", row.place, `write [${columns.join(", ")}]`);
        return [];
      }
      if (row.items.length !== columns.length) {
        if (!whole) return [];
        report.add(
          `a row of ${row.items.length} values`,
          row.place,
          `the table has ${columns.length} columns`,
        );
        return [];
      }
      return [toRow(row.items.map((item, index) => [columns[index] ?? "", item] as const))];
    });
  });
  return byShape("a table", { list: listed, map: columned });
}

function checkColumns(rows: readonly (readonly Named<Value>[])[], report: Report): void {
  const columns = rows[0]?.map(({ name }) => name) ?? [];
  for (const row of rows.slice(1)) {
    for (const { name, place } of row) {
      if (!columns.includes(name) && name !== "row") {
        report.add(`column ${quote(name)}, which the first row does not have`, place, suggest(name, columns));
      }
    }
    const missing = columns.find((column) => column !== "row" && !row.some(({ name }) => name === column));
    const [first] = row;
    if (missing && first) report.add(`a row without ${quote(missing)}`, first.place, `add ${missing}:`);
  }
}

/** Converts a row. The column `row` is the row's name and not a variable. */
function toRow(columns: readonly (readonly [string, Value])[]): Row {
  const named = columns.find(([name]) => name === "row");
  const variables = columns.filter(([name]) => name !== "row");
  const label = named ? labelOf(named[1]) : cut(variables.map(([, value]) => labelOf(value)).join(","));
  return { label, name: label, variables };
}

/** Returns the rows of a case: the product of its matrix and its table, each with a unique label. */
export function product(matrix: Matrix | undefined, table: readonly Row[] | undefined): readonly Row[] {
  const all = combine(matrix?.axes ?? []).flatMap((first) =>
    (table ?? [{ label: "", variables: [] }]).map((second) => ({
      label: [first.label, second.label].filter((part) => part !== "").join(","),
      name: second.name,
      variables: [...first.variables, ...second.variables],
    }))
  );
  const seen = new Map<string, number>();
  return all.map((row) => {
    const label = cut(row.label);
    const count = (seen.get(label) ?? 0) + 1;
    seen.set(label, count);
    return { ...row, label: count === 1 ? label : `${label}#${count}` };
  });
}

/** Returns a short text for a value: as written, with control characters made visible. */
export function labelOf(value: Value): string {
  switch (value.kind) {
    case "literal":
      return cut(escaped(value.source));
    case "variable":
      return `$${value.path.join(".")}`;
    case "text":
      return cut(
        escaped(value.parts.map((part) => typeof part === "string" ? part : `$${part.join(".")}`).join("")),
      );
    case "list":
      return cut(value.items.map(labelOf).join("|"));
    case "map": {
      const repeat = keyOf(value, "repeat");
      const times = keyOf(value, "times");
      if (repeat && times) return cut(`${labelOf(repeat)}×${labelOf(times)}`);
      return cut(value.entries.map(([key, item]) => `${key}:${labelOf(item)}`).join(" "));
    }
  }
}

function cut(label: string): string {
  const characters = [...label];
  return characters.length <= LONGEST_LABEL ? label : `${characters.slice(0, LONGEST_LABEL - 1).join("")}…`;
}
