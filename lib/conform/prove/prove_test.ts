import assert from "node:assert/strict";
import { brokerSuite, referenceTarget } from "../test_bench.ts";
import type { Defect } from "./proof_bench.ts";
import type { ProofRecord } from "./proof_record.ts";
import { prove, type ProveOptions } from "./prove.ts";
import { CASES, PING_LOST, proofOf, PUBACK_LOST, WILL_LOST } from "./test_proof.ts";

const PINGED = CASES.slice(0, CASES.indexOf("  - case: acknowledged"));

/** Proves cases with defects on the reference broker. */
async function proved(cases: string, defects: readonly Defect[], more: Partial<ProveOptions> = {}) {
  const { options, events } = await proofOf(cases);
  const exit = await prove({ ...options, defects: new Map([["reference", defects]]), ...more });
  const last = events.at(-1);
  assert.ok(last?.kind === "run-ended");
  const noticed = events.flatMap((event) =>
    event.kind === "defect" ? [[event.target, event.defect, ...event.noticedBy].join(" ")] : []
  );
  return { exit, reason: last.reason, interrupted: last.interrupted, noticed, events };
}

Deno.test("a proof in which each case is broken and each defect is noticed ends with 0", async () => {
  const { exit, reason, noticed, events } = await proved(CASES, [PING_LOST, PUBACK_LOST]);
  assert.deepEqual([exit, reason], [0, undefined]);
  assert.deepEqual(noticed, [
    "reference pingresp-lost demo/pinged",
    "reference puback-lost demo/acknowledged",
  ]);
  assert.equal(events[0]?.kind === "run-started" && events[0].what, "prove");
});

Deno.test("a case that no defect breaks, and a defect that no case notices, end a proof with 1", async () => {
  const { exit, reason, noticed } = await proved(CASES, [PING_LOST, WILL_LOST]);
  assert.deepEqual([exit, reason], [1, "No defect breaks demo/acknowledged"]);
  assert.deepEqual(noticed, ["reference pingresp-lost demo/pinged", "reference will-lost"]);
});

Deno.test("a case that says why no defect can break it need not be broken", async () => {
  const unprovable = PINGED.replace("    use:", "    unprovable: it answers in each\n    use:");
  assert.equal((await proved(unprovable, [])).exit, 0);
});

Deno.test("a case that fails without a defect proves nothing, and ends a proof with 1", async () => {
  const wrong = PINGED.replace("c <- PINGRESP", "c <- PUBACK");
  const { exit, noticed } = await proved(wrong, [PING_LOST]);
  assert.equal(exit, 1);
  assert.deepEqual(noticed, ["reference pingresp-lost"]);
});

Deno.test("an unknown defect ends a proof with 3, and is reported", async () => {
  const { exit, reason } = await proved(PINGED, [{ id: "no-such-defect", description: "" }]);
  assert.equal(exit, 3);
  assert.match(reason ?? "", /no-such-defect/);
});

Deno.test("what is recorded is held true first, and only what it lacks is searched for", async () => {
  const records = new Map<string, ProofRecord>([[
    "reference",
    new Map([["pingresp-lost", ["demo/pinged"]]]),
  ]]);
  const found: [string, ProofRecord][] = [];
  const { exit } = await proved(CASES, [PING_LOST, PUBACK_LOST], {
    records,
    onRecord: (target, record) => void found.push([target, record]),
  });
  assert.equal(exit, 0);
  assert.deepEqual(found, [[
    "reference",
    new Map([["pingresp-lost", ["demo/pinged"]], ["puback-lost", ["demo/acknowledged"]]]),
  ]]);
});

Deno.test("a search replaces what of a record is not true", async () => {
  const records = new Map<string, ProofRecord>([["reference", new Map([["puback-lost", ["demo/pinged"]]])]]);
  let found: ProofRecord | undefined;
  const { exit, reason } = await proved(CASES, [PING_LOST, PUBACK_LOST], {
    records,
    onRecord: (_target, record) => found = record,
  });
  assert.deepEqual([exit, reason], [0, undefined]);
  assert.deepEqual(
    found,
    new Map([["pingresp-lost", ["demo/pinged"]], ["puback-lost", ["demo/acknowledged"]]]),
  );
});

Deno.test("without a search a record that is not true, or not whole, ends a proof with 1 and says why", async () => {
  const records = new Map<string, ProofRecord>([["reference", new Map([["puback-lost", ["demo/pinged"]]])]]);
  const { exit, reason } = await proved(CASES, [PUBACK_LOST], { records, searching: false });
  assert.equal(exit, 1);
  assert.equal(
    reason,
    "No defect breaks demo/pinged, demo/acknowledged; " +
      "The record does not hold: demo/pinged passes with the defect puback-lost",
  );
});

