import assert from "node:assert/strict";
import { TestFolder } from "../catalog/test_folder.ts";
import { said } from "./test_screen.ts";

const thorough = Deno.env.get("CI") === "true";
if (!thorough) console.log("The suites run on every variant of the virtual module if CI=true");

for (const target of ["seed", "disputed", "qmt", "simcom", "esp", "ec616s"]) {
  Deno.test(`all module suites do as expected on the target ${target}`, { ignore: !thorough }, async () => {
    await using folder = new TestFolder();
    const { status, out } = await said(
      "conform",
      "--target",
      target,
      "--out",
      folder.path,
      "--format",
      "json",
    );
    assert.equal(status, 0, out.split("\n").slice(-40).join("\n"));
  });
}

Deno.test("a firmware with deviations fails if they are not expected", async () => {
  await using folder = new TestFolder();
  const { status, out } = await said(
    ...["conform", "client/subscribe/refused", "--target", "ec616s", "--no-expect"],
    ...["--out", folder.path, "--format", "json"],
  );
  assert.equal(status, 1);
  assert.match(out, /client\/subscribe\/refused/);
  const known = await said(
    ...[
      "conform",
      "client/subscribe/refused",
      "--target",
      "ec616s",
      "--out",
      folder.path,
      "--format",
      "json",
    ],
  );
  assert.equal(known.status, 0);
  assert.match(known.out, /1 known deviation/);
});

Deno.test("list shows why a target skips each case, also of suites that are typed for another dialect", async () => {
  const { status, out } = await said(
    "list",
    "at/close",
    "client/data",
    "--target",
    "ec616s",
    "--target",
    "qmt",
  );
  assert.equal(status, 0);
  assert.match(out, /^at\/close\/opened +ec616s +ECMT +runs$/m);
  assert.match(
    out,
    /^at\/close\/opened +qmt +ECMT +The suite is typed for the dialect ecmt, and the target's is qmt$/m,
  );
  assert.match(
    out,
    /^ec616s: 75 case runs, 53 skipped\n {2}53 {2}The dialect "ecmt" has no operation "publishCounted"$/m,
  );
  assert.match(out, /^qmt: 113 case runs, 15 skipped$/m);
  const json = await said("list", "at/close/opened", "--target", "qmt", "--json");
  assert.deepEqual(JSON.parse(json.out), [{
    target: "qmt",
    id: "at/close/opened",
    protocol: "ECMT",
    skip: "The suite is typed for the dialect ecmt, and the target's is qmt",
  }]);
});

Deno.test("suites that are typed for another dialect are reported, and nothing runs if none is left", async () => {
  const { status, err } = await said("conform", "at/close", "--target", "qmt");
  assert.equal(status, 2);
  assert.match(
    err,
    /^The suite at\/close is typed for the dialect ecmt, and no module of this run has it: qmt has qmt$/m,
  );
  await using folder = new TestFolder();
  const some = await said(
    ...[
      "conform",
      "at/close",
      "client/will/none",
      "--target",
      "qmt",
      "--out",
      folder.path,
      "--format",
      "json",
    ],
  );
  assert.equal(some.status, 0);
  assert.match(some.err, /at\/close is typed for the dialect ecmt.*; left out/);
});
