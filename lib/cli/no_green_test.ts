import assert from "node:assert/strict";
import { TestFolder } from "../catalog/test_folder.ts";
import { said } from "./test_screen.ts";

const FORMATS = ["--format", "junit,tap,markdown,json,html"];

/** A target that starts the reference broker. */
function target(folder: TestFolder, name: string, more = "supports: [qos1]"): string {
  const text =
    `target: ${name}\ntitle: ${name}\ntests: broker\nstart: { embedded: reference-broker }\n${more}\n`;
  return folder.write(`${name}.yaml`, text);
}

/** The reports of a run in which something is wrong as a whole. */
function troubled(folder: TestFolder, out: string, kind: "error" | "failure", sentence: RegExp): void {
  const junit = folder.read(`${out}/junit.xml`);
  assert.equal(junit.match(new RegExp(`<${kind} `, "g"))?.length, 1, junit);
  assert.match(junit, new RegExp(`<testsuites [^>]*${kind}s="1"`));
  assert.match(/<(?:error|failure) message="([^"]*)"/.exec(junit)?.[1] ?? "", sentence);
  assert.match(/^Bail out! (.*)$/m.exec(folder.read(`${out}/result.tap`))?.[1] ?? "", sentence);
  assert.match(
    /^\*\*(.*)\*\*$/m.exec(folder.read(`${out}/report.md`).replaceAll("\\", ""))?.[1] ?? "",
    sentence,
  );
}

Deno.test("a run in which every case is skipped ends with 1, and says why", async () => {
  await using folder = new TestFolder();
  const out = `${folder.path}/out`;
  const given = [
    "--target",
    target(folder, "poor"),
    "--no-expect",
    "--protocol",
    "3.1.1",
    "--out",
    out,
    ...FORMATS,
  ];
  const run = await said("conform", "mqtt/qos2", ...given);
  assert.equal(run.status, 1, run.out + run.err);
  const sentence =
    /^Nothing was judged: all \d+ case runs were skipped, (\d+ of them )?because: .*does not claim/;
  assert.ok(run.out.split("\n").some((line) => sentence.test(line)), run.out);
  troubled(folder, "out", "failure", /^Nothing was judged: all \d+ case runs were skipped/);
  assert.match(folder.read("out/report.html"), /Nothing was judged/);
  assert.equal(JSON.parse(folder.read("out/result.json")).exit, 1);
});

Deno.test("a run without a selected case ends with 1, and says so", async () => {
  await using folder = new TestFolder();
  const out = `${folder.path}/out`;
  const given = [
    "--target",
    target(folder, "poor"),
    "--filter",
    "no-such-case-at-all",
    "--out",
    out,
    ...FORMATS,
  ];
  const run = await said("conform", "mqtt/ping", ...given);
  assert.equal(run.status, 1, run.out + run.err);
  assert.match(run.out, /^Nothing was judged: no case was selected, because the suites, the filters, /m);
  troubled(folder, "out", "failure", /^Nothing was judged: no case was selected/);
});

Deno.test("a run in which one case is judged does not count as one that judged nothing", async () => {
  await using folder = new TestFolder();
  const run = await said(
    ...["conform", "mqtt/ping", "--target", target(folder, "poor"), "--no-expect", "--protocol", "3.1.1"],
    ...["--out", `${folder.path}/out`, "--format", "junit"],
  );
  assert.equal(run.status, 0, run.out);
  assert.doesNotMatch(folder.read("out/junit.xml"), /the run/);
});

Deno.test("an unknown word in supports: is a mistake at its place, with the nearest known one", async () => {
  await using folder = new TestFolder();
  const path = target(folder, "typo", "supports: [qos1, retaind]");
  for (
    const args of [["lint", path], ["conform", "mqtt/ping", "--target", path, "--out", `${folder.path}/out`]]
  ) {
    const { status, err } = await said(...args);
    assert.equal(status, 2);
    assert.match(
      err,
      /error: unknown feature "retaind"\n +--> .*typo\.yaml:5:18\n[^]*\^{7} did you mean retained\?/,
    );
  }
});