Deno.test("of some cases with a record a defect of which they say nothing counts as not tried", async () => {
  const records = new Map<string, ProofRecord>([[
    "reference",
    new Map([["pingresp-lost", ["demo/pinged"]]]),
  ]]);
  const { exit, noticed } = await proved(PINGED, [PING_LOST, WILL_LOST], { records, partial: true });
  assert.equal(exit, 0);
  assert.deepEqual(noticed, ["reference pingresp-lost demo/pinged"]);
});

Deno.test("a stand-in runs what no earlier target can, and its unnoticed defects count as not tried", async () => {
  const needs = CASES.replace("    use:", "    requires: [shared-subscriptions]\n    use:");
  const standIn = referenceTarget([], { name: "stand-in", supports: ["shared-subscriptions"] });
  const { events, noticed, exit } = await proved(needs, [PUBACK_LOST], {
    targets: [referenceTarget(), standIn],
    defects: new Map([["reference", [PUBACK_LOST]], ["stand-in", [PING_LOST, WILL_LOST]]]),
    standIns: new Set(["stand-in"]),
  });
  const ran = events.flatMap((event) => event.kind === "case-started" ? [`${event.target} ${event.id}`] : []);
  assert.deepEqual(ran.sort(), [
    "reference demo/acknowledged",
    "reference demo/pinged",
    "stand-in demo/pinged",
  ]);
  assert.deepEqual(noticed, [
    "reference puback-lost demo/acknowledged",
    "stand-in pingresp-lost demo/pinged",
  ]);
  assert.equal(exit, 0);
});

Deno.test("a defect that shows only with the quirks of a stand-in must be noticed there", async () => {
  const needs = CASES.replace("    use:", "    requires: [shared-subscriptions]\n    use:");
  const standIn = referenceTarget([], { name: "stand-in", supports: ["shared-subscriptions"] });
  const beside = (defect: Defect): Defect => ({ ...defect, beside: ["a-quirk"] });
  const { noticed, exit } = await proved(needs, [PUBACK_LOST], {
    targets: [referenceTarget(), standIn],
    defects: new Map([["reference", [PUBACK_LOST]], ["stand-in", [beside(PING_LOST), beside(WILL_LOST)]]]),
    standIns: new Set(["stand-in"]),
  });
  assert.deepEqual(noticed, [
    "reference puback-lost demo/acknowledged",
    "stand-in pingresp-lost demo/pinged",
    "stand-in will-lost",
  ]);
  assert.equal(exit, 1);
});

Deno.test("a defect that one of two stand-ins shows need not be noticed on the other", async () => {
  const [pinged, acknowledged] = [PINGED, CASES.slice(PINGED.length)];
  const needs = (cases: string, feature: string) =>
    cases.replace("    use:", `    requires: [${feature}]\n    use:`);
  const cases = needs(pinged, "wills") + needs(acknowledged, "retained");
  const beside = { ...PING_LOST, beside: ["a-quirk"] };
  const { noticed, exit } = await proved(cases, [], {
    targets: [
      referenceTarget([], { name: "first", supports: ["retained", "qos1"] }),
      referenceTarget([], { name: "second", supports: ["wills"] }),
    ],
    defects: new Map([["first", [PUBACK_LOST, beside]], ["second", [beside]]]),
    standIns: new Set(["first", "second"]),
  });
  assert.deepEqual(noticed, ["first puback-lost demo/acknowledged", "second pingresp-lost demo/pinged"]);
  assert.equal(exit, 0);
});

Deno.test("with a record and some cases a new defect is tried, and a recorded one is not", async () => {
  const records = new Map<string, ProofRecord>([["reference", new Map([["puback-lost", ["demo/other"]]])]]);
  let found: ProofRecord | undefined;
  const unprovable = CASES.replaceAll("    use:", "    unprovable: it is not asked for\n    use:");
  await proved(unprovable, [PING_LOST, PUBACK_LOST], {
    records,
    partial: true,
    onRecord: (_target, record) => found = record,
  });
  assert.deepEqual(found, new Map([["pingresp-lost", ["demo/pinged"]]]));
});

Deno.test("each case is proved in one protocol, 3.1.1 where it can be", async () => {
  const { options, events } = await proofOf(await brokerSuite(PINGED, '["3.1", "3.1.1", "5.0"]'));
  await prove({ ...options, defects: new Map() });
  const ran = events.flatMap((event) => event.kind === "case-started" ? [event.protocol] : []);
  assert.deepEqual(ran, ["3.1.1"]);
});

Deno.test("a proof that is interrupted ends with 130, records nothing and calls nothing unproved", async () => {
  const { options, events, stop } = await proofOf(CASES);
  const exit = await prove({
    ...options,
    emit: (event) => {
      events.push(event);
      if (event.kind === "case-ended") stop.abort();
    },
    defects: new Map([["reference", [PING_LOST]]]),
    onRecord: () => assert.fail("it is recorded"),
  });
  assert.equal(exit, 130);
  const last = events.at(-1);
  assert.ok(last?.kind === "run-ended" && last.interrupted);
  assert.equal(last.reason, undefined);
  assert.ok(events.every(({ kind }) => kind !== "defect"));
});
