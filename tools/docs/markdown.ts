/** The width of a paragraph in characters. */
const WIDTH = 110;

/** Wraps a paragraph. */
export function paragraph(text: string): string {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(/\s+/)) {
    if (line !== "" && line.length + 1 + word.length > WIDTH) {
      lines.push(line);
      line = "";
    }
    line += line === "" ? word : ` ${word}`;
  }
  return [...lines, line].join("\n");
}

/** Formats a table. The text of a cell is shown literally. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [
    line(head),
    `|${head.map(() => "---").join("|")}|`,
    ...rows.map((row) => line(row.map(escapeCell))),
  ].join("\n");
}

/** Escapes the Markdown characters in the text of a cell. */
function escapeCell(text: string): string {
  return text.replaceAll(/[\\|*_<>`#~[\]]/g, (sign) => `\\${sign}`).replaceAll(/\s+/g, " ");
}
