import assert from "node:assert/strict";
import { TestFolder } from "../catalog/test_folder.ts";
import { said } from "./test_screen.ts";

const thorough = Deno.env.get("CI") === "true";
if (!thorough) console.log("The suites run on every variant of the virtual module where CI=true");

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

Deno.test("a firmware with deviations fails where they are not expected", async () => {
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
