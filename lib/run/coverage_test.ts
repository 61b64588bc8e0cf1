import assert from "node:assert/strict";
import { defined } from "../ground/defined.ts";
import { coverage, graver } from "./coverage.ts";
import type { ClauseListed, Verdict } from "./event.ts";

const listed = (protocol: string, clause: string): ClauseListed => ({
  kind: "clause",
  protocol,
  clause,
  text: `Text of ${clause}`,
});
const ran = (id: string, protocol: string, verdict: Verdict, ...covers: string[]) => ({
  id,
  target: "one",
  protocol,
  verdict,
  covers,
});

Deno.test("coverage() distinguishes a number that occurs in two standards", () => {
  const rows = coverage([listed("3.1.1", "MQTT-3.1.0-1"), listed("5.0", "MQTT-3.1.0-1")], [
    ran("a", "5.0", "pass", "MQTT-3.1.0-1"),
  ]);
  assert.deepEqual(rows.map(({ protocol, cases, verdict }) => [protocol, cases, verdict]), [
    ["3.1.1", 0, "none"],
    ["5.0", 1, "pass"],
  ]);
});

Deno.test("coverage() counts a case once, on however many targets it ran, and returns the gravest verdict", () => {
  const [row] = coverage([listed("3.1.1", "X")], [
    ran("a", "3.1.1", "pass", "X"),
    ran("a", "3.1.1", "fail", "X"),
    ran("b", "3.1.1", "skip", "X"),
  ]);
  assert.deepEqual([row?.cases, row?.verdict], [2, "fail"]);
});

Deno.test("coverage() shows a clause that a case covers and the run did not list", () => {
  assert.deepEqual(coverage([], [ran("a", "ECMT", "skip", "ECMT-OPEN-W3")]), [
    { protocol: "ECMT", clause: "ECMT-OPEN-W3", cases: 1, verdict: "skip", state: "not shown", text: "" },
  ]);
});

Deno.test("coverage() returns the result of a clause by target, if a run has several", () => {
  const on = (target: string, verdict: Verdict) => ({ ...ran("a", "3.1.1", verdict, "X"), target });
  const [row, other] = coverage([listed("3.1.1", "X"), listed("3.1.1", "Y")], [
    on("b", "fail"),
    on("a", "pass"),
  ]);
  assert.deepEqual(row?.targets, [
    { target: "b", cases: 1, verdict: "fail", state: "broken" },
    { target: "a", cases: 1, verdict: "pass", state: "kept" },
  ]);
  assert.deepEqual(other?.targets?.map(({ cases, verdict }) => [cases, verdict]), [[0, "none"], [0, "none"]]);
});

Deno.test("graver() weighs a pass more than a skip, and a fault more than an undecided case", () => {
  assert.equal(graver("skip", "pass"), "pass");
  assert.equal(graver("error", "fail"), "fail");
  assert.equal(graver("pass", "inconclusive"), "inconclusive");
});

Deno.test("a broker's cases show nothing about a module, and a clause that no case can cover says why", () => {
  const listed = (tests: "broker" | "module", uncovered?: string) => ({
    kind: "clause" as const,
    protocol: "3.1.1",
    clause: "MQTT-4.1.0-2",
    text: "t",
    tests,
    ...defined({ uncovered }),
  });
  const one = { id: "a", target: "t", protocol: "3.1.1", verdict: "pass" as const, covers: ["MQTT-4.1.0-2"] };
  const rows = coverage([listed("broker"), listed("module", "nobody sees it")], [{
    ...one,
    tests: "broker",
  }]);
  assert.deepEqual(rows.map((row) => [row.tests, row.cases, row.uncovered]), [
    ["broker", 1, undefined],
    ["module", 0, "nobody sees it"],
  ]);
});

Deno.test("a case of a target of no known kind counts where the clauses are listed for none", () => {
  const clause = { kind: "clause" as const, protocol: "3.1.1", clause: "c", text: "t" };
  const rows = coverage([clause], [{
    id: "a",
    target: "t",
    protocol: "3.1.1",
    verdict: "pass",
    covers: ["c"],
    tests: "broker",
  }]);
  assert.deepEqual(rows.map((row) => [row.text, row.cases]), [["t", 1]]);
});
