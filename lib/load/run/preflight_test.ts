import assert from "node:assert/strict";
import { testPlan } from "../plan/test_plan.ts";
import { shortages, unusableAddresses } from "./preflight.ts";

const MANY = testPlan(`profile: test
title: Test
groups:
  - { group: subs, role: subscribe, clients: 30000, subscribe: [{ filter: t/$client }] }
  - { group: pubs, role: publish, clients: 30000, publish: { topic: t/$client, rate: 1 } }
stages: [{ hold: 1s }]
`);

Deno.test("a machine that is short of descriptors, ports or memory gets a hint what helps", () => {
  const [descriptors = "", ports = "", memory = ""] = shortages(MANY, {
    descriptors: 1_024,
    ports: { from: 32_768, to: 60_999 },
    memory: 1_000_000,
  });
  assert.match(
    descriptors,
    /60000 connections need 60100 open files, and the limit is 1024; raise it with: ulimit -n 60100/,
  );
  assert.match(ports, /--from 127\.0\.0\.2,127\.0\.0\.3,127\.0\.0\.4/);
  assert.match(memory, /MB are free/);
});

Deno.test("what is unknown about the machine is not checked", () => {
  assert.deepEqual(shortages(MANY, {}), []);
});

Deno.test("a shard needs what its own clients need", () => {
  const shard = { ...MANY, shard: { index: 2, of: 60 } };
  assert.deepEqual(shortages(shard, { descriptors: 1_100 }), []);
  assert.equal(shortages(shard, { descriptors: 1_099 }).length, 1);
});

Deno.test("the number of pairs of publisher and subscription is limited", () => {
  const wide = testPlan(`profile: test
title: Test
groups:
  - { group: subs, role: subscribe, clients: 10000, subscribe: [{ filter: t/+ }] }
  - { group: pubs, role: publish, clients: 10000, publish: { topic: t/$client, rate: 1 } }
stages: [{ hold: 1s }]
`);
  assert.match(shortages(wide, {})[0] ?? "", /up to 100000000 pairs/);
});

Deno.test("an address that this machine can't connect from is reported", () => {
  assert.deepEqual(unusableAddresses(["127.0.0.1", "127.0.0.2"]), []);
  assert.match(unusableAddresses(["127.0.0.1", "203.0.113.9"])[0] ?? "", /203\.0\.113\.9/);
});
