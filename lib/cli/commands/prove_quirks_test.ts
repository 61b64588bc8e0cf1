import assert from "node:assert/strict";
import { TestFolder } from "../../catalog/test_folder.ts";
import { ended, said, spawned } from "../test_screen.ts";

Deno.test("prove --quirk runs the cases on an implementation that has it, and prints what it ran", async () => {
  await using folder = new TestFolder();
  const { status, out } = await said(
    ...["prove", "mqtt/ping", "--quirk", "pingresp-late", "--dozens", "0"],
    ...["--out", folder.path, "--format", "json,html"],
  );
  assert.equal(status, 0, out);
  assert.match(out, /^pass {2}reference with pingresp-late {2}\d+ cases, \d+ skipped/m);
  assert.match(out, /^1 quirks alone, \d+ case runs; 0 sets of quirks, 0 case runs; 0 failing; /m);
  const { kind, quirks } = JSON.parse(folder.read("result.json"));
  assert.equal(kind, "prove");
  assert.deepEqual(quirks.map((one: { name: string }) => one.name), ["pingresp-late"]);
  assert.match(folder.read("report.html"), /pingresp-late/);
});

Deno.test("a case that fails under a quirk ends the proof with 1, and is shown with its chart", async () => {
  await using folder = new TestFolder();
  const suite = folder.write(
    "hasty.yaml",
    `suite: hasty
title: Hasty
protocols: ["3.1.1"]
cases:
  - case: connect
    purpose: CONNACK MUST come at once
    steps:
      - c -> CONNECT: { keepAlive: 60 }
      - c <- CONNACK: { within: 1ms }
`,
  );
  const { status, out } = await said(
    ...["prove", suite, "--quirk", "connack-late", "--dozens", "0"],
    ...["--out", folder.path, "--format", "json"],
  );
  assert.equal(status, 1, out);
  assert.match(out, /^FAIL {2}reference with connack-late .*\n {6}hasty\/connect {2}3\.1\.1$/m);
  const { cases, quirks } = JSON.parse(folder.read("result.json"));
  assert.deepEqual(quirks[0].failing, [{ id: "hasty/connect", protocol: "3.1.1" }]);
  const [failed] = cases.filter((one: { standing: string }) => one.standing === "fail");
  assert.equal(failed.target, "reference with connack-late");
  assert.match(failed.reason, /Nothing came within \d+ ms, expected CONNACK/);
  assert.match(folder.read("journal.ndjson"), /"kind":"chart".*CONNECT/);
});

Deno.test("a wrong quirk, and an update of a part, are usage errors", async () => {
  await using folder = new TestFolder();
  const unknown = await said("prove", "--quirk", "pingresp-lat", "--out", folder.path);
  assert.equal(unknown.status, 2);
  assert.match(unknown.err, /Unknown quirk "pingresp-lat"; did you mean .*pingresp-late/);
  const part = await said("prove", "mqtt/ping", "--quirks", "--update", "--out", folder.path);
  assert.equal(part.status, 2);
  assert.match(part.err, /--update records all cases/);
});

/** All quirks, on a busy machine; ms. */
const WITHIN_MS = 15 * 60_000;

const thorough = Deno.env.get("CI") === "true";
if (!thorough) {
  console.log("All quirks are run if CI=true; deno task prove --quirks --recorded does the same");
}

Deno.test(
  "no case fails on a conforming implementation, for each quirk that the record says it can meet",
  { ignore: !thorough },
  async () => {
    await using folder = new TestFolder();
    const words = ["prove", "--quirks", "--recorded", "--out", folder.path, "--format", "json"];
    const { status, out } = await ended(spawned(words, { permissions: "prove" }), WITHIN_MS);
    console.log(out.split("\n").find((line) => line.includes("quirks alone")));
    assert.equal(status, 0, out.split("\n").filter((line) => !line.startsWith("pass")).slice(-60).join("\n"));
  },
);
