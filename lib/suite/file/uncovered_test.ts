import assert from "node:assert/strict";
import { dueClauses } from "./due_clauses.ts";
import type { Suite } from "./model.ts";
import { loadUncovered, reasonUncovered, uncoveredProblems } from "./uncovered.ts";
import { loadSuite } from "./load.ts";

const FILE = "suites/uncovered.yaml";

function suite(covers: string): Suite {
  const { suite, problems } = loadSuite(
    `suite: own\ntitle: T\ncases: [{ case: a, purpose: b, covers: [${covers}], steps: [dte -> AT] }]`,
    "own.yaml",
  );
  assert.deepEqual(problems, []);
  assert.ok(suite);
  return suite;
}

function messages(problems: readonly { readonly message: string }[]): readonly string[] {
  return problems.map(({ message }) => message);
}

Deno.test("a clause that does not exist, and one that does not bind the kind of target, is reported at its line", () => {
  const { problems } = loadUncovered(
    'uncovered:\n  module:\n    ECMT: { ECMT-AT-99: so, ECMT-AT-9: so }\n    "3.1.1": { MQTT-3.1.2-1: so }\n',
    FILE,
  );
  assert.deepEqual(messages(problems), [
    'no clause "ECMT-AT-99" of ECMT for a module',
    'no clause "MQTT-3.1.2-1" of 3.1.1 for a module',
  ]);
  assert.deepEqual(problems.map(({ place }) => place.line), [3, 4]);
});

Deno.test("a protocol without a table of clauses, an unknown kind and an empty reason are reported", () => {
  const { problems } = loadUncovered("uncovered: { broker: { ECMT: {} }, modem: {} }", FILE);
  assert.deepEqual(messages(problems), [
    'unknown key "modem" in uncovered clauses by kind of target',
    'no clauses of "ECMT" for a broker',
  ]);
  const empty = loadUncovered('uncovered: { module: { ECMT: { ECMT-AT-9: "" } } }', FILE);
  assert.deepEqual(messages(empty.problems), ["expected a reason, found an empty text"]);
  assert.deepEqual(messages(loadUncovered("", FILE).problems), ["an empty file"]);
});

Deno.test("a row with a case and a reason, and a row with neither, are both reported", () => {
  const all = dueClauses("module", "ECMT").map(({ id }) => id);
  const [first = "", second = "", ...others] = all;
  const reasons = (ids: readonly string[]) =>
    `uncovered:\n  module:\n    ECMT:\n${ids.map((id) => `      ${id}: so`).join("\n")}\n`;
  const right = loadUncovered(reasons([second, ...others]), FILE);
  assert.deepEqual(right.problems, []);
  assert.deepEqual(uncoveredProblems(right.accounts, [suite(first)]), []);
  const wrong = loadUncovered(reasons([first, ...others]), FILE);
  assert.deepEqual(messages(uncoveredProblems(wrong.accounts, [suite(first)])), [
    `${first} is covered by own/a`,
    `${second} of ECMT has no case for a module`,
  ]);
});

Deno.test("a broker accounts for every statement, and unobservable ones have their reason automatically", () => {
  assert.equal(dueClauses("broker", "3.1.1").length, 141);
  assert.equal(dueClauses("broker", "3.1.1").filter(({ uncovered }) => uncovered === undefined).length, 129);
  assert.match(reasonUncovered([], "broker", "3.1.1", "MQTT-4.7.3-3") ?? "", /neither observe it/);
  assert.equal(reasonUncovered([], "module", "3.1.1", "MQTT-4.7.3-3"), undefined);
});

Deno.test("a module, which is a client, does not answer for what binds a server", () => {
  const ids = dueClauses("module", "3.1.1").map(({ id }) => id);
  assert.ok(ids.includes("MQTT-2.3.1-2") && !ids.includes("MQTT-3.1.2-2"));
  assert.deepEqual(dueClauses("module", "SIMCOM"), []);
});
