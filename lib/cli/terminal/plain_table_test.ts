import assert from "node:assert/strict";
import { displayWidth } from "./display_width.ts";
import { plainTable } from "./plain_table.ts";

Deno.test("plainTable() pads each column to its widest cell, and puts the last ones to the right", () => {
  const rows = [["mqtt/qos2", "must", "12"], ["at/pub", "should", ""], ["x", "", "7"]];
  assert.equal(
    plainTable(["case", "level", "runs"], rows, 1),
    [
      "case       level   runs",
      "mqtt/qos2  must      12",
      "at/pub     should",
      "x                     7",
    ].join("\n"),
  );
});

Deno.test("plainTable() fills up a row that has fewer cells than the header", () => {
  assert.equal(plainTable(["a", "b"], [["one"], []]), "a    b\none\n");
});

const WIDTHS: readonly (readonly [text: string, width: number])[] = [
  ["a b", 3],
  ["été", 3],
  ["e\u0301", 1],
  ["模块", 4],
  ["한글 かな", 9],
  ["ｆｕｌｌ", 8],
  ["x×23", 4],
  ["😀", 2],
  ["\x1b[1mbold\x1b[22m", 4],
  ["zero\u200bwidth", 9],
];

Deno.test("displayWidth() counts the columns of a terminal, and not characters", () => {
  for (const [text, width] of WIDTHS) assert.equal(displayWidth(text), width, text);
});

Deno.test("plainTable() keeps columns straight in any script", () => {
  const lines = plainTable(["text", "end"], WIDTHS.map(([text]) => [text, "|"])).split("\n").slice(1);
  const straight = WIDTHS.map(([text, width]) => `${text}${" ".repeat(9 - width)}  |`);
  assert.deepEqual(lines, straight);
});
