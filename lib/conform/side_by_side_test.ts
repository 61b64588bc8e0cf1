import assert from "node:assert/strict";
import { serve } from "../module/serve.ts";
import type { RunEvent } from "../run/event.ts";
import type { TargetFile } from "../target/target_file.ts";
import { conform } from "./conform.ts";
import { lineTarget } from "./module/test_lines.ts";
import { sideBySide } from "./side_by_side.ts";
import { ecmtAlone, moduleTarget, referenceTarget, suiteOf } from "./test_bench.ts";

function names(...files: TargetFile[]): readonly (readonly string[])[] {
  return sideBySide(files.map((file) => ({ file }))).map((turn) => turn.map(({ file }) => file.name));
}

Deno.test("lines run side by side, what shares a line or a port one after the other, as all else", () => {
  const line = (name: string, address: string, port?: number) =>
    lineTarget(address, { name, ...(port === undefined ? {} : { broker: { host: "192.0.2.1", port } }) });
  assert.deepEqual(
    names(
      referenceTarget([], { name: "broker" }),
      line("a", "serial:/dev/ttyUSB0?baud=9600"),
      line("b", "serial:/dev/ttyUSB1", 1884),
      moduleTarget([], { name: "started" }),
      line("c", "serial:/dev/ttyUSB0"),
      line("d", "serial:/dev/ttyUSB2", 1884),
    ),
    [["broker", "started"], ["a", "c"], ["b", "d"]],
  );
});

/** Two cases of which each waits for a module's own result. */
const SUITE = `
suite: s
title: Two cases
cases:
  - case: opens
    purpose: the module MUST open a connection
    use: { opened: {} }
    steps:
      - dte -> AT+ECMTCLOSE=: [0]
      - dte <- OK
      - dte <- +ECMTCLOSE: [0, 0]
  - case: connects
    purpose: the module MUST connect
    use: { online: {} }
    steps:
      - dte -> AT+ECMTDISC=: [0]
      - dte <- OK
      - broker <- DISCONNECT
      - dte <- +ECMTDISC: [0, 0]
`;

/** Serves a virtual module on a pty, and gives its path. */
async function onPty(stop: AbortSignal): Promise<{ path: string; serving: Promise<void> }> {
  const line = Promise.withResolvers<string>();
  const serving = serve({
    signal: stop,
    print: (text) => text.startsWith("module on ") ? line.resolve(text) : undefined,
  });
  return { path: (await line.promise).replace(/^.* /, ""), serving };
}

Deno.test("a run with two lines has cases of both under way at the same time, and judges each by itself", async () => {
  const stop = new AbortController();
  const modules = await Promise.all([onPty(stop.signal), onPty(stop.signal)]);
  const events: RunEvent[] = [];
  try {
    const exit = await conform({
      targets: modules.map(({ path }, at) => lineTarget(`serial:${path}`, { name: `m${at}` })),
      plan: { suites: [await suiteOf(SUITE, "at")], selection: {}, dialects: await ecmtAlone() },
      record: { version: "0", command: [], environment: {} },
      seed: 1,
      emit: (event) => events.push(event),
      signal: stop.signal,
    });
    assert.equal(exit, 0);
  } finally {
    stop.abort();
    await Promise.all(modules.map(({ serving }) => serving));
  }
  const targetOf = new Map(
    events.flatMap((event) => event.kind === "case-started" ? [[event.n, event.target]] : []),
  );
  const passed = events.flatMap((event) =>
    event.kind === "case-ended" && event.verdict === "pass" ? [targetOf.get(event.n)] : []
  );
  assert.deepEqual(passed.toSorted(), ["m0", "m0", "m1", "m1"]);
  const firstOf = (name: string) =>
    events.findIndex((one) => one.kind === "case-started" && one.target === name);
  const lastOf = (name: string) =>
    events.findLastIndex((one) => one.kind === "case-ended" && targetOf.get(one.n) === name);
  assert.ok(firstOf("m1") < lastOf("m0") && firstOf("m0") < lastOf("m1"), "the lines take turns");
  assert.deepEqual(
    events.flatMap((event) => event.kind === "estimate" ? [event.target] : []).toSorted(),
    ["m0", "m1"],
  );
});
