import assert from "node:assert/strict";
import type { ModuleBehaviour } from "../../module/behaviour.ts";
import { formatProblems } from "../../spec/problem.ts";
import { toValue } from "../../spec/value.ts";
import { readYaml } from "../../spec/yaml.ts";
import { loadTarget, type TargetFile } from "../../target/target_file.ts";
import { chartOf, judge, type Judged, suiteOf, verdicts } from "../test_bench.ts";
import { Adapter, lineTarget, Served } from "./test_lines.ts";

/** A module target with its own steps; `keys` are additional keys of its file. */
function targetWith(keys: string, behaviour: Partial<ModuleBehaviour> = {}): TargetFile {
  const start = `start: { embedded: virtual-module, behaviour: ${JSON.stringify(behaviour)} }`;
  const text = `target: demo\ntitle: Demo\ntests: module\n${start}\nwithin: 1s\n${keys}`;
  const { target, problems } = loadTarget(text, "lab.yaml");
  assert.ok(target, formatProblems(problems, new Map([["lab.yaml", text]])));
  return target;
}

/** The same module on a line, which is reset by commands. */
function onLine(file: TargetFile, address: string): TargetFile {
  const { start: _, ...rest } = file;
  return { ...rest, ...lineTarget(address), ...pick(file) };
}

function pick({ setup, teardown, line, values }: TargetFile): Partial<TargetFile> {
  return {
    ...(setup ? { setup } : {}),
    ...(teardown ? { teardown } : {}),
    ...(line ? { line } : {}),
    values,
  };
}

const cases = await suiteOf(
  `suite: demo
title: Demo
cases:
  - { case: first, purpose: it MUST answer, steps: [dte -> AT, dte <- OK] }
  - { case: second, purpose: it MUST answer, steps: [dte -> AT+CMEE?, dte <- +CMEE: 1, dte <- OK] }
`,
  "at",
);

/** The commands that were sent while the case ran or was set up. */
function typed(judged: Judged, name: string): readonly string[] {
  return chartOf(judged, name).filter((entry) => entry.direction === "sent" && entry.lane === "dte")
    .map(({ text }) => text);
}

const NETWORK = `
setup:
  - dte -> ATE1
  - dte <- OK
  - dte -> AT+CMEE=: [$form]
  - dte <- OK
  - dte -> AT+CGMM
  - dte <- line: { prefix: VIRTUAL }
  - dte <- OK
  - poll: { within: 5s, every: 50ms, steps: [dte -> AT+CEREG?, dte <- +CEREG: [any, [1, 5]], dte <- OK] }
values: { form: 2 }
`;

Deno.test("a module is set up before the first case, and the network is waited for", async () => {
  const judged = await judge(cases, targetWith(NETWORK, { registersAfterMs: 600 }), { jobs: 1 });
  assert.deepEqual(verdicts(judged), { first: "pass", second: "pass" });
  const first = typed(judged, "first");
  assert.deepEqual(first.slice(0, 3), ["ATE1", "AT+CMEE=2", "AT+CGMM"]);
  assert.ok(first.filter((text) => text === "AT+CEREG?").length > 1);
  assert.equal(first.at(-1), "AT");
});

Deno.test("the setup runs once for a module that is reset by commands", async () => {
  await using served = new Served("pty");
  const judged = await judge(cases, onLine(targetWith(NETWORK), `serial:${await served.address()}`));
  assert.deepEqual(verdicts(judged), { first: "pass", second: "pass" });
  assert.equal(typed(judged, "first")[0], "ATE1");
  assert.deepEqual(typed(judged, "second"), ["AT+CMEE?"]);
});

Deno.test("a module that is power-cycled is set up each time", async () => {
  const setup = "setup: [dte -> AT+CGMM, dte <- line: any, dte <- OK]\n";
  const judged = await judge(cases, targetWith(setup), { jobs: 1 });
  assert.deepEqual(verdicts(judged), { first: "pass", second: "pass" });
  assert.deepEqual(typed(judged, "second"), ["AT+CGMM", "AT+CMEE?"]);
});

