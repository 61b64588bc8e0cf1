import assert from "node:assert/strict";
import { Help } from "@commander-js/extra-typings";
import { golden } from "../../tools/golden.ts";
import { PASSES, suiteText, TestFolder } from "../catalog/test_folder.ts";
import { COMMANDS } from "./command_table.ts";
import { pipe, said } from "./test_screen.ts";

const TEN = new URL("testdata/ten_mistakes.yaml", import.meta.url);

Deno.test("ten different mistakes of a suite file are all reported with their places, and nothing is run", async () => {
  await using folder = new TestFolder();
  const { status, out, err } = await said("conform", TEN.pathname, "--out", `${folder.path}/out`);
  assert.equal(status, 2);
  assert.equal(out, "");
  assert.ok(!folder.read("out/journal.ndjson").includes("case-started"));
  const text = err.replaceAll(/-->.*?(lib\/cli\/)/g, "--> $1");
  assert.equal(text.match(/^error: /gm)?.length, 10);
  assert.equal(text.match(/^ *--> .*:\d+:\d+$/gm)?.length, 10);
  await golden(new URL("testdata/golden/ten_mistakes.txt", import.meta.url), `${text}\n`);
});

const MISTAKES: readonly (readonly [args: readonly string[], told: RegExp])[] = [
  [["conform", "--target", "mosqitto"], /^Unknown target "mosqitto"; did you mean mosquitto\?$/],
  [["conform", "--target", "./no.yaml"], /^There is no file "no\.yaml"; expected the path of a target file/],
  [["conform", "--target", "mqtt://"], /not a host and a port/],
  [["conform", "--target", "wss://h:0"], /"0" is not a port/],
  [
    ["conform", "--target", "reference", "--target", "reference"],
    /^Two targets of this run are called "reference"/,
  ],
  [["conform", "mqtt/qos3"], /^Unknown suite or case "mqtt\/qos3"; did you mean mqtt\/qos\d\?/],
  [["conform", "./none.yaml"], /^There is no file "none\.yaml"; expected the path of a suite file/],
  [["conform", "--taget", "reference"], /unknown option '--taget'[^]*Did you mean --target\?/],
  [["conform", "--format", "htlm"], /Unknown format "htlm"; did you mean html\?/],
  [["conform", "--level", "most"], /must, should, may/],
  [["conform", "--protocol", "6"], /3\.1, 3\.1\.1, 5\.0, or 3, 4, 5 for these/],
  [["conform", "--jobs", "0"], /Expected a whole number from 1 to 256\./],
  [["conform", "--for", "soon"], /Expected a duration such as/],
  [["conform", "--set", "openFaild=1"], /^No suite declares a value "openFaild"; did you mean openFailed\?$/],
  [["conform", "--set", "x"], /Expected a name and a value/],
  [["conform", "--no-expect", "--update-expect"], /exclude each other/],
  [["conform", "--update-expect", "--target", "reference"], /^No target of this run has an expectation file/],
  [
    ["conform", "--expect", "none.yaml", "--target", "reference"],
    /^There is no file "none\.yaml"; expected a file of known/,
  ],
  [["confrom"], /unknown command 'confrom'[^]*Did you mean conform\?/],
  [["report"], /missing required argument/],
  [["report", ""], /^The name of a run is empty; expected a folder or a journal\.ndjson$/],
  [["report", "long".repeat(200)], /^"(long)+.*…" can't be read: File name too long/],
  [["report", "/nowhere"], /^There is no run at "\/nowhere"/],
  [["list", "no-such"], /no-such/],
  [["conform", "--operator"], /argument missing/],
  [["broker", "--defect", "puback-lots"], /puback-lost/],
  [["module", "--resolve", "host"], /^Expected a host and its address, found "host"/],
  [
    ["module", "--quirk", "pings-early"],
    /Unknown quirk "pings-early" of the virtual module; did you mean ping-early\?/,
  ],
  [["module", "--quirk", "ping-urc"], /"ping-urc" is only for modules with AT\+QMT commands/],
  [["module", "--round-trip", "1500"], /Expected a duration such as 30s/],
];

Deno.test("a mistake on the command line ends with 2 and a sentence that helps, without a stack", async () => {
  for (const [args, told] of MISTAKES) {
    const { status, out, err } = await said(...args);
    assert.equal(status, 2, args.join(" "));
    assert.match(err, told, args.join(" "));
    assert.doesNotMatch(err, /^\s+at /m);
    assert.equal(out, "", args.join(" "));
  }
});

Deno.test("a word of the command line can't control the terminal of the reader of its error", async () => {
  const word = "\x1b[2J\u202eno";
  for (const args of [["conform", word], ["module", word], ["conform", "--level", word], ["lint", word]]) {
    const { status, err } = await said(...args);
    assert.equal(status, 2, args.join(" "));
    assert.ok(err.includes("\\u{1b}[2J\\u{202e}no"), err);
    assert.doesNotMatch(err, /[\p{Cf}\p{Cs}]|(?!\n)\p{Cc}/u);
  }
});

Deno.test("a folder that no system accepts is reported together with the refused option, without a stack", async () => {
  const out = `${"long".repeat(100)}\x1b[2J`;
  const { status, err } = await said("conform", "--taget", "x", "--out", out);
  assert.equal(status, 2);
  assert.match(err, /unknown option '--taget'/);
  assert.match(err, /^The results can't be written to "(long)+\\u\{1b\}\[2J": File name too long/m);
  assert.doesNotMatch(err, /^\s+at /m);
});

Deno.test("results that can't be written are reported before anything is run", async () => {
  await using folder = new TestFolder();
  const file = folder.write("taken", "x");
  const { status, err } = await said("conform", "mqtt/ping", "--target", "reference", "--out", `${file}/out`);
  assert.equal(status, 2);
  assert.match(err, /^The results can't be written to ".*\/taken\/out": /);
});

Deno.test("list shows the cases with level, protocols and clauses, and as JSON", async () => {
  const { status, out } = await said("list", "mqtt/ping");
  assert.equal(status, 0);
  assert.match(out, /^mqtt\/ping\/\S+ +must +3\.1/m);
  assert.match(out, /\n\d+ cases, \d+ case runs$/);
  const json = await said("list", "mqtt/ping", "--json");
  const cases: unknown = JSON.parse(json.out);
  assert.ok(Array.isArray(cases) && cases.length > 5);
  const filtered = await said("list", "--filter", "MQTT-3.12", "--filter", "!mqtt/ping");
  assert.equal(filtered.status, 0);
  assert.doesNotMatch(filtered.out, /^mqtt\/ping/m);
});

Deno.test("list --clauses shows each row of the manual with its cases, or why none can cover it", async () => {
  const { status, out } = await said("list", "--clauses");
  assert.equal(status, 0);
  assert.match(out, /^Rows of the ECMT manual for a module: \d+ of 169 have cases, \d+ can have none$/m);
  assert.match(out, /^Statements of MQTT 3\.1\.1 for a module: \d+ of 72 have cases, \d+ can have none$/m);
  assert.match(out, /^ECMT-AT-11 {2}Result lines go.*\n {4}no case: It covers several channels/m);
  assert.match(out, /^ECMT-PUB-U3 {2}.*\n(?: {4}.*\n)*? {4}at\/pub\/qos2 \(2 rows\)$/m);
});

Deno.test("list --clauses of some cases shows the clauses that they cover, and as JSON", async () => {
  const { status, out } = await said("list", "at/close", "--clauses", "--json");
  assert.equal(status, 0);
  const listed: unknown = JSON.parse(out);
  assert.ok(Array.isArray(listed) && listed.length > 2 && listed.length < 60);
  for (const one of listed) assert.ok(one.cases.some(({ id }: { id: string }) => id.startsWith("at/close/")));
});

Deno.test("lint finds no mistake in what ships", async () => {
  const { status, out, err } = await said("lint");
  assert.equal(err, "");
  assert.equal(status, 0);
  assert.match(out, /^\d+ files, no mistakes$/);
});

Deno.test("lint reports the mistakes of all files at once, of every kind", async () => {
  await using folder = new TestFolder();
  const { status, err } = await said(
    "lint",
    folder.write("suite.yaml", suiteText("  - { case: a, purpose: b, steps: [c -> CONECT] }")),
    folder.write("target.yaml", "target: t\ntitle: T\ntests: broker\naddress: mqtt//h\n"),
    folder.write("known.yaml", "target: t\nexpect: [{ case: no/such, verdict: fail, reason: r }]\n"),
    folder.write("openings.yaml", "openings: { a: { stepz: [] } }\n"),
    folder.write("uncovered.yaml", "uncovered: { module: { ECMT: { ECMT-PUB-W1: no } } }\n"),
    folder.write("dialect.yaml", "dialect: own\ntitle: T\nfinal: {}\n"),
    folder.write("right/suite.yaml", suiteText(PASSES)),
  );
  assert.equal(status, 2);
  for (
    const file of [
      "suite.yaml:5",
      "target.yaml:4",
      "known.yaml:2",
      "openings.yaml:1",
      "uncovered.yaml:1",
      "dialect.yaml:3",
    ]
  ) {
    assert.ok(err.includes(file), `${file} in ${err}`);
  }
  assert.match(err, /\n\d+ mistakes in 7 files$/);
});

Deno.test("help is not a mistake, and every option of every command is in the reference", async () => {
  const reference = await Deno.readTextFile(new URL("../../docs/reference/command-line.md", import.meta.url))
    .catch(() => undefined);
  if (reference === undefined) {
    console.log("docs/reference/command-line.md does not exist: options are not checked against it");
  }
  const { out } = await said("--help");
  const commands = [...out.matchAll(/^ {2}([a-z]+)/gm)].map((match) => match[1] ?? "").filter((name) =>
    name !== "help"
  );
  assert.ok(
    commands.includes("conform") && commands.includes("prove") && commands.length >= 9,
    commands.join(" "),
  );
  const missing: string[] = [];
  for (const command of commands) {
    const help = await said(command, "--help");
    assert.equal(help.status, 0, command);
    for (const [, option = ""] of help.out.matchAll(/^ {2}(?:-\w, )?(--[a-z-]+)/gm)) {
      if (option !== "--help" && reference?.includes(option) === false) missing.push(`${command} ${option}`);
    }
  }
  assert.deepEqual(missing, []);
});

Deno.test("the list of commands shows each as its own help does, although it loads none of their modules", async () => {
  const { out } = await said("--help");
  const list = out.slice(out.indexOf("Commands:")).replaceAll(/\s+/g, " ");
  for (const { name, takes, description, load } of COMMANDS) {
    assert.ok(list.includes(`${name} ${takes}`.trimEnd() + ` ${description}`), name);
    const command = await load(pipe([], []), () => {});
    assert.equal(command.name(), name);
    const term = new Help().subcommandTerm(command);
    assert.equal(term, `${name} ${takes}`.trimEnd());
    const help = await said("help", name);
    assert.equal(help.status, 0, name);
    assert.ok(help.out.replaceAll(/\s+/g, " ").includes(description), name);
  }
});

Deno.test("the version is that of deno.json", async () => {
  const { version } = JSON.parse(await Deno.readTextFile(new URL("../../deno.json", import.meta.url)));
  assert.deepEqual(await said("--version"), { status: 0, out: version, err: "" });
});
