import { displayWidth } from "./display_width.ts";

const GAP = "  ";

/** Lays out a table in columns without rules. The last `numbers` columns hold numbers, which are right-aligned. */
export function plainTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  numbers = 0,
): string {
  const lines = [head, ...rows];
  const widths = head.map((_, column) =>
    lines.reduce((most, line) => Math.max(most, displayWidth(line[column] ?? "")), 0)
  );
  const padded = (text: string, column: number) => {
    const space = " ".repeat((widths[column] ?? 0) - displayWidth(text));
    return column < head.length - numbers ? text + space : space + text;
  };
  return lines.map((line) => head.map((_, column) => padded(line[column] ?? "", column)).join(GAP).trimEnd())
    .join("\n");
}
