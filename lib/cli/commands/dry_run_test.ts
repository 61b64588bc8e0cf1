import assert from "node:assert/strict";
import { suiteText, TestFolder } from "../../catalog/test_folder.ts";
import { said } from "../test_screen.ts";

const STEPS = "purpose: it MUST answer, steps: [c -> CONNECT, c <- CONNACK]";
const CASES = `  - { case: plain, ${STEPS} }\n  - { case: needs, requires: [qos1], ${STEPS} }\n`;

Deno.test("--dry-run prints what would run and what would be skipped, and leaves nothing behind", async () => {
  await using folder = new TestFolder();
  const suite = folder.write("own.yaml", suiteText(CASES));
  const text = "target: t\ntitle: T\ntests: broker\nstart: { embedded: reference-broker }\nsupports: []\n";
  const target = folder.write("t.yaml", text);
  const out = `${folder.path}/out`;
  const words = ["--target", "reference", "--target", target, "--out", out, "--dry-run", "--repeat", "3"];
  const { status, out: printed, err } = await said("conform", suite, ...words);
  assert.deepEqual([status, err], [0, ""]);
  assert.deepEqual(printed.split("\n"), [
    "Target reference: a broker, attest's own, in this process; 3.1.1",
    "Target t: a broker, attest's own, in this process; 3.1.1",
    "",
    "suite  target     protocol  run  skip",
    "own    reference  3.1.1       2",
    "own    t          3.1.1       1     1",
    "",
    '  skip    1  The target does not claim "qos1"',
    "3 case runs, 1 skipped",
    "Each would run 3 times",
    "Nothing was run",
  ]);
  assert.deepEqual(folder.names(), ["own.yaml", "t.yaml"]);
});

Deno.test("--dry-run probes no broker: what depends on its answers is open", async () => {
  await using folder = new TestFolder();
  const suite = folder.write("own.yaml", suiteText(CASES));
  const { status, out } = await said("conform", suite, "--target", "mqtt://127.0.0.1:1", "--dry-run");
  assert.equal(status, 0);
  assert.match(
    out,
    /^Target 127\.0\.0\.1-1: a broker, runs at mqtt:.*; probed for what it speaks and supports$/m,
  );
  assert.match(out, /^own +127\.0\.0\.1-1 +3\.1\.1 +1 +1$/m);
  assert.match(out, /^1 case runs, 0 skipped, 1 open: they are skipped if/m);
});

Deno.test("--dry-run says so if no case is selected", async () => {
  const { status, out } = await said("conform", "mqtt/ping", "--filter", "no-such", "--dry-run");
  assert.equal(status, 0);
  assert.match(out, /^0 case runs, 0 skipped\nNo case is selected: .*\nNothing was run$/m);
});
