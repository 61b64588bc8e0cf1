import { messageOf } from "../../ground/error_message.ts";
import { type Form, located, Report, text, word } from "../../spec/form.ts";
import { mapOf, object } from "../../spec/form_parts.ts";
import { entryOf, type Node } from "../../spec/node.ts";
import type { Place } from "../../spec/place.ts";
import { type DataTable, readColumns, type RowsFor } from "./data_table.ts";
import { CLIENT_WORDS, type DataTables, MESSAGE_WORDS } from "./template.ts";

/** A file of data, as a profile names it. */
export interface DataFile {
  readonly path: string;
  readonly place: Place;
  readonly per: RowsFor;
}

/** The form of the files of data: each a path, or a path with what its rows are for. */
export function dataForm() {
  return mapOf({ what: "the name of a file of data: small letters", pattern: /^[a-z]{1,40}$/ }, fileForm());
}

function fileForm(): Form<DataFile> {
  const path = located(text({ what: "the path of a file", longest: 1_000 }));
  const whole = object("a file of data", (keys): DataFile | undefined => {
    const file = keys.required(
      "file",
      path,
      "its path, relative to the folder of the profile; CSV with a header, or lines",
    );
    const per = keys.optional(
      "per",
      word(["client", "message"], "use of rows"),
      "what a row is for; default client",
    );
    return file && { path: file.value, place: file.place, per: per ?? "client" };
  });
  return {
    read(node, report) {
      if (node.kind === "map") return whole.read(node, report);
      const read = path.read(node, report);
      return read && { path: read.value, place: read.place, per: "client" };
    },
    schema: (definitions) => ({ anyOf: [path.schema(definitions), whole.schema(definitions)] }),
  };
}

/**
 * Reads the data files that a profile names; `read` returns the text of a path, and throws if there is none. Mistakes
 * in the files are reported; those in the profile itself are found by its form.
 */
export function readData(root: Node, read: (path: string) => string, report: Report): DataTables {
  const tables = new Map<string, DataTable>();
  const data = root.kind === "map" ? entryOf(root, "data")?.value : undefined;
  if (!data) return tables;
  for (const { name, value: { path, place, per } } of dataForm().read(data, new Report()) ?? []) {
    if ([...CLIENT_WORDS, ...MESSAGE_WORDS].some((one) => one === name)) {
      report.add(`a file of data with the name "${name}" of a word`, place, "give it another name");
      continue;
    }
    let content: string;
    try {
      content = read(path);
    } catch (error) {
      report.add(`the file "${path}" can't be read`, place, messageOf(error));
      continue;
    }
    const columns = readColumns(content, path);
    if ("mistake" in columns) report.add(`the file "${path}" can't be used: ${columns.mistake}`, place);
    else tables.set(name, { per, columns: columns.columns });
  }
  return tables;
}
