import assert from "node:assert/strict";
import { FAILS, PASSES, suiteText, TestFolder } from "../../catalog/test_folder.ts";
import { ended, said, spawned } from "../test_screen.ts";

Deno.test("a run writes the journal and three reports, and ends with 0", async () => {
  await using folder = new TestFolder();
  const out = `${folder.path}/out`;
  const { status, out: text } = await said(
    "conform",
    "--filter",
    "mqtt/ping/*",
    "--filter",
    "at/open/already*",
    "--out",
    out,
  );
  assert.equal(status, 0, text);
  assert.deepEqual(folder.names("out"), ["journal.ndjson", "junit.xml", "report.html", "result.json"]);
  assert.match(text, /Target reference at mqtt:/);
  assert.match(text, /Target virtual-module at /);
  assert.match(text, /\d+ passed, 0 failed, in /);
  const result = JSON.parse(folder.read("out/result.json"));
  assert.equal(result.kind, "conform");
  assert.deepEqual(result.targets.map(({ name }: { name: string }) => name), ["reference", "virtual-module"]);
});

Deno.test("report renders a run again, and one case as a bug report", async () => {
  await using folder = new TestFolder();
  const suite = folder.write("own.yaml", suiteText(PASSES + FAILS));
  const out = `${folder.path}/out`;
  const run = await said("conform", suite, "--target", "reference", "--out", out, "--format", "tap");
  assert.equal(run.status, 1);
  assert.deepEqual(folder.names("out"), ["journal.ndjson", "result.tap"]);

  const again = await said(
    "report",
    out,
    "--format",
    "html,markdown,pcapng",
    "--out",
    `${folder.path}/again`,
  );
  assert.equal(again.status, 0);
  assert.deepEqual(folder.names("again"), ["capture.pcapng", "report.html", "report.md"]);

  const text = await said("report", `${out}/journal.ndjson`, "--case", "own/fails");
  assert.match(text.out, /Unexpected PINGRESP, expected PUBACK/);
  const markdown = await said("report", out, "--case", "own/fails", "--format", "markdown");
  assert.match(markdown.out, /^fail of own\/fails, level MUST$/m);
  const wrong = await said("report", out, "--case", "own/fail");
  assert.equal(wrong.status, 2);
  assert.match(wrong.err, /The run has no case "own\/fail"; did you mean own\/fails\?/);
});

Deno.test("a journal that is cut at any of many bytes is rendered up to there", async () => {
  await using folder = new TestFolder();
  const suite = folder.write("own.yaml", suiteText(PASSES + FAILS));
  await said("conform", suite, "--target", "reference", "--out", `${folder.path}/out`, "--format", "json");
  const journal = await Deno.readFile(`${folder.path}/out/journal.ndjson`);
  // The clauses fill most of it and are all alike, so the cuts are dense only where the cases are.
  const cases = new TextDecoder().decode(journal).indexOf('{"kind":"target-started"');
  assert.ok(cases > 0);
  const cuts = [
    0,
    1,
    50,
    Math.floor(cases / 2),
    ...Array.from({ length: 60 }, (_, at) => Math.floor(cases + (journal.length - cases) * at / 60)),
  ];
  for (const cut of cuts) {
    await Deno.writeFile(`${folder.path}/cut.ndjson`, journal.subarray(0, cut));
    const { status, err } = await said(
      "report",
      `${folder.path}/cut.ndjson`,
      "--out",
      `${folder.path}/r`,
      "--format",
      "json,junit,tap,markdown",
    );
    // Without a whole line it is not a journal.
    const whole = journal.subarray(0, cut).includes(0x0a);
    assert.equal(status, whole ? 0 : 2, `${cut}: ${err}`);
    if (!whole) continue;
    assert.doesNotThrow(() => JSON.parse(folder.read("r/result.json")), String(cut));
  }
});

