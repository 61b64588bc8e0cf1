import assert from "node:assert/strict";
import type { RunEvent } from "../../../run/event.ts";
import { referenceTarget } from "../../test_bench.ts";
import type { PointRecord } from "./points.ts";
import { casesOfStandIns, proveQuirks, type ProveQuirksOptions } from "./prove_quirks.ts";
import type { Quirk } from "./quirk.ts";
import { quirk, quirkOptions } from "./test_quirks.ts";

/** Proves cases with quirks on the reference broker. */
async function proved(quirks: readonly Quirk[], more: Partial<ProveQuirksOptions> = {}, cases?: string) {
  const { options, events } = await quirkOptions(cases);
  const exit = await proveQuirks({
    ...options,
    targets: [referenceTarget()],
    record: { version: "0", command: [], environment: {} },
    quirks: new Map([["reference", quirks]]),
    dozens: 0,
    ...more,
  });
  const sets = events.flatMap((event) => event.kind === "quirks" ? [event] : []);
  const last = events.at(-1);
  assert.ok(last?.kind === "run-ended");
  return { exit, sets, last, events };
}

Deno.test("a proof in which no case accuses a lawful implementation ends with 0", async () => {
  const { exit, sets, last } = await proved([quirk("suback-late"), quirk("acks-short")]);
  assert.equal(exit, 0);
  // A quirk that shows only in 5.0 runs only in 5.0.
  assert.deepEqual(sets.map(({ name, cases, failing }) => [name, cases, failing]).sort(), [
    ["acks-short", 2, []],
    ["suback-late", 4, []],
  ]);
  assert.equal(last.reason, undefined);
});

Deno.test("a case that accuses a lawful implementation ends a proof with 1, and is reported with the quirk", async () => {
  const { exit, sets } = await proved([quirk("maximum-qos-1")]);
  assert.equal(exit, 1);
  assert.deepEqual(sets.map(({ name, quirks, failing }) => [name, quirks.map(({ id }) => id), failing]), [
    ["maximum-qos-1", ["maximum-qos-1"], [{ id: "demo/accusing", protocol: "5.0" }]],
  ]);
  assert.ok((sets[0]?.quirks[0]?.about.length ?? 0) > 10);
});

Deno.test("an implementation that cannot be started ends a proof with 3, and the others are tried", async () => {
  const { exit, sets, last } = await proved([
    { id: "no-such-quirk", about: "", points: [] },
    quirk("suback-late"),
  ]);
  assert.equal(exit, 3);
  assert.deepEqual(sets.map(({ name }) => name), ["suback-late"]);
  assert.match(last.reason ?? "", /^no-such-quirk: .*no-such-quirk/);
});

Deno.test("quirks are combined in the given number of dozens, and a single quirk in none", async () => {
  const quirks = ["suback-late", "acks-late", "acks-short"].map((id) => quirk(id));
  const { sets } = await proved(quirks, { dozens: 2 });
  const names = sets.map(({ name, quirks }) => `${name} ${quirks.length}`);
  assert.deepEqual(names.sort(), ["acks-late 1", "acks-short 1", "dozen 1 3", "dozen 2 3", "suback-late 1"]);
  const one = await proved(quirks.slice(0, 1), { dozens: 2 });
  assert.deepEqual(one.sets.map(({ name }) => name), ["suback-late"]);
});

Deno.test("with a record only the cases run that can meet a quirk, each in one protocol", async () => {
  const record = (common: readonly string[]): ReadonlyMap<string, PointRecord> =>
    new Map([["reference", {
      common: new Set(common),
      cases: new Map([["holdMs SUBACK", new Set(["demo/accusing"])]]),
    }]]);
  const late = quirk("suback-late", ["holdMs SUBACK", "remarks"]);
  const met = await proved([late], { records: record([]) });
  assert.deepEqual(met.sets.map(({ cases }) => cases), [1]);
  const common = await proved([late], { records: record(["remarks CONNACK"]) });
  assert.deepEqual(common.sets.map(({ cases }) => cases), [2]);
  const none = await proved([quirk("acks-late", ["holdMs PUBACK"])], { records: record([]) });
  assert.deepEqual(none.sets.map(({ cases }) => cases), [0]);
});

Deno.test("of many cases that could meet a quirk a sample of 12 runs", async () => {
  const many = Array.from(
    { length: 80 },
    (_, at) => `  - { case: c${at}, purpose: it MUST, steps: [c -> CONNECT, c <- CONNACK: { reason: 0 }] }\n`,
  ).join("");
  const records = new Map([["reference", { common: new Set(["remarks CONNACK"]), cases: new Map() }]]);
  const { sets } = await proved([quirk("suback-late", ["remarks"])], { records }, many);
  assert.deepEqual(sets.map(({ cases }) => cases), [12]);
});

Deno.test("an interrupted proof with quirks reports no further set, and ends with 130", async () => {
  const { options, events, stop } = await quirkOptions();
  const quirks = ["maximum-qos-1", "suback-late", "acks-late"].map((id) => quirk(id));
  const exit = await proveQuirks({
    ...options,
    emit: (event) => {
      events.push(event);
      if (event.kind === "quirks") stop.abort();
    },
    targets: [referenceTarget()],
    record: { version: "0", command: [], environment: {} },
    quirks: new Map([["reference", quirks]]),
    dozens: 0,
    atOnce: 1,
  });
  assert.equal(exit, 130);
  assert.equal(events.filter(({ kind }) => kind === "quirks").length, 1);
});

Deno.test("a stand-in target runs only the cases that the other target skips", async () => {
  const { options } = await quirkOptions(
    "  - { case: both, purpose: it MUST, steps: [c -> CONNECT, c <- CONNACK: { reason: 0 }] }\n" +
      "  - { case: one, purpose: it MUST, requires: [x-own], steps: [c -> CONNECT, c <- CONNACK: { reason: 0 }] }\n",
  );
  const able = { ...referenceTarget(), name: "able", supports: ["x-own"] };
  const targets = [referenceTarget(), able];
  const cases = (standIns: readonly string[]) => casesOfStandIns(targets, options.plan, new Set(standIns));
  assert.deepEqual([...cases(["able"]).get("able") ?? []], ["demo/one"]);
  assert.equal(cases([]).size, 0);
  const quirks = new Map([["reference", [quirk("suback-late")]], ["able", [quirk("suback-late")]]]);
  const run = async (able: typeof targets) => {
    const events: RunEvent[] = [];
    await proveQuirks({
      ...options,
      emit: (event) => events.push(event),
      targets: able,
      record: { version: "0", command: [], environment: {} },
      quirks,
      standIns: new Set(["able"]),
      dozens: 0,
    });
    return events.flatMap((event) => event.kind === "quirks" ? [`${event.target} ${event.cases}`] : [])
      .sort();
  };
  assert.deepEqual(await run(targets), ["able 2", "reference 4"]);
  // A target without own cases is not tried.
  assert.deepEqual(await run([targets[0] ?? able, { ...able, supports: [] }]), ["reference 4"]);
});
