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

Deno.test("CSV has the columns that its head names, with quotes, commas and line ends in values", () => {
  assert.deepEqual(columns('name,pass\r\na,"x,""y"""\r\nb,\n"c\nd",z', "u.CSV"), {
    name: ["a", "b", "c\nd"],
    pass: ['x,"y"', "", "z"],
  });
});

Deno.test("any other file has a value in each line, an empty one too", () => {
  assert.deepEqual(columns("a\n\nc\n", "l.txt"), { "": ["a", "", "c"] });
});

Deno.test("a file that can't be used is told with its row", () => {
  assert.match(mistake("a b\n1\n") ?? "", /"a b" at its head is no name of a column/);
  assert.match(mistake("a,a\n1,2\n") ?? "", /each once/);
  assert.equal(mistake("a,b\n1,2\n3\n"), "its row 2 has 1 values; its head names 2");
  assert.match(mistake('a\n"1\n') ?? "", /its row 1 has a quote that is not closed/);
  assert.equal(mistake("a\n"), "it has no rows");
  assert.equal(mistake("", "l.txt"), "it has no rows");
});
