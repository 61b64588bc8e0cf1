import assert from "node:assert/strict";
import { FAILS, PASSES, suiteText, TestFolder } from "../../catalog/test_folder.ts";
import { said } from "../test_screen.ts";

/** A target with this name, on which any broker suite runs. */
function targetText(name: string): string {
  return `target: ${name}\ntitle: T\ntests: broker\nstart: { embedded: reference-broker }\nprotocols: ["3.1.1"]\n`;
}

/** Returns what ran in the run of a folder: target, id and verdict. */
function ran(folder: TestFolder, out: string): readonly (readonly string[])[] {
  const { cases } = JSON.parse(folder.read(`${out}/result.json`));
  return cases.map((one: Record<string, string>) => [one.target, one.id, one.verdict]);
}

/** Makes a folder with two targets, a suite, and its run `first`, in which one case fails on each target. */
async function firstRun() {
  const folder = new TestFolder();
  const suite = folder.write("own.yaml", suiteText(PASSES + FAILS));
  const [a, b] = ["a", "b"].map((name) => folder.write(`${name}.yaml`, targetText(name)));
  const first = `${folder.path}/first`;
  const words = [suite, "--target", `${a}`, `--target=${b}`, "--seed", "7"];
  const { status, err } = await said("conform", ...words, "--out", first);
  assert.equal(status, 1, err);
  const again = (run: string, ...more: string[]) =>
    said("conform", "--rerun-failed", run, "--out", `${folder.path}/again`, ...more);
  return { folder, suite, first, b, again, [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose]() };
}

Deno.test("--rerun-failed runs the failed case runs again, on their targets, from folder, journal and result", async () => {
  await using run = await firstRun();
  for (const path of [run.first, `${run.first}/journal.ndjson`, `${run.first}/result.json`]) {
    const { status, out, err } = await run.again(path);
    assert.equal(status, 1, err);
    assert.match(out, /^Running again what did not pass in .*first.* \(seed 7\): 2 fail, on a and b$/m);
    assert.match(out, /^Seed 7, 2 case runs$/m);
    assert.deepEqual(ran(run.folder, "again"), [["a", "own/fails", "fail"], ["b", "own/fails", "fail"]]);
  }
});

Deno.test("--rerun-failed runs only those that failed on the target that --target names, and on a new one all", async () => {
  await using run = await firstRun();
  assert.equal((await run.again(run.first, "--target", `${run.b}`)).status, 1);
  assert.deepEqual(ran(run.folder, "again"), [["b", "own/fails", "fail"]]);
  const { out } = await run.again(run.first, "--target", "reference");
  assert.match(out, /2 fail, on reference$/m);
  assert.deepEqual(ran(run.folder, "again"), [["reference", "own/fails", "fail"]]);
});

Deno.test("--rerun-failed leaves known deviations out, and includes an unexpected pass", async () => {
  await using run = await firstRun();
  const known = run.folder.write(
    "known.yaml",
    "target: b\nexpect:\n  - { case: own/fails, verdict: fail, reason: r }\n  - { case: own/passes, verdict: fail, reason: r }\n",
  );
  const words = [run.suite, "--target", `${run.b}`, "--out", run.first, "--expect", known];
  assert.equal((await said("conform", ...words)).status, 1);
  const { status, out } = await run.again(run.first);
  assert.equal(status, 0);
  assert.match(out, /: 1 unexpected pass, on b$/m);
  assert.deepEqual(ran(run.folder, "again"), [["b", "own/passes", "pass"]]);
});

Deno.test("--rerun-failed names the options of the earlier run that it does not repeat", async () => {
  await using run = await firstRun();
  const result = JSON.parse(run.folder.read("first/result.json"));
  const command = ["attest", "conform", "--set=a=1", "--user", "***", "--jobs", "2"];
  const path = run.folder.write("r.json", JSON.stringify({ ...result, command }));
  const { out } = await run.again(path, "--dry-run");
  assert.match(out, /^That run also had --set and --user; give them again if they still apply$/m);
});

