import assert from "node:assert/strict";
import { parse } from "yaml";
import { formatProblems } from "../../spec/problem.ts";
import { loadDialect } from "./dialect_file.ts";
import { loadLimits } from "./load_limits.ts";

const FILE = "own.yaml";

/** A dialect with one command and one option; `limits` goes under `commands:` and `options:` of its limits. */
function dialect(limits: string): string {
  return `dialect: ecmt
title: A dialect of a test
answerMs: 1000
resultMs: 1000
finals: { ok: [OK], error: [ERROR, +CME ERROR] }
commands:
  +ECMTSUB:
    forms: [write]
    parameters:
      - { name: id, type: int, range: [1, 9] }
      - { name: topic, type: string, maxLength: 20 }
      - { name: kind, type: int, values: [0, 1, 10], optional: true }
    result: +ECMTSUB
  +ECMTCFG:
    forms: [write]
    options:
      keepalive:
        clause: ECMT-CFG-W12
        parameters:
          - { name: seconds, type: int, range: [0, 60] }
results:
  +ECMTSUB:
    role: answer
    fields:
      - { name: id, type: int }
limits:
  suite: at/limits
  title: The limits
  untried: { +ECMTSUB: not here, +ECMTCFG: not here }
  values: { topicMax: 12, idRefused: 10 }
  refusals: { parser: [ERROR], command: ["+CME ERROR: 3"] }
  classes:
    lowest: { covers: [] }
    highest: { covers: [] }
    below: { refusal: command, covers: [ECMT-AT-31] }
    above: { refusal: command, covers: [ECMT-AT-31] }
    each: { covers: [] }
    between: { refusal: command, covers: [] }
    leading-zero: { covers: [ECMT-AT-20] }
    quoted-number: { refusal: parser, covers: [ECMT-AT-20] }
    longest: { covers: [] }
    one-longer: { refusal: command, covers: [] }
    empty: { refusal: parser, covers: [ECMT-AT-25] }
    left-off: { refusal: parser, covers: [ECMT-AT-25] }
    optional-empty: { covers: [ECMT-AT-24] }
    extra: { refusal: parser, covers: [ECMT-AT-26] }
${limits}`;
}

const COMMAND = `  commands:
    +ECMTSUB:
      use: online
      valid: [1, a/b, 0]
      covers: { id: ECMT-SUB-W2, topic: ECMT-SUB-W4 }
`;

function limitsOf(text: string) {
  const { commandSet, problems } = loadDialect(text, FILE);
  assert.ok(commandSet?.limits, formatProblems(problems, new Map([[FILE, text]])));
  const { limits } = commandSet;
  const suite: { values: unknown; cases: Record<string, unknown>[] } = parse(limits.text);
  const cases = new Map(suite.cases.map((one) => [String(one.case), one]));
  return { limits, suite, cases };
}

Deno.test("limitSuite() makes of each parameter the classes of its type, and of no other", () => {
  const { cases } = limitsOf(dialect(COMMAND));
  assert.deepEqual([...cases.keys()].map((name) => name.replace("ecmtsub-", "")), [
    ...["id-lowest", "id-highest", "id-below", "id-above", "id-leading-zero", "id-quoted-number", "id-empty"],
    ...["id-left-off", "topic-longest", "topic-one-longer", "topic-empty", "topic-left-off"],
    ...["kind-each-0", "kind-each-1", "kind-each-10", "kind-between", "kind-leading-zero"],
    ...["kind-quoted-number", "kind-optional-empty", "kind-extra"],
  ]);
});

Deno.test("limitSuite() sends one parameter wrong and the others right, and expects the right error", () => {
  const { cases } = limitsOf(dialect(COMMAND));
  const steps = (name: string) => cases.get(`ecmtsub-${name}`)?.steps;
  const refused = { "dte <- one of": [{ "+CME ERROR": 3 }] };
  const fault = { "dte <- one of": ["ERROR"] };
  assert.deepEqual(steps("id-below"), [{ "dte -> AT+ECMTSUB=": [0, "a/b", 0] }, refused]);
  assert.deepEqual(steps("id-above"), [{ "dte -> AT+ECMTSUB=": [10, "a/b", 0] }, refused]);
  assert.deepEqual(steps("id-quoted-number"), [{ "dte -> AT+ECMTSUB=": [{ quoted: "1" }, "a/b", 0] }, fault]);
  assert.deepEqual(steps("topic-left-off"), [{ "dte -> AT+ECMTSUB=": [1] }, fault]);
  assert.deepEqual(steps("topic-empty"), [{ "dte -> AT+ECMTSUB=": [1, "omit", 0] }, fault]);
  assert.deepEqual(steps("kind-extra"), [{ "dte -> AT+ECMTSUB=": [1, "a/b", 0, 0] }, fault]);
  assert.deepEqual(steps("kind-between"), [{ "dte -> AT+ECMTSUB=": [1, "a/b", 2] }, refused]);
  const longest = { repeat: "x", times: 20 };
  assert.deepEqual(steps("topic-longest"), [{ "dte -> AT+ECMTSUB=": [1, longest, 0] }, "dte <- OK"]);
  assert.deepEqual(steps("topic-one-longer"), [
    { "dte -> AT+ECMTSUB=": [1, { join: [longest, "x"] }, 0] },
    refused,
  ]);
});

