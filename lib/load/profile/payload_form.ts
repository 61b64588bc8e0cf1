import { type Form, integer, type Report, word } from "../../spec/form.ts";
import { type Keys, list, object } from "../../spec/form_parts.ts";
import { describeNode, type Node } from "../../spec/node.ts";
import { LEAST_BYTES } from "../engine/mark.ts";
import type { Payload } from "./group.ts";
import { template } from "./profile_parts.ts";
import { reportAt } from "./report_at.ts";
import {
  CLIENT_WORDS,
  type DataTables,
  MESSAGE_WORDS,
  parseTemplate,
  type Template,
  uses,
} from "./template.ts";

/** The largest payload, in bytes. */
const MOST_BYTES = 16 * 1024 * 1024;

const sizeForm = () => integer({ least: LEAST_BYTES, most: MOST_BYTES, what: "a size in bytes" });

const weightedForm = () =>
  object("a size", (keys) => {
    const size = keys.required("size", sizeForm(), "in bytes");
    const weight = keys.optional(
      "weight",
      integer({ least: 1, most: 1_000_000 }),
      "its weight relative to the other sizes",
    );
    return size === undefined ? undefined : { size, weight: weight ?? 1 };
  });

/** The form of a payload: bytes of one size, bytes of sizes by weight, a text, JSON, or exactly what is given. */
export function payloadForm(tables: DataTables = new Map()): Form<Payload> {
  return object("a payload", (keys, report): Payload | undefined => {
    const size = keys.optional("size", sizeForm(), "bytes, the same in all messages");
    const sizes = keys.optional(
      "sizes",
      list(weightedForm(), { least: 1, most: 100 }),
      "bytes, of several sizes by weight",
    );
    const text = keys.optional(
      "text",
      template("a text", { message: true, tables }),
      "a text; attest recognizes a message by $mark in it, and puts it first if it is missing",
    );
    const json = keys.optional(
      "json",
      jsonForm(tables),
      "a map, written as JSON; attest adds its mark as the key attest",
    );
    const exact = keys.optional(
      "exact",
      template("a text", { message: true, tables }),
      "a text that is sent exactly as given; the mark is outside it",
    );
    const mark = keys.optional(
      "mark",
      word(["user-property", "topic"], "place of the mark"),
      "where the mark of exact is: in the user property attest (5.0), or in the last level of the topic",
    );
    checkMark(keys, report, exact, mark);
    const given = ["size", "sizes", "text", "json", "exact"].filter((name) => keys.has(name));
    const place = keys.place(given[1] ?? "size");
    if (given.length !== 1 && place) {
      report.add(
        given.length === 0 ? "a payload of nothing" : `a payload with ${given.join(" and ")}`,
        place,
        "write one of size, sizes, text, json and exact",
      );
      return undefined;
    }
    if (size !== undefined) return { kind: "bytes", sizes: [{ size, weight: 1 }] };
    if (sizes && sizes.length > 0) return { kind: "bytes", sizes };
    if (exact && mark) return { kind: "exact", template: exact, mark };
    const found = text ?? json;
    if (!found) return undefined;
    return { kind: "text", template: uses(found, "mark") ? found : [{ word: "mark" }, " ", ...found] };
  });
}

function checkMark(keys: Keys, report: Report, exact: Template | undefined, mark: string | undefined): void {
  if (exact && uses(exact, "mark")) {
    reportAt(
      keys,
      report,
      "exact",
      "a mark in a payload that is sent exactly as given",
      "write text: instead",
    );
  }
  if (keys.has("exact") && !keys.has("mark")) {
    reportAt(
      keys,
      report,
      "exact",
      "an exact payload without a place for the mark",
      "add mark: user-property or topic",
    );
  }
  if (mark !== undefined && !keys.has("exact")) {
    reportAt(
      keys,
      report,
      "mark",
      "a place for the mark of a payload that contains it",
      "remove it, or write exact:",
    );
  }
}

/**
 * The form of a map that becomes a template of JSON. A text that is a single word, such as `$sequence`, becomes a
 * number.
 */
function jsonForm(tables: DataTables): Form<Template> {
  return {
    read(node, report) {
      if (node.kind !== "map") {
        report.add(`${describeNode(node)} where a map is expected`, node.place);
        return undefined;
      }
      const read = parseTemplate(`{"attest":"$mark"${jsonEntries(node).map((one) => `,${one}`).join("")}}`, [
        ...CLIENT_WORDS,
        ...MESSAGE_WORDS,
      ], tables);
      if ("template" in read) return read.template.map(asJson);
      report.add(read.problem.message, node.place, read.problem.hint);
      return undefined;
    },
    schema: () => ({ type: "object" }),
  };
}

/** A part of a template within quotes of JSON. */
function asJson(part: Template[number]): Template[number] {
  if (typeof part === "string" || !("rows" in part)) return part;
  return { ...part, rows: part.rows.map((row) => JSON.stringify(row).slice(1, -1)) };
}

function jsonEntries(node: Extract<Node, { kind: "map" }>): readonly string[] {
  return node.entries.map(({ key, value }) => `${JSON.stringify(key)}:${jsonText(value)}`);
}

function jsonText(node: Node): string {
  switch (node.kind) {
    case "map":
      return `{${jsonEntries(node).join(",")}}`;
    case "list":
      return `[${node.items.map(jsonText).join(",")}]`;
    case "scalar":
      if (typeof node.value !== "string") return JSON.stringify(node.value);
      return /^\$(client|topic|sequence|time|random)$/.test(node.value)
        ? node.value
        : JSON.stringify(node.value);
  }
}