Deno.test("the setup runs again on an unplugged line that is back", async () => {
  await using adapter = await Adapter.start();
  const setup = "setup: [dte -> AT+CGMM, dte <- line: any, dte <- OK]\n";
  let out: Promise<void> | undefined;
  const judged = await judge(cases, onLine(targetWith(setup), `serial:${adapter.path}`), {
    emit(event) {
      if (event.kind === "case-ended") out ??= adapter.unplug().then(() => adapter.plug());
    },
  });
  await out;
  assert.deepEqual(verdicts(judged), { first: "pass", second: "pass" });
  assert.ok(typed(judged, "second").includes("AT+CGMM"));
});

Deno.test("a value of the command line goes before that of the target", async () => {
  const setup = "setup: [dte -> AT+CMEE=: [$form], dte <- OK]\nvalues: { form: 7 }\n";
  const { root } = readYaml("0", "--set");
  assert.ok(root);
  const values = new Map([["form", toValue(root, () => {})]]);
  const judged = await judge(cases, targetWith(setup), { values });
  assert.deepEqual(verdicts(judged), { first: "pass", second: "pass" });
});

Deno.test("a failed setup is an error with its place", async () => {
  const setUp = async (keys: string) => verdicts(await judge(cases, targetWith(keys), { jobs: 1 })).first;
  assert.equal(
    await setUp("setup:\n  - dte -> AT+CFUN=: [1]\n  - dte <- OK\n"),
    "error: The case could not be set up: The setup at lab.yaml:8:5 failed: " +
      'Unexpected "ERROR", expected OK',
  );
  assert.equal(
    await setUp(
      "setup:\n  - poll: { within: 200ms, every: 50ms, steps: [dte -> AT+CEREG?, dte <- +CEREG: [0, 5], dte <- OK] }\n",
    ),
    "error: The case could not be set up: The setup at lab.yaml:7:5 failed: " +
      "+CEREG has a parameter 2 that is 1, expected 5, for 200 ms",
  );
});

Deno.test("what a module says by itself does not disturb its setup", async () => {
  const setup = `
setup:
  - dte -> AT+CGMM;+CGMI
  - dte <- line: { prefix: ATT }
  - dte <- OK
`;
  // CGMM's own response is one that the setup does not mention.
  const text = setup.replace("dte -> AT+CGMM;+CGMI", 'dte -> raw: "AT+CGMM;+CGMI\\r"');
  assert.deepEqual(verdicts(await judge(cases, targetWith(text))), { first: "pass", second: "pass" });
});

Deno.test("the teardown runs after the last case, also on a line that is reset by commands", async () => {
  const keys = "teardown: [dte -> AT+CMEE=: [2], dte <- OK]\n";
  const judged = await judge(cases, targetWith(keys), { jobs: 1 });
  assert.deepEqual(typed(judged, "first"), ["AT"]);
  assert.deepEqual(typed(judged, "second"), ["AT+CMEE?", "AT+CMEE=2"]);
  await using served = new Served("pty");
  const address = `serial:${await served.address()}`;
  const led = await judge(cases, onLine(targetWith(keys), address));
  assert.deepEqual(typed(led, "second"), ["AT+CMEE?", "AT+CMEE=2"]);
});

Deno.test("the teardown runs even if the user has interrupted the run", async () => {
  const keys = "teardown: [dte -> AT+CMEE=: [2], dte <- OK]\n";
  await using served = new Served("pty");
  const run = new AbortController();
  const judged = await judge(cases, onLine(targetWith(keys), `serial:${await served.address()}`), {
    signal: run.signal,
    emit(event) {
      if (event.kind === "chart") run.abort();
    },
  });
  assert.equal(judged.exit, 130);
  assert.deepEqual(typed(judged, "first"), ["AT", "AT+CMEE=2"]);
});

Deno.test("a failed teardown is reported and not judged", async () => {
  const judged = await judge(cases, targetWith("teardown: [dte -> AT+CFUN=: [0], dte <- OK]\n"), { jobs: 1 });
  assert.deepEqual(verdicts(judged), { first: "pass", second: "pass" });
  const said = chartOf(judged, "second").at(-1)?.text ?? "";
  assert.match(
    said,
    /^the module could not be returned to its initial state: The teardown at lab\.yaml:6:\d+ failed: /,
  );
});
