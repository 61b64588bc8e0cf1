import assert from "node:assert/strict";
import { loadEvents, type LoadSample } from "../../../reports/testdata/load_sample.ts";
import { formatLine } from "../../run/journal.ts";
import { said } from "../test_screen.ts";
import { shortNames } from "./report_loads.ts";

/** A folder with sets of loads, as `load --repeat` leaves them: `before/1`, `before/2` and so on. */
async function withSets(
  sets: Readonly<Record<string, readonly LoadSample[]>>,
  test: (folder: string) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "attest-loads-" });
  try {
    for (const [name, samples] of Object.entries(sets)) {
      for (const [index, sample] of samples.entries()) {
        const path = `${folder}/${name}/${index + 1}`;
        await Deno.mkdir(path, { recursive: true });
        await Deno.writeTextFile(`${path}/journal.ndjson`, loadEvents(sample).map(formatLine).join(""));
      }
    }
    await test(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const runs = (seeds: readonly number[], slower: number) =>
  seeds.map((seed) => ({ seconds: 6, seed, slower }));

Deno.test("report of two sets of loads prints medians, spread, and whether the difference is significant", async () => {
  const sets = { before: runs([1, 2, 3, 4], 0), after: runs([5, 6, 7, 8], 2) };
  await withSets(sets, async (folder) => {
    const { status, out } = await said(
      "report",
      `${folder}/before`,
      `${folder}/after`,
      "--out",
      `${folder}/comparison`,
    );
    assert.equal(status, 0);
    assert.match(out, /before \(median of 4\)/);
    assert.match(out, /^latency\.p50 .* significant, p = 0\.029$/m);
    assert.match(out, /^sent\.rate .* none +not significant, p = 1\.000$/m);
    const page = await Deno.readTextFile(`${folder}/comparison/comparison.html`);
    assert.match(page, /"name":"[^"]*after\/4"/);
  });
});

Deno.test("report of two loads says that one run each can't show more than chance", async () => {
  await withSets({ runs: runs([1, 2], 0) }, async (folder) => {
    const { status, out } = await said("report", `${folder}/runs/1`, `${folder}/runs/2`);
    assert.equal(status, 0);
    assert.match(out, /^latency\.p50 .* –$/m);
    // Their names leave out the common folder, and the reason why no difference is judged is printed once.
    assert.match(out, /^figure +1 +2 +difference +evidence$/m);
    assert.equal(out.split("Too few runs").length, 2);
    assert.match(out, /only repeated runs, at least four of each, show/);
  });
});

Deno.test("report of one load renders it again", async () => {
  await withSets({ runs: runs([1], 0) }, async (folder) => {
    const { out } = await said("report", `${folder}/runs/1`);
    assert.match(out, /^fail {2}latency\.p50 < 1us/m);
    assert.match(await Deno.readTextFile(`${folder}/runs/1/junit.xml`), /classname="sample\.threshold"/);
  });
});

Deno.test("report --merge of runs that are not shards names each, and writes nothing", async () => {
  await withSets({ runs: runs([1, 2], 0) }, async (folder) => {
    const merge = ["report", "--merge", `${folder}/runs`, "--out", `${folder}/merged`];
    const { status, err } = await said(...merge);
    assert.equal(status, 2);
    assert.match(err, /^These are not the shards of one load:\n {2}".*1\/journal\.ndjson" is a whole load/);
    await assert.rejects(Deno.stat(`${folder}/merged`), Deno.errors.NotFound);
  });
});

Deno.test("a folder without a run in it is refused", async () => {
  const { status, err } = await said("report", new URL("../testdata", import.meta.url).pathname);
  assert.equal(status, 2);
  assert.match(err, /^There is no run at/);
});

Deno.test("shortNames() takes the end of each path that distinguishes it from the others", () => {
  const short = (...paths: string[]) => [...shortNames(new Set(paths)).values()];
  assert.deepEqual(short("results/a", "results/b"), ["a", "b"]);
  assert.deepEqual(short("x/run/1", "y/run/1", "z"), ["x/run/1", "y/run/1", "z"]);
  assert.deepEqual(short("/", "a"), ["/", "a"]);
  assert.deepEqual(short("only/one"), ["one"]);
});