Deno.test("--rerun-failed finds a target that was given by its address", async () => {
  await using run = await firstRun();
  const result = JSON.parse(run.folder.read("first/result.json"));
  const cases = result.cases.map((one: object) => ({ ...one, target: "192.0.2.1-1883" }));
  const targets = [{ name: "192.0.2.1-1883", address: "mqtt://192.0.2.1:1883" }];
  const path = run.folder.write("r.json", JSON.stringify({ ...result, cases, targets }));
  const { status, out } = await run.again(path, "--dry-run");
  assert.equal(status, 0);
  assert.match(out, /^Target 192\.0\.2\.1-1883: a broker, runs at mqtt:\/\/192\.0\.2\.1:1883; /m);
});

Deno.test("--rerun-failed says if there is nothing to run again, and exits with 0", async () => {
  await using run = await firstRun();
  run.folder.write("own.yaml", suiteText(PASSES + FAILS.replace("PUBACK", "PINGRESP")));
  assert.equal((await run.again(run.first)).status, 0);
  const { status, out, err } = await said("conform", "--rerun-failed", `${run.folder.path}/again`);
  assert.deepEqual([status, err], [0, ""]);
  assert.match(out, /^Nothing to run again: each case run of .*again passed, was skipped or is a known/);
});

Deno.test("--rerun-failed reports a missing case and a missing file, and runs the others", async () => {
  await using run = await firstRun();
  const other = FAILS.replace("fails", "other");
  run.folder.write("own.yaml", suiteText(PASSES + FAILS + other));
  await said("conform", run.suite, "--target", `${run.b}`, "--out", run.first);
  run.folder.write("own.yaml", suiteText(PASSES + other));
  const { status, err } = await run.again(run.first);
  assert.equal(status, 1);
  assert.match(err, /^No suite has these cases any more; they are left out:\n {2}own\/fails in 3\.1\.1$/);
  assert.deepEqual(ran(run.folder, "again"), [["b", "own/other", "fail"]]);
  Deno.renameSync(run.suite, `${run.folder.path}/moved.yaml`);
  const gone = await run.again(run.first);
  assert.equal(gone.status, 2);
  assert.match(gone.err, /^The file ".*own\.yaml" no longer exists; if it has moved, name it/m);
  assert.match(gone.err, /^Nothing was run: no suite has the cases of /m);
  const moved = await said(
    "conform",
    `${run.folder.path}/moved.yaml`,
    "--rerun-failed",
    run.first,
    "--dry-run",
  );
  assert.equal(moved.status, 0);
  assert.match(moved.err, /^The suites that you name have no such cases/);
  assert.match(moved.out, /^1 case runs, 0 skipped\nNothing was run$/m);
});

Deno.test("--rerun-failed says what a path is if it is not a run of conform", async () => {
  await using run = await firstRun();
  const { folder } = run;
  const no = (path: string) => said("conform", "--rerun-failed", path);
  const started = (what: string) =>
    JSON.stringify({
      ...{ kind: "run-started", format: 1, attest: "0.1.0", what, seed: 1, startedAt: "", command: [] },
      ...{ environment: {}, planned: 0 },
    }) + "\n";
  for (
    const [path, told] of [
      ["", /^There is no run at ""; expected the folder of a run, its journal/],
      [folder.write("text.txt", "hello"), /^".*text\.txt" has no event of a run; expected/],
      [folder.write("x/y", "").replace(/y$/, ""), /^The folder ".*x\/" has no journal\.ndjson and no result/],
      [
        folder.write("load.ndjson", started("load")),
        /is a run of load; --rerun-failed needs a run of conform/,
      ],
      [folder.write("none.ndjson", started("conform")), /is a run without a case\nRun the suites themselves/],
      [folder.write("a.json", '{ "cases": [{}] }'), /a\.json: cases\[0\] has no text "standing"; expected a/],
      [folder.write("b.json", "{"), /b\.json:1:2: the text is not JSON from here on/],
    ] as const
  ) {
    const { status, err } = await no(path);
    assert.equal(status, 2, path);
    assert.match(err, told);
  }
  Deno.removeSync(`${folder.path}/a.yaml`);
  const { status, err } = await no(run.first);
  assert.equal(status, 2);
  assert.match(
    err,
    /^There is no file ".*a\.yaml"; expected .*\nThe record of .*first does not contain the address of its target "a"; give --target$/,
  );
});
