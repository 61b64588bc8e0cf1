import assert from "node:assert/strict";
import { TestFolder } from "../../catalog/test_folder.ts";
import { said } from "../test_screen.ts";

Deno.test("prove reports which case notices a defect, and ends with 0 when all is proved", async () => {
  await using folder = new TestFolder();
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
  await using folder = new TestFolder();
  const { status, out } = await said(
    ...["prove", "mqtt/ping/answered", "--defect", "will-lost", "--out", folder.path, "--format", "json"],
  );
  assert.equal(status, 1);
  assert.match(out, /^will-lost +noticed by no case$/m);
  assert.match(out, /^ {2}mqtt\/ping\/answered +no reason given$/m);
});

Deno.test("prove --update records what it finds, and prove --recorded confirms it", async () => {
  await using folder = new TestFolder();
  const proofs = `${folder.path}/proofs`;
  const common = ["--proofs", proofs, "--out", folder.path, "--format", "json"];
  const first = await said("prove", "mqtt/ping/answered", "--update", ...common);
  assert.match(first.out, /proofs\/reference\.yaml$/m);
  const record = folder.read("proofs/reference.yaml");
  assert.match(record, /^target: reference$/m);
  const ids = new Set([...record.matchAll(/^ {4}- (.*)$/gm)].map(([, id]) => id));
  assert.deepEqual([...ids], ['"mqtt/ping/answered"']);
  const then = await said("prove", "mqtt/ping/answered", "--recorded", ...common);
  assert.match(then.out, /^\d defects, 0 unnoticed; 1 cases, 0 broken by none/m);
  assert.equal(then.status, 0);
});

Deno.test("a record that lacks a case, or is no longer true, ends prove --recorded with 1 and a hint how to update it", async () => {
  await using folder = new TestFolder();
  const proofs = `${folder.path}/proofs`;
  folder.write(
    "proofs/reference.yaml",
    'target: reference\ndefects:\n  will-lost: ["mqtt/ping/answered", "mqtt/ping/gone"]\n  no-such-defect: ["mqtt/ping/answered"]\n',
  );
  const { status, out } = await said(
    ...["prove", "mqtt/ping/answered", "--recorded", "--proofs", proofs],
    ...["--out", folder.path, "--format", "json"],
  );
  assert.equal(status, 1);
  assert.match(out, /No defect breaks mqtt\/ping\/answered/);
  assert.match(out, /mqtt\/ping\/answered passes with the defect will-lost/);
  assert.match(out, /unknown defect "no-such-defect"/);
  assert.match(out, /unknown case "mqtt\/ping\/gone"/);
  assert.match(out, /^"deno task prove --update" updates the record$/m);
});

Deno.test("a recorded proof that is not such a file is reported at its place", async () => {
  await using folder = new TestFolder();
  const path = folder.write("proofs/reference.yaml", "target: reference\ndefects:\n  will-lost: []\n");
  const { status, err } = await said("prove", "mqtt/ping", "--recorded", "--proofs", `${folder.path}/proofs`);
  assert.equal(status, 2);
  assert.match(err, /an empty list/);
  assert.ok(err.includes(`${path}:3:`), err);
});

const thorough = Deno.env.get("CI") === "true";
if (!thorough) {
  console.log("The whole recorded proof runs if CI=true; deno task prove --recorded does the same");
}

Deno.test(
  "every defect is noticed, and every case can fail, as recorded",
  { ignore: !thorough },
  async () => {
    await using folder = new TestFolder();
    const { status, out } = await said("prove", "--recorded", "--out", folder.path, "--format", "json");
    assert.equal(status, 0, out.split("\n").slice(-40).join("\n"));
  },
);
