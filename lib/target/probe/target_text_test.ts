import assert from "node:assert/strict";
import { capacityOf } from "../../suite/claim/capacities.ts";
import { amountOf, amountText, claimsIn } from "../../suite/claim/claims.ts";
import { loadTarget, type TargetFile } from "../target_file.ts";
import { claimed, type Finding, limited, notClaimed, unknown, unlimited } from "./finding.ts";
import type { Probed } from "./probe.ts";
import { type Probing, targetText } from "./target_text.ts";

const ADDRESS: Probing = { name: "found", of: { address: "mqtt://127.0.0.1:1883" }, date: "2026-11-25" };

/** Findings for 3.1.1, and for 5.0 if they differ. */
function found(three: readonly Finding[], five: readonly Finding[] = three): Probed {
  return {
    protocols: [{ protocol: "3.1.1", findings: three }, { protocol: "5.0", findings: five }],
    versions: [],
    remarks: [],
    tookMs: 1,
    wholeMs: 1,
  };
}

function loaded(text: string): TargetFile {
  const { target, problems } = loadTarget(text, "found.yaml");
  assert.deepEqual(problems, []);
  assert.ok(target);
  return target;
}

function amounts(target: TargetFile, protocol: string): readonly string[] {
  return [...claimsIn(target, protocol).values].flatMap(([name, value]) => {
    const amount = capacityOf(name) && amountOf(value);
    return amount ? [`${name} ${amountText(amount)}`] : [];
  });
}

Deno.test("targetText() claims what was found, and says in the head why something is not", () => {
  const text = targetText(found([claimed("qos1", "so it is"), notClaimed("wills", "none comes")]), ADDRESS);
  const target = loaded(text);
  assert.deepEqual(target.supports, ["qos1"]);
  assert.deepEqual(target.protocols, ["3.1.1", "5.0"]);
  assert.equal(target.address?.text, "mqtt://127.0.0.1:1883");
  assert.equal(target.asks, undefined);
  assert.match(text, /^# Probed on 2026-11-25\n# not claimed in 3\.1\.1: wills, because none comes\n/);
});

Deno.test("targetText() writes claims and amounts by protocol where they differ", () => {
  const text = targetText(
    found([
      claimed("qos1", ""),
      limited("topicLevels", 201, "with 202 it closes"),
      unlimited("queued", 1_000, "all came"),
      unknown("inFlight", "no answer shows it"),
    ], [
      claimed("qos1", ""),
      claimed("shared-subscriptions", ""),
      limited("topicLevels", 201, "with 202 it closes"),
      unlimited("queued", 1_000, "all came"),
      limited("receiveMaximum", 20, "CONNACK says so"),
    ]),
    ADDRESS,
  );
  const target = loaded(text);
  assert.deepEqual(claimsIn(target, "3.1.1").supports, ["qos1"]);
  assert.deepEqual(claimsIn(target, "5.0").supports, ["qos1", "shared-subscriptions"]);
  assert.deepEqual(amounts(target, "3.1.1"), ["topicLevels 201", "queued at least 1000"]);
  assert.deepEqual(amounts(target, "5.0"), ["topicLevels 201", "queued at least 1000", "receiveMaximum 20"]);
  assert.match(text, /^ {2}topicLevels: 201 # with 202 it closes$/m);
  assert.match(text, /^ {2}queued: at least 1000 # all came$/m);
});

Deno.test("targetText() keeps the keys of a file that was probed, claims that a probe can't ask, and values", () => {
  const file = [
    "target: office",
    "title: The office's broker",
    "tests: broker",
    "address: mqtt://127.0.0.1:1883",
    "supports: [persistence, qos2, wills, x-own]",
    "values: { largest: 8000, queued: 7 }",
  ].join("\n");
  const probed = found([claimed("qos1", ""), notClaimed("qos2", "refused"), limited("queued", 9, "")]);
  const target = loaded(targetText(probed, { ...ADDRESS, of: { file } }));
  assert.equal(target.name, "office");
  assert.deepEqual(target.supports, ["qos1", "persistence", "x-own"]);
  assert.deepEqual([...target.values.keys()], ["largest", "queued"]);
  assert.deepEqual(amounts(target, "5.0"), ["queued 9"]);
});

Deno.test("targetText() keeps the exchange of a file where 5.0 was found, and leaves it out where it was not", () => {
  const file = `target: here
title: a broker with SCRAM
tests: broker
address: mqtt://127.0.0.1:1883
protocols: ["5.0"]
supports: []
auth: { method: SCRAM-SHA-256, userName: { text: ann }, password: { env: ATTEST_PASSWORD } }
`;
  const probing: Probing = { ...ADDRESS, of: { file } };
  const both = found([claimed("qos1", "")]);
  assert.equal(loaded(targetText(both, probing)).auth?.method, "SCRAM-SHA-256");
  const old = { ...both, protocols: both.protocols.slice(0, 1) };
  assert.equal(loaded(targetText(old, probing)).auth, undefined);
});

Deno.test("targetText() keeps on its line what a broker says", () => {
  const remark = { about: "what it tells", found: "a\nsupports: [qos2]\u2028b\r- c" };
  const text = targetText(found([claimed("qos1", ""), limited("queued", 9, "x\n- qos2")]), {
    ...ADDRESS,
    version: "broker\ntests: module",
    remarks: [remark],
  });
  const target = loaded(text);
  assert.deepEqual(target.supports, ["qos1"]);
  assert.equal(target.tests, "broker");
});

Deno.test("targetText() writes a file that loads where nothing is supported", () => {
  const target = loaded(targetText(found([notClaimed("qos1", "")]), ADDRESS));
  assert.deepEqual(target.supports, []);
});
