import assert from "node:assert/strict";
import { dueClauses } from "../suite/file/due_clauses.ts";

import { loadSuite } from "../suite/file/load.ts";
import { loadUncovered } from "../suite/file/uncovered.ts";
import { clauseEvents, limitEvents, requirement } from "./requirement.ts";
import { brokerSuite, moduleTarget, plannedFor, referenceTarget, suiteOf } from "./test_bench.ts";

const BROKER = await brokerSuite(
  "  - { case: one, purpose: it MUST, covers: { '3.1.1': [MQTT-3.1.0-1] }, steps: [c -> CONNECT] }",
  '["3.1.1", "5.0"]',
);
const MODULE = await suiteOf(
  "suite: demo\ntitle: Demo\ncases:\n" +
    "  - { case: one, purpose: it MUST, covers: [ECMT-PUB-U3], steps: [dte -> AT, dte <- OK] }\n",
  "at",
);

Deno.test("requirement() finds the text of a clause in its own protocol", () => {
  const texts = ["3.1.1", "5.0"].map((protocol) => requirement(protocol, "MQTT-3.1.0-1"));
  assert.ok(texts.every((text) => text !== undefined && text.length > 10));
  assert.match(requirement("ECMT", "ECMT-PUB-U3") ?? "", /\w/);
  assert.equal(requirement("3.1.1", "ECMT-PUB-U3"), undefined);
  // A module breaks a rule of MQTT in a case of its commands.
  assert.equal(requirement("ECMT", "MQTT-3.1.0-1"), requirement("3.1.1", "MQTT-3.1.0-1"));
  assert.match(requirement("ECMT", "MQTT31-2.1-4") ?? "", /\w/);
  assert.equal(requirement("ECMT", "QMT-PUB-U1"), undefined);
  assert.equal(requirement("5.0", "MQTT-99.9.9-9"), undefined);
});

Deno.test("clauseEvents() lists all clauses of the protocols that cases run in, and of no others", async () => {
  const events = clauseEvents([{ tests: "broker", cases: await plannedFor(BROKER) }], []);
  assert.deepEqual([...new Set(events.map(({ protocol }) => protocol))], ["3.1.1", "5.0"]);
  const of = (wanted: string) =>
    events.filter(({ protocol }) => protocol === wanted).map(({ clause }) => clause);
  for (const protocol of ["3.1.1", "5.0"]) {
    assert.deepEqual(of(protocol), dueClauses("broker", protocol).map(({ id }) => id));
  }
  assert.ok(events.every(({ tests, text }) => tests === "broker" && text.length > 0));
});

Deno.test("clauseEvents() lists each clause once, however many targets of its kind there are", async () => {
  const cases = await plannedFor(BROKER);
  const once = clauseEvents([{ tests: "broker", cases }], []);
  assert.deepEqual(clauseEvents([{ tests: "broker", cases }, { tests: "broker", cases }], []), once);
  assert.deepEqual(clauseEvents([{ tests: "broker", cases: [] }], []), []);
});

Deno.test("clauseEvents() says why no case can cover a clause, for its kind of target", async () => {
  const reason = "no broker can be made to do it";
  const { accounts, problems } = loadUncovered(
    `uncovered:\n  broker:\n    "3.1.1":\n      MQTT-3.1.0-1: ${reason}\n`,
    "uncovered.yaml",
  );
  assert.deepEqual(problems, []);
  const events = clauseEvents([{ tests: "broker", cases: await plannedFor(BROKER) }], accounts);
  const about = events.filter(({ clause }) => clause === "MQTT-3.1.0-1");
  assert.deepEqual(about.map(({ protocol, uncovered }) => [protocol, uncovered]), [
    ["3.1.1", reason],
    ["5.0", undefined],
  ]);
});

Deno.test("clauseEvents() lists what cases cover beyond the clauses of their protocol, once", async () => {
  const [one] = await plannedFor(MODULE, moduleTarget());
  assert.ok(one);
  const covering = { ...one, case: { ...one.case, covers: { ECMT: ["ECMT-PUB-U3", "OWN-1"] } } };
  const events = clauseEvents([{ tests: "module", cases: [covering, covering] }], []);
  assert.equal(events.filter(({ clause }) => clause === "ECMT-PUB-U3").length, 1);
  assert.deepEqual(events.filter(({ clause }) => clause === "OWN-1"), [
    { kind: "clause", protocol: "ECMT", clause: "OWN-1", text: "", tests: "module" },
  ]);
});

Deno.test("limitEvents() lists the boundaries of suites whose cases run, in their protocol", async () => {
  const cells = [{ command: "+ECMTPUB", parameter: "qos", class: "below" }] as const;
  const { suite } = loadSuite(
    'suite: demo\ntitle: Demo\nprotocols: ["5.0"]\ncases:\n' +
      "  - { case: one, purpose: it MUST, steps: [c -> CONNECT] }\n",
    "demo.yaml",
  );
  assert.ok(suite);
  const limited = { ...suite, limits: cells.map((cell) => ({ ...cell })) };
  const cases = await plannedFor(suite, referenceTarget());
  assert.deepEqual(limitEvents([limited], []), []);
  assert.deepEqual(limitEvents([suite], cases), []);
  assert.deepEqual(limitEvents([limited], cases), [{ kind: "limit", protocol: "5.0", ...cells[0] }]);
});