Deno.test("a run that is refused writes its reason to the requested reports, and writes no others", async () => {
  await using folder = new TestFolder();
  const typo = target(folder, "typo", "supports: [retaind]");
  const table: readonly (readonly [readonly string[], RegExp])[] = [
    [["conform", "mqtt/ping", "--target", typo], /^unknown feature (&quot;|")retaind/],
    [["conform", "mqtt/no-such-suite"], /no-such-suite/],
    [["conform", "--jbos", "3"], /^unknown option &?.*--jbos|^unknown option '--jbos'/],
    [["conform", "--jobs", "many"], /option '--jobs <n>' argument 'many' is invalid|--jobs/],
    [
      ["conform", "--target", "mqtt://alice:wonderland@127.0.0.1:1"],
      /^An address must not contain a user name or password/,
    ],
    [["load", "no-such-profile"], /no-such-profile/],
    [["prove", "mqtt/no-such-suite"], /no-such-suite/],
  ];
  for (const [index, [args, sentence]] of table.entries()) {
    const own = `${index}`;
    const run = await said(...args, "--out", `${folder.path}/${own}`, ...FORMATS);
    assert.equal(run.status, 2, args.join(" "));
    troubled(folder, own, "error", sentence);
    assert.equal(JSON.parse(folder.read(`${own}/result.json`)).exit, 2);
    const all = folder.names(own).map((name) => folder.read(`${own}/${name}`)).join("\n") + run.err + run.out;
    assert.doesNotMatch(all, /wonderland|alice/);
  }
  assert.match(folder.read("0/junit.xml"), /--&gt; .*typo\.yaml:5:12/);
  const before = folder.names("").length;
  assert.equal((await said("conform", "mqtt/ping", "--target", typo)).status, 2);
  assert.equal(folder.names("").length, before);
});

Deno.test("a run that is refused does not leave the reports of an earlier one in its folder", async () => {
  await using folder = new TestFolder();
  const out = `${folder.path}/out`;
  const good = ["conform", "mqtt/ping", "--target", target(folder, "own"), "--no-expect", "--out", out];
  assert.equal((await said(...good, ...FORMATS)).status, 0);
  assert.equal((await said(...good, ...FORMATS, "--level", "most")).status, 2);
  troubled(folder, "out", "error", /--level/);
  assert.doesNotMatch(folder.read("out/journal.ndjson"), /case-started/);
});

Deno.test("two targets of a run have different names in JUnit", async () => {
  await using folder = new TestFolder();
  const [a, b] = [target(folder, "a"), target(folder, "b")];
  const out = `${folder.path}/out`;
  const options = ["--target", a, "--target", b, "--no-expect", "--out", out, "--format", "junit"];
  assert.equal((await said("conform", "mqtt/ping", ...options)).status, 0);
  const names = [...folder.read("out/junit.xml").matchAll(/<testcase name="([^"]*)" classname="([^"]*)"/g)]
    .map(([, name, className]) => `${className} ${name}`);
  assert.ok(names.length > 2 && names.length % 2 === 0);
  assert.equal(new Set(names).size, names.length);
});

Deno.test("report A B --out writes the comparison of runs of suites", async () => {
  await using folder = new TestFolder();
  for (const [name, more] of [["a", "supports: [qos1]"], ["b", "supports: [qos1, qos2]"]] as const) {
    const options = ["--target", target(folder, name, more), "--no-expect", "--protocol", "3.1.1"];
    await said("conform", "mqtt/qos2", ...options, "--out", `${folder.path}/run-${name}`, "--format", "json");
  }
  const runs = ["a", "b"].map((name) => `${folder.path}/run-${name}`);
  const out = `${folder.path}/both`;
  const { status, out: printed } = await said(
    "report",
    ...runs,
    "--out",
    out,
    "--format",
    "html,json,markdown",
  );
  assert.equal(status, 0);
  assert.match(printed, /cases differ\n.*comparison\.html\n.*comparison\.md\n.*comparison\.json$/);
  const { differences, runs: told } = JSON.parse(folder.read("both/comparison.json"));
  assert.ok(differences.length > 3);
  assert.deepEqual(differences[0].standings, ["skip", "pass"]);
  assert.equal(told.length, 2);
  for (const file of ["comparison.html", "comparison.md"]) {
    assert.ok(folder.read(`both/${file}`).includes(differences[0].id.split("/").at(-1)), file);
  }
  const junit = await said("report", ...runs, "--out", out, "--format", "junit");
  assert.deepEqual([junit.status, junit.err.split(",")[0]], [2, "A comparison has the formats html"]);
});

Deno.test("report describes a file that is not a journal, at its place", async () => {
  await using folder = new TestFolder();
  const table: readonly (readonly [string, string])[] = [
    ["", "an empty file"],
    ["{}\n", "a line that is not an event"],
    ["\u001b[2Jhello\nworld\n", "a line that is not an event"],
    [`${"x".repeat(5_000)}`, "a line that is not an event"],
    ['{"kind":"of-tomorrow"}\n', "lines of kinds that this version does not know"],
  ];
  for (const [text, found] of table) {
    const path = folder.write("some.txt", text);
    const { status, err, out } = await said("report", path);
    assert.equal(status, 2, text.slice(0, 20));
    assert.ok(
      err.startsWith(`error: expected the journal of a run, found ${found}\n --> ${path}:1:1\n`),
      err,
    );
    assert.match(err, /name the folder of a run, or its journal\.ndjson$/);
    assert.ok(!err.includes("\u001b") && out === "");
    assert.deepEqual(folder.names("").filter((name) => name !== "some.txt"), []);
  }
});
