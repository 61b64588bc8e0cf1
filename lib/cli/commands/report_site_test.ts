import assert from "node:assert/strict";
import { loadEvents } from "../../../reports/testdata/load_sample.ts";
import { formatLine } from "../../run/journal.ts";
import { said } from "../test_screen.ts";

const SAMPLE = "reports/testdata/sample.ndjson";

async function withFolder(test: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "attest-site-" });
  try {
    await test(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function files(folder: string): Promise<readonly string[]> {
  const found: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    if (isDirectory) found.push(...(await files(`${folder}/${name}`)).map((path) => `${name}/${path}`));
    else found.push(name);
  }
  return found.toSorted();
}

Deno.test("report --format site writes pages into a folder, and with --no-full-reports no report.html", async () => {
  await withFolder(async (folder) => {
    const { status, out } = await said(
      "report",
      SAMPLE,
      SAMPLE,
      "--format",
      "site",
      "--out",
      `${folder}/site`,
    );
    assert.equal(status, 0);
    assert.match(out, /site\/index\.html/);
    const all = await files(`${folder}/site`);
    assert.deepEqual(all.filter((path) => !path.includes("/")), ["history.html", "index.html"]);
    assert.equal(all.filter((path) => path.startsWith("reports/")).length, 1);
    await said("report", SAMPLE, "--format", "site", "--no-full-reports", "--out", `${folder}/small`);
    assert.deepEqual(
      (await files(`${folder}/small`)).filter((path) => path.startsWith("reports/")),
      [],
    );
  });
});

Deno.test("report --format site refuses a load, a file that is not a journal, and a file as its folder, and writes nothing", async () => {
  await withFolder(async (folder) => {
    const load = `${folder}/load.ndjson`;
    await Deno.writeTextFile(load, loadEvents({ seconds: 2 }).map(formatLine).join(""));
    await Deno.writeTextFile(`${folder}/text.txt`, "no journal\n");
    const out = `${folder}/site`;
    const refusals: readonly (readonly [readonly string[], RegExp])[] = [
      [[SAMPLE, load, "--out", out], /made from conformance runs.*\n\s+"[^"]*load\.ndjson" is a load/],
      [[`${folder}/text.txt`, "--out", out], /found a line that is not an event/],
      [[`${folder}/nowhere`, "--out", out], /There is no run at/],
      [[SAMPLE, "--out", `${folder}/text.txt`], /text\.txt" is a file; --out expects a folder/],
    ];
    for (const [args, message] of refusals) {
      const { status, err } = await said("report", "--format", "site", ...args);
      assert.equal(status, 2, err);
      assert.match(err, message);
    }
    const { status, err } = await said("report", SAMPLE, "--format", "html,site", "--out", out);
    assert.equal(status, 2);
    assert.match(err, /use --format site alone/);
    assert.deepEqual(await files(folder), ["load.ndjson", "text.txt"]);
  });
});
