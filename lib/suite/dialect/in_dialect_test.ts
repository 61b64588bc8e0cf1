import assert from "node:assert/strict";
import { formatProblems } from "../../spec/problem.ts";
import { loadDialect } from "./dialect_file.ts";
import { type ClientWays, PLAIN_WAYS } from "./client_ways.ts";
import { loadSuite } from "../file/load.ts";
import type { Case } from "../file/model.ts";
import { inDialect, usesOperations } from "./in_dialect.ts";

function oneCase(steps: string): Case {
  const lines = steps.trim().split("\n").map((line) => `      ${line}`).join("\n");
  const text =
    `suite: client/x\ntitle: X\nprotocols: ["3.1.1"]\ncases:\n  - case: one\n    purpose: it MUST\n    steps:\n${lines}\n`;
  const { suite, problems } = loadSuite(text, "x.yaml");
  const [first] = suite?.cases ?? [];
  assert.ok(first, formatProblems(problems, new Map([["x.yaml", text]])));
  return first;
}

function operations(text: string): ClientWays {
  const file = `dialect: own
title: A dialect of a test
answerMs: 1000
resultMs: 1000
finals: { ok: [OK], error: [ERROR] }
commands: {}
results: {}
operations:
${text}`;
  const { commandSet, problems } = loadDialect(file, "own.yaml");
  assert.ok(commandSet, formatProblems(problems, new Map([["own.yaml", file]])));
  return commandSet.ways;
}

const OWN = operations(`  publish:
    - dte -> AT+OWNPUB=: [$id, $topic, $payload]
    - dte <- OK
  published:
    - dte <- one of: [+OWNPUB: [$id, 0], +OWNACK: [$id]]
  lost:
    - dte <- +OWNLOST: [any]
  reconnect: []
`);

/** A case with these steps, given as source text. */
function performed(steps: string): Case {
  const { case: one, missing } = inDialect(oneCase(steps), OWN) as { case: Case; missing?: string };
  assert.equal(missing, undefined);
  return one;
}

Deno.test("inDialect() replaces a request with a dialect's commands, filled with its fields and their defaults", () => {
  const { steps } = performed("- dte -> publish: { id: 7, payload: hello }");
  assert.deepEqual(steps.map(({ source }) => source), [
    "dte -> publish: { id: 7, payload: hello } · dte -> AT+OWNPUB=: [$id, $topic, $payload]",
    "dte -> publish: { id: 7, payload: hello } · dte <- OK",
  ]);
  const [first] = steps;
  assert.ok(first?.kind === "send" && first.send.kind === "command");
  assert.deepEqual(
    first.send.args.map((value) => value.kind === "literal" ? value.value : value.kind),
    [7, "variable", "hello"],
  );
  assert.equal(first.place.file, "x.yaml");
});

Deno.test("inDialect() replaces an indication with each way in which a dialect reports it", () => {
  const [step] = performed("- dte <- one of: [published: { id: 3 }, lost]").steps;
  assert.ok(step?.kind === "expect");
  assert.deepEqual(
    step.outcomes.map((outcome) => outcome.kind === "result" && outcome.prefix),
    ["+OWNPUB", "+OWNACK", "+OWNLOST"],
  );
});

Deno.test("inDialect() reaches into repeat and all, and keeps a request that may be refused together", () => {
  const { steps } = performed(`- repeat: { times: 2, steps: [ dte -> publish: { payload: x } ] }
- all: [ dte <- lost, broker <- closed ]
- dte -> try publish: { payload: y }`);
  const [repeat, all, attempt] = steps;
  assert.ok(repeat?.kind === "repeat" && repeat.steps.length === 2);
  assert.ok(all?.kind === "all" && all.steps.length === 2);
  assert.ok(attempt?.kind === "attempt" && attempt.steps.length === 2);
  assert.equal(usesOperations(steps), false);
});

Deno.test("inDialect() removes a request for which a dialect does nothing", () => {
  assert.deepEqual(performed("- dte -> reconnect\n- broker <- opened").steps.map(({ kind }) => kind), [
    "expect",
  ]);
});

Deno.test("inDialect() names the operation that a dialect lacks, also one in a repeat", () => {
  const one = oneCase("- repeat: { times: 2, steps: [ dte -> subscribe ] }");
  assert.deepEqual(inDialect(one, OWN), { missing: 'has no operation "subscribe"' });
});

Deno.test("inDialect() returns a case without operations unchanged", () => {
  const one = oneCase("- broker <- opened\n- broker <- CONNECT");
  const { case: same } = inDialect(one, { ...PLAIN_WAYS, operations: new Map() }) as { case: Case };
  assert.equal(same, one);
});