Deno.test("limitSuite() takes lengths, numbers and lists from where the limits say them", () => {
  const { cases } = limitsOf(dialect(`${COMMAND}      longest: { topic: $topicMax }
      values: { kind: [0, 1] }
      above: { id: $idRefused }
      validFor: { kind: [2, b, 1] }
`));
  const typed = (name: string) => {
    const [first] = (cases.get(`ecmtsub-${name}`)?.steps ?? []) as Record<string, unknown>[];
    return first?.["dte -> AT+ECMTSUB="];
  };
  assert.deepEqual(typed("topic-longest"), [1, { repeat: "x", times: "$topicMax" }, 0]);
  assert.deepEqual(typed("id-above"), ["$idRefused", "a/b", 0]);
  assert.deepEqual(typed("kind-each-1"), [2, "b", 1]);
  assert.equal(cases.has("ecmtsub-kind-each-10"), false);
});

Deno.test("limitSuite() puts what was sent into the steps after OK, and what then arrives", () => {
  const { cases } = limitsOf(dialect(`${COMMAND}      taken:
        - broker <- SUBSCRIBE: { packetId: $id, filter: $topic, qos: $kind }
        - dte <- +ECMTSUB: [$id, $case]
`));
  const behind = (name: string) => ((cases.get(`ecmtsub-${name}`)?.steps ?? []) as unknown[]).slice(1);
  assert.deepEqual(behind("id-leading-zero"), [
    "dte <- OK",
    { "broker <- SUBSCRIBE": { packetId: 1, filter: "a/b", qos: 0 } },
    { "dte <- +ECMTSUB": [1, "$case"] },
  ]);
  assert.deepEqual(behind("kind-optional-empty"), [
    "dte <- OK",
    { "broker <- SUBSCRIBE": { packetId: 1, filter: "a/b", qos: "absent" } },
    { "dte <- +ECMTSUB": [1, "$case"] },
  ]);
});

Deno.test("limitSuite() uses the weakest level of the rows, and should without rows", () => {
  const { cases } = limitsOf(dialect(COMMAND));
  const of = (name: string) => cases.get(`ecmtsub-${name}`);
  assert.deepEqual([of("id-below")?.level, of("id-below")?.covers], [undefined, [
    "ECMT-SUB-W2",
    "ECMT-AT-31",
  ]]);
  assert.match(
    String(of("id-below")?.purpose),
    /^the module MUST refuse AT\+ECMTSUB when id is below its range$/,
  );
  assert.deepEqual([of("id-left-off")?.level, of("id-left-off")?.covers], ["should", [
    "ECMT-SUB-W2",
    "ECMT-AT-25",
  ]]);
  assert.deepEqual([of("kind-between")?.level, of("kind-between")?.covers], ["should", []]);
});

Deno.test("limitSuite() omits a class that does not apply, and says why one is not tested", () => {
  const { cases, limits } = limitsOf(dialect(`${COMMAND}      without: { extra: none, left-off: none }
      untested: { id: { below: "sources | disagree" } }
`));
  assert.equal(cases.has("ecmtsub-kind-extra") || cases.has("ecmtsub-topic-left-off"), false);
  assert.equal(cases.has("ecmtsub-id-below"), false);
  const reasons = limits.cells.filter(({ parameter, uncovered }) => parameter === "id" && uncovered);
  assert.deepEqual(reasons.map((cell) => [cell.class, cell.uncovered]), [
    ["below", "sources | disagree"],
    ["negative", "the dialect does not say what the class must lead to"],
    ["text-for-number", "the dialect does not say what the class must lead to"],
    ["left-off", "none"],
  ]);
});

Deno.test("limitSuite() tries options with their names before their values, and other refusals", () => {
  const { cases, limits } = limitsOf(dialect(`  commands: {}
  options:
    command: +ECMTCFG
    refusals: { parser: command }
    without: { extra: none }
    names:
      keepalive: { valid: [30] }
`));
  assert.deepEqual(cases.get("ecmtcfg-keepalive-seconds-quoted-number")?.steps, [
    { "dte -> AT+ECMTCFG=": ["keepalive", { quoted: "0" }] },
    { "dte <- one of": [{ "+CME ERROR": 3 }] },
  ]);
  assert.deepEqual(cases.get("ecmtcfg-keepalive-seconds-above")?.covers, ["ECMT-CFG-W12", "ECMT-AT-31"]);
  assert.equal(cases.has("ecmtcfg-keepalive-seconds-extra"), false);
  const above = { command: "ECMTCFG keepalive", parameter: "seconds", class: "above" };
  assert.deepEqual(limits.tried.get("ecmtcfg-keepalive-seconds-above"), above);
});

Deno.test("loadLimits() gives the cases the place of their parameter, the dialect's protocol and what they test", () => {
  const text = dialect(COMMAND.replace("      use: online\n", ""));
  const { limits } = limitsOf(text);
  const { suite, problems } = loadLimits(limits, FILE, { clauses: () => true });
  assert.deepEqual(problems, []);
  const [first] = suite?.cases ?? [];
  assert.equal(suite?.file, FILE);
  assert.equal(first?.id, "at/limits/ecmtsub-id-lowest");
  const line = text.split("\n").findIndex((each) => each.includes("name: id, type: int, range")) + 1;
  assert.deepEqual([first?.place.file, first?.place.line], [FILE, line]);
  assert.deepEqual(first?.steps.map(({ place }) => place.line), [line, line]);
  assert.deepEqual(first?.protocols, ["ECMT"]);
  assert.deepEqual(first?.covers, { ECMT: ["ECMT-SUB-W2"] });
  assert.deepEqual(first?.tags, ["limits"]);
  assert.deepEqual(first?.tried, { command: "ECMTSUB", parameter: "id", class: "lowest" });
});

Deno.test("loadLimits() reports an unknown opening", () => {
  const { limits } = limitsOf(dialect(COMMAND));
  const { suite, problems } = loadLimits(limits, FILE, { clauses: () => true });
  assert.equal(suite, undefined);
  assert.match(problems[0]?.message ?? "", /unknown opening "online"/);
});
