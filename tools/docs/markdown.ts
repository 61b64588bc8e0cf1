/** How wide a paragraph may be, in characters. */
const WIDTH = 110;

/** A paragraph, broken into lines. */
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

/** A table. What a cell holds is shown as it is, whatever it means in Markdown. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [
    line(head),
    `|${head.map(() => "---").join("|")}|`,
    ...rows.map((row) => line(row.map(escapeCell))),
  ].join("\n");
}

/** Text in a cell: the signs that Markdown would take for its own are escaped. */
function escapeCell(text: string): string {
  return text.replaceAll(/[\\|*_<>`#~[\]]/g, (sign) => `\\${sign}`).replaceAll(/\s+/g, " ");
}
