/** How a profile uses the rows of a file: one for each client, or one for each message of a group. */
export type RowsFor = "client" | "message";

/** A data file: the values of each column by its name, `""` for the only one of a file of lines. */
export interface DataTable {
  readonly per: RowsFor;
  readonly columns: ReadonlyMap<string, readonly string[]>;
}

/** The most rows and columns of a file, and characters of a value. */
const MOST_ROWS = 1_000_000;
const MOST_COLUMNS = 100;
const MOST_LENGTH = 60_000;

/** The name of a column. */
const COLUMN = /^[A-Za-z][A-Za-z0-9_]*$/;

/** The columns of a file, or what is wrong with it, in words. */
export type ReadColumns = { readonly columns: DataTable["columns"] } | { readonly mistake: string };

/** Reads a file: CSV with a header of names if its name ends in `.csv`, otherwise one value per line. */
export function readColumns(text: string, name: string): ReadColumns {
  if (!/\.csv$/i.test(name)) return ofLines(text);
  const rows = csvRows(text);
  if ("mistake" in rows) return rows;
  const [head = [], ...body] = rows.rows;
  const wrong = head.find((one, index) => !COLUMN.test(one) || head.indexOf(one) !== index);
  if (wrong !== undefined) {
    return {
      mistake: `"${
        wrong.slice(0, 40)
      }" in its header is not a valid column name; expected letters, digits and _, and no name twice`,
    };
  }
  if (head.length > MOST_COLUMNS) return { mistake: `${head.length} columns; at most ${MOST_COLUMNS}` };
  const short = body.findIndex((row) => row.length !== head.length);
  if (short >= 0) {
    return {
      mistake: `its row ${short + 1} has ${body[short]?.length} values; its header has ${head.length}`,
    };
  }
  return checked(new Map(head.map((one, index) => [one, body.map((row) => row[index] ?? "")])));
}

function ofLines(text: string): ReadColumns {
  const lines = text.split(/\r?\n/);
  if (lines.at(-1) === "") lines.pop();
  return checked(new Map([["", lines]]));
}

function checked(columns: Map<string, readonly string[]>): ReadColumns {
  const [rows = []] = columns.values();
  if (rows.length === 0) return { mistake: "it has no rows" };
  if (rows.length > MOST_ROWS) return { mistake: `${rows.length} rows; at most ${MOST_ROWS}` };
  for (const values of columns.values()) {
    const long = values.findIndex((value) => value.length > MOST_LENGTH);
    if (long >= 0) {
      return { mistake: `its row ${long + 1} has a value of more than ${MOST_LENGTH} characters` };
    }
  }
  return { columns };
}

/** Splits CSV according to RFC 4180: a quoted value may contain commas, line ends, and doubled quotes. */
function csvRows(
  text: string,
): { readonly rows: readonly (readonly string[])[] } | { readonly mistake: string } {
  const rows: string[][] = [];
  let row: string[] = [];
  const value = /("(?:[^"]|"")*"|[^",\r\n]*)(,|\r?\n|$)/y;
  let at = text.startsWith("\ufeff") ? 1 : 0;
  while (at < text.length) {
    value.lastIndex = at;
    const found = value.exec(text);
    if (!found) {
      return {
        mistake: `its row ${Math.max(1, rows.length)} has a quote that is not closed, or text beside one`,
      };
    }
    const [whole, field = "", end = ""] = found;
    row.push(field.startsWith('"') ? field.slice(1, -1).replaceAll('""', '"') : field);
    at += whole.length;
    if (end === "," && at < text.length) continue;
    if (end === ",") row.push("");
    // An empty line is skipped.
    if (row.length > 1 || row[0] !== "") rows.push(row);
    row = [];
    if (whole.length === 0) break;
  }
  return { rows };
}
