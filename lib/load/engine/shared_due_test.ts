import assert from "node:assert/strict";
import { testPlan } from "../plan/test_plan.ts";
import { sharedDue } from "./shared_due.ts";

const plan = (filters: string) =>
  testPlan(`profile: test
title: Test
groups:
  - { group: s, role: subscribe, clients: 3, subscribe: [${filters}] }
  - { group: p, role: publish, clients: 2, publish: { topic: t/$client, rate: 1 } }
stages: [{ hold: 1s }]
`);

Deno.test("a shared subscription must receive each message once, through any member", () => {
  const received = [new Map([[0, 3], [1, 1]]), new Map([[0, 2]])];
  const due = sharedDue(plan("{ filter: $$share/g/t/+ }"), Int32Array.of(5, 4), received);
  assert.deepEqual(due, { due: 9, lost: 3 });
});

Deno.test("two shared subscriptions must each receive all messages", () => {
  const due = sharedDue(
    plan("{ filter: $$share/a/t/0 }, { filter: $$share/b/t/0 }"),
    Int32Array.of(5, 4),
    [],
  );
  assert.deepEqual(due, { due: 10, lost: 10 });
});

Deno.test("a shared subscription with $client is a separate one for each client", () => {
  assert.deepEqual(sharedDue(plan("{ filter: $$share/g/t/$client }"), Int32Array.of(5, 4), []), {
    due: 9,
    lost: 9,
  });
});

Deno.test("without shared subscriptions nothing is expected here", () => {
  assert.deepEqual(sharedDue(plan("{ filter: t/+ }"), Int32Array.of(5, 4), []), {});
});