Deno.test("a user's suite has the openings of its own folder, from any working folder", async () => {
  await using folder = new TestFolder();
  folder.write(
    "my suites #1/openings.yaml",
    "openings:\n  hello:\n    lanes: [lane]\n    with: { lane: c }\n    steps:\n      - $lane -> CONNECT\n      - $lane <- CONNACK\n",
  );
  folder.write(
    "my suites #1/own.yaml",
    suiteText(
      PASSES +
        "  - { case: used, purpose: it MUST ping, use: { hello: {} }, steps: [c -> PINGREQ, c <- PINGRESP] }\n",
    ),
  );
  const child = spawned(
    ["conform", "my suites #1/own.yaml", "--target", "reference", "--out", "out", "--format", "json"],
    { cwd: folder.path },
  );
  const { status, out, err } = await ended(child);
  assert.equal(status, 0, out + err);
  assert.match(out, /^2 passed, 0 failed/m);
  assert.deepEqual(folder.names("out"), ["journal.ndjson", "result.json"]);
});

Deno.test("two targets are two columns of one run", async () => {
  await using folder = new TestFolder();
  const other = folder.write(
    "t/other.yaml",
    "target: other\ntitle: Another\ntests: broker\nstart: { embedded: reference-broker, defects: [pingresp-doubled] }\nprotocols: ['3.1.1']\n",
  );
  const suite = folder.write(
    "own.yaml",
    suiteText(
      "  - { case: ping, purpose: it MUST ping, use: {}, steps: [c -> CONNECT, c <- CONNACK, c -> PINGREQ, c <- PINGRESP, c -> PINGREQ, c <- PINGRESP, c -> PUBLISH: { topic: $topic, qos: 1 }, c <- PUBACK] }\n",
    ),
  );
  const { status, out } = await said(
    "conform",
    suite,
    "--target",
    "reference",
    "--target",
    other,
    "--out",
    `${folder.path}/out`,
  );
  assert.equal(status, 1);
  assert.match(out, /^own +reference +3\.1\.1 +1 /m);
  assert.match(out, /^own +other +3\.1\.1 +1 /m);
  const { cases } = JSON.parse(folder.read("out/result.json"));
  assert.deepEqual(cases.map((one: { target: string; verdict: string }) => [one.target, one.verdict]), [
    ["reference", "pass"],
    ["other", "fail"],
  ]);
});

Deno.test("known deviations do not fail a run, are written by --update-expect, and are found beside the target", async () => {
  await using folder = new TestFolder();
  const suite = folder.write("own.yaml", suiteText(PASSES + FAILS));
  const target = folder.write(
    "targets/mine.yaml",
    "target: mine\ntitle: Mine\ntests: broker\nstart: { embedded: reference-broker }\nprotocols: ['3.1.1']\nexpectations: ../known/mine.yaml\n",
  );
  Deno.mkdirSync(`${folder.path}/known`);
  const run = (...more: string[]) =>
    said("conform", suite, "--target", target, "--out", `${folder.path}/out`, "--format", "json", ...more);

  const missing = await run();
  assert.equal(missing.status, 2);
  assert.match(missing.err, /there is no file ".*known\/mine\.yaml"/);
  const first = await run("--update-expect");
  assert.equal(first.status, 1);
  assert.match(first.out, /^1 deviation of mine in .*known\/mine\.yaml$/m);
  assert.match(
    folder.read("known/mine.yaml"),
    /case: own\/fails\n[^]*verdict: fail\n[^]*reason: Unexpected PINGRESP/,
  );

  const known = await run();
  assert.equal(known.status, 0, known.out);
  assert.match(known.out, /1 known deviation/);
  assert.equal((await run("--no-expect")).status, 1);

  const reason = folder.read("known/mine.yaml").replace(/reason: .*/, "reason: ours to keep");
  folder.write("known/mine.yaml", reason.replace("own/fails", "own/passes").replace(/\n {4}protocol:.*/, ""));
  const unexpected = await run();
  assert.equal(unexpected.status, 1);
  assert.match(unexpected.out, /1 unexpected pass/);
  folder.write("known/mine.yaml", reason);
  await run("--update-expect");
  assert.match(folder.read("known/mine.yaml"), /reason: ours to keep/);

  folder.write("wrong.yaml", "target: mine\nexpect: [{ case: own/gone, verdict: fail, reason: r }]\n");
  const wrong = await run("--expect", `${folder.path}/wrong.yaml`);
  assert.equal(wrong.status, 2);
  assert.match(wrong.err, /no case has the id "own\/gone"/);
});
