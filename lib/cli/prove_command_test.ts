import assert from "node:assert/strict";
import { Folder, said } from "./test_screen.ts";

Deno.test("prove tells which case notices a defect, and ends with 0 when all is proved", async () => {
  await using folder = new Folder();
  const { status, out } = await said(
    ...["prove", "mqtt/ping/answered", "mqtt/ping/each-answered"],
    ...["--defect", "pingresp-lost", "--defect", "pingresp-doubled"],
    ...["--out", folder.path, "--format", "json"],
  );
  assert.match(out, /^pingresp-lost +[12] cases? +mqtt\/ping\//m);
  assert.match(out, /^pingresp-doubled +[12] cases? +mqtt\/ping\//m);
  assert.match(out, /2 defects, 0 unnoticed; 2 cases, 0 broken by none/);
  const result = JSON.parse(await Deno.readTextFile(`${folder.path}/result.json`));
  assert.equal(result.kind, "prove");
  assert.equal(result.totals.pass, 2);
  assert.equal(status, 0);
});

Deno.test("a defect that no case notices, and a case that no defect breaks, end a proof with 1", async () => {
  await using folder = new Folder();
  const { status, out } = await said(
    ...["prove", "mqtt/ping/answered", "--defect", "will-lost", "--out", folder.path, "--format", "json"],
  );
  assert.equal(status, 1);
  assert.match(out, /^will-lost +noticed by no case$/m);
  assert.match(out, /^ {2}mqtt\/ping\/answered +no reason given$/m);
});

const thorough = Deno.env.get("CI") === "true";
if (!thorough) {
  console.log(
    "The whole proof of the suites takes minutes and runs where CI=true; deno task prove is the same",
  );
}

Deno.test("every defect is noticed, and every case can fail", { ignore: !thorough }, async () => {
  await using folder = new Folder();
  const { status, out } = await said("prove", "--out", folder.path, "--format", "json");
  assert.equal(status, 0, out.split("\n").slice(-40).join("\n"));
});
