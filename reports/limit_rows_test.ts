import assert from "node:assert/strict";
import type { LimitResult } from "../lib/run/limit_table.ts";
import { limitTables } from "./limit_rows.ts";

function cell(parameter: string, name: string, fields: Partial<LimitResult> = {}): LimitResult {
  return {
    target: "module",
    protocol: "ECMT",
    command: "ECMTOPEN",
    parameter,
    class: name,
    standing: "pass",
    cases: [1],
    ...fields,
  };
}

Deno.test("limitTables() orders the classes from allowed to not allowed, with unknown ones last", () => {
  const [table] = limitTables([cell("port", "odd"), cell("port", "above"), cell("port", "lowest")]);
  assert.deepEqual(table?.classes, ["lowest", "above", "odd"]);
});

Deno.test("limitTables() numbers the reasons of untested classes, each once", () => {
  const untried = { standing: "none", cases: [] } as const;
  const [table] = limitTables([
    cell("port", "lowest"),
    cell("port", "above", { ...untried, uncovered: "no reason" }),
    cell("host", "lowest", { ...untried, uncovered: "no reason" }),
    cell("host", "above", untried),
  ]);
  assert.deepEqual(table?.notes, ["no reason", "its case was not selected for this run"]);
  assert.deepEqual(
    table?.rows.map(({ parameter, cells }) => [parameter, ...cells.map((one) => one?.note)]),
    [["port", undefined, 1], ["host", 1, 2]],
  );
  assert.deepEqual([table?.tried, table?.all], [1, 4]);
});

Deno.test("limitTables() leaves a cell empty for a class that a parameter does not have, and separates targets", () => {
  const tables = limitTables([
    cell("port", "lowest"),
    cell("host", "longest"),
    cell("port", "lowest", { target: "other" }),
  ]);
  assert.deepEqual(tables.map(({ target }) => target), ["module", "other"]);
  assert.deepEqual(tables[0]?.rows.map(({ cells }) => cells.map((one) => one?.standing)), [
    ["pass", undefined],
    [undefined, "pass"],
  ]);
});
