import assert from "node:assert/strict";
import { readColumns } from "./data_table.ts";

function columns(text: string, name: string) {
  const read = readColumns(text, name);
  assert.ok("columns" in read, JSON.stringify(read));
  return Object.fromEntries(read.columns);
}

function mistake(text: string, name = "a.csv") {
  const read = readColumns(text, name);
  return "mistake" in read ? read.mistake : undefined;
}

Deno.test("CSV has the columns that its header names, with quotes, commas and line ends in values", () => {
  assert.deepEqual(columns('name,pass\r\na,"x,""y"""\r\nb,\n"c\nd",z', "u.CSV"), {
    name: ["a", "b", "c\nd"],
    pass: ['x,"y"', "", "z"],
  });
});

Deno.test("any other file has one value per line, even an empty one", () => {
  assert.deepEqual(columns("a\n\nc\n", "l.txt"), { "": ["a", "", "c"] });
});

Deno.test("a file that can't be used is reported with its row", () => {
  assert.match(mistake("a b\n1\n") ?? "", /"a b" in its header is not a valid column name/);
  assert.match(mistake("a,a\n1,2\n") ?? "", /no name twice/);
  assert.equal(mistake("a,b\n1,2\n3\n"), "its row 2 has 1 values; its header has 2");
  assert.match(mistake('a\n"1\n') ?? "", /its row 1 has a quote that is not closed/);
  assert.equal(mistake("a\n"), "it has no rows");
  assert.equal(mistake("", "l.txt"), "it has no rows");
});
