import Table from "cli-table3";

/** A table in plain columns, without rules. The last `numbers` columns are numbers and stand to the right. */
export function plainTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  numbers = 0,
): string {
  const table = new Table({
    head: [...head],
    chars: NO_RULES,
    style: { head: [], border: [], "padding-left": 0, "padding-right": 2 },
    colAligns: head.map((_, column) => column >= head.length - numbers ? "right" : "left"),
  });
  for (const row of rows) table.push([...row]);
  return table.toString().split("\n").map((line) => line.trimEnd()).join("\n");
}

const NO_RULES = Object.fromEntries(
  ["top", "bottom", "left", "right", "mid"].flatMap((part) =>
    ["", "-mid", "-left", "-right"].map((end) => [part + end, ""])
  ).concat([["middle", ""]]),
);
