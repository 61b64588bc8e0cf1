import assert from "node:assert/strict";
import type { ModuleBehaviour } from "../../module/behaviour.ts";
import type { Step } from "../../suite/step/step.ts";
import { loadDialect } from "../../suite/dialect/dialect_file.ts";
import { reach } from "../../target/reach.ts";
import { ecmtAlone, moduleTarget } from "../test_bench.ts";
import { ModuleLine } from "./line.ts";
import { moduleOpens, moduleRoundTrip } from "./round_trip.ts";

const NEVER = new AbortController().signal;

/** A line to a virtual module in the start state of a case. */
async function bench(behaviour: Partial<ModuleBehaviour> = {}, defects: readonly string[] = []) {
  const { dialect, operations } = await ecmtAlone();
  const file = moduleTarget([], { start: { kind: "virtual-module", defects, behaviour } });
  await using stack = new AsyncDisposableStack();
  const target = stack.use(await reach(file, { dialect, signal: NEVER }));
  assert.ok(target.kind === "module");
  const line = stack.use(await ModuleLine.open(target, { signal: NEVER }));
  await line.restart();
  const owned = stack.move();
  return {
    line,
    target,
    operations: operations("ecmt") ?? new Map(),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

Deno.test("the round trip of a module is that of its CONNECT, up to the result that reports the answer", async () => {
  await using fast = await bench();
  const measured = await moduleRoundTrip(fast.line, fast.target, fast.operations, NEVER);
  assert.ok(measured !== undefined && measured.roundTripMs >= 0);
  await using slow = await bench({ resultDelayMs: 80 });
  const longer = await moduleRoundTrip(slow.line, slow.target, slow.operations, NEVER);
  assert.ok(longer !== undefined && longer.roundTripMs >= 40, `${longer?.roundTripMs}`);
});

Deno.test("a dialect that does not say how a module connects has no round trip measured", async () => {
  await using one = await bench();
  const { line, target, operations } = one;
  for (const missing of [["open", "opened"], ["connect", "connected"]]) {
    const some = new Map([...operations].filter(([name]) => !missing.includes(name)));
    assert.equal(await moduleRoundTrip(line, target, some, NEVER), undefined);
  }
});

Deno.test("a module whose CONNECT opens the connection has its round trip measured, and must open one", async () => {
  const url = new URL("../../../suites/at/dialects/esp.yaml", import.meta.url);
  const { commandSet } = loadDialect(await Deno.readTextFile(url), "esp.yaml");
  assert.ok(commandSet);
  const { dialect, operations } = commandSet;
  const start = {
    kind: "virtual-module",
    defects: [],
    variant: "esp",
    behaviour: { roundTripMs: 60 },
  } as const;
  await using target = await reach(moduleTarget([], { start }), { dialect: () => dialect, signal: NEVER });
  assert.ok(target.kind === "module");
  await using line = await ModuleLine.open(target, { signal: NEVER });
  await line.restart();
  const measured = await moduleRoundTrip(line, target, operations, NEVER);
  assert.ok(measured !== undefined && measured.roundTripMs >= 60, `${measured?.roundTripMs}`);
  assert.equal(await moduleOpens(line, target, operations, NEVER), true);
  const unlike = new Map([...operations]).set("connected", unfulfilled(operations.get("connected")));
  await assert.rejects(moduleOpens(line, target, unlike, NEVER), /^StepFailed: /);
});

/** A step that waits for a prompt, which never comes, instead of these steps. */
function unfulfilled(steps: readonly Step[] = []): readonly Step[] {
  const [step] = steps.filter((one) => one.kind === "expect");
  assert.ok(step);
  const { place } = step;
  const within = { kind: "literal", value: "20ms", source: "20ms", place } as const;
  return [{ ...step, within, outcomes: [{ kind: "prompt", place }] }];
}

Deno.test("the round trip to a module that opens a connection and does not connect is that of opening", async () => {
  await using one = await bench({ resultDelayMs: 80 });
  const unlike = new Map(one.operations);
  unlike.set("connected", unfulfilled(one.operations.get("connected")));
  const measured = await moduleRoundTrip(one.line, one.target, unlike, NEVER);
  assert.ok(measured !== undefined && measured.roundTripMs >= 40, `${measured?.roundTripMs}`);
});

Deno.test("a module that opens no connection fails the measurement, and releases the line afterwards", async () => {
  await using one = await bench();
  const { line, target, operations } = one;
  const unlike = new Map(operations);
  unlike.set("opened", unfulfilled(operations.get("opened")));
  await assert.rejects(moduleRoundTrip(line, target, unlike, NEVER), /^StepFailed: /);
  assert.equal(line.party, undefined);
  await line.restart();
});
