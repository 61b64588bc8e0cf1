import assert from "node:assert/strict";
import type { RunEvent } from "../../run/event.ts";
import type { LoadEvent } from "../../run/load_event.ts";
import { foldLoad } from "../../run/load_result.ts";
import { ecmtCommands } from "../../suite/test_suite.ts";
import type { TargetFile } from "../../target/target_file.ts";
import { profileOf } from "../plan/test_plan.ts";
import { moduleLoad } from "./load.ts";

const ECMT = await ecmtCommands();

const MODULE: TargetFile = {
  name: "virtual-module",
  title: "the virtual module",
  tests: "module",
  start: { kind: "virtual-module", defects: [], behaviour: {} },
  protocols: ["ECMT", "3.1.1"],
  supports: [],
  values: new Map(),
};

const BROKER: TargetFile = {
  ...MODULE,
  name: "reference",
  tests: "broker",
  start: { kind: "reference-broker", defects: [] },
  protocols: ["3.1.1"],
};

/** The profile of a short load, whose second half has half of the rate. */
const PROFILE = `profile: short
title: Short
module:
  publish: { rate: 40, qos: [0, 1, 2], size: 32 }
  deliver: { rate: 40, qos: [0, 1, 2], size: 32 }
stages: [{ hold: 100ms }, { rate: 50%, hold: 100ms }]
drain: 5s
`;

async function run(target: TargetFile, more = "", stop?: (event: RunEvent, abort: AbortController) => void) {
  const events: RunEvent[] = [];
  const abort = new AbortController();
  const exit = await moduleLoad({
    profile: profileOf(PROFILE + more),
    target,
    dialect: () => ECMT.dialect,
    operations: () => ECMT.operations,
    run: "run1",
    seed: 1,
    version: "0",
    command: [],
    environment: {},
    emit: (event) => {
      events.push(event);
      stop?.(event, abort);
    },
    seen: () => {},
    signal: abort.signal,
  });
  const ended = events.at(-1);
  assert.ok(ended?.kind === "run-ended");
  const result = foldLoad(events.filter((event): event is LoadEvent => event.kind.startsWith("load-")));
  return { exit, events, ended, result };
}

Deno.test("a module publishes and is delivered what the rates of the stages require, and all of it arrives", async () => {
  const { exit, ended, result } = await run(
    MODULE,
    "thresholds: [lost == 0, duplicated == 0, failed == 0]\n",
  );
  assert.equal(ended.reason, undefined);
  assert.equal(exit, 0);
  const { counts } = result ?? {};
  // Each direction has 4 in 100 ms at 40 per second, and 2 in 100 ms at 20.
  assert.equal(counts?.planned, 12);
  assert.equal(counts.sent, 12);
  assert.equal(counts.received, 12);
  assert.equal(counts["connect.succeeded"], 1);
});

Deno.test("a load ends normally when the user interrupts it", async () => {
  const { exit, ended } = await run(MODULE, "", (event, abort) => {
    if (event.kind === "load-started") abort.abort();
  });
  assert.equal(exit, 130);
  assert.equal(ended.interrupted, true);
});

Deno.test("a target that is not a module is rejected before the load starts", async () => {
  const { exit, ended, events } = await run(BROKER);
  assert.equal(exit, 3);
  assert.equal(ended.reason, 'The target "reference" is not a module');
  assert.deepEqual(events.map(({ kind }) => kind), ["run-started", "run-ended"]);
});
