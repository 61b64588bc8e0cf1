/** A Markdown table. What a cell holds is shown as it is, whatever it means in Markdown. */
export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
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
