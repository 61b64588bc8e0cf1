import assert from "node:assert/strict";
import { loadSuite } from "./load.ts";
import type { Value } from "../../spec/value.ts";
import type { Suite } from "./model.ts";
import { mayHoldCases, select, type Selection, unmatchedPatterns } from "./select.ts";
import fc from "fast-check";

function suite(text: string): Suite {
  const { suite, problems } = loadSuite(text, "x.yaml");
  assert.ok(suite, JSON.stringify(problems));
  return suite;
}

const SUITES = [
  suite(`
suite: mqtt/qos2
title: Q
protocols: ["3.1.1", "5.0"]
requires: [qos2]
tags: [qos2]
cases:
  - { case: once, purpose: p, covers: { "3.1.1": [MQTT-4.3.3-1], "5.0": [MQTT-4.3.3-13] }, steps: [c -> CONNECT] }
  - { case: resumed, purpose: p, level: should, tags: [slow], steps: [c -> CONNECT] }
`),
  suite(`
suite: mqtt/wildcards
title: W
protocols: ["3.1.1"]
cases:
  - { case: matching, purpose: p, table: [{ f: a/+, t: a/b }, { f: "#", t: x }], requires: ["!x-strict"], steps: [c -> CONNECT] }
`),
  suite(`
suite: at/pub
title: P
cases:
  - { case: sent, purpose: p, level: may, covers: [ECMT-PUB-W1], steps: [dte -> ATE0] }
`),
];

const ids = (selection: Selection) =>
  select(SUITES, selection).map((one) => `${one.case.id} ${one.protocol}`);
const ALL = ids({});

Deno.test("select() returns each case in each of its protocols", () => {
  assert.deepEqual(ALL, [
    "mqtt/qos2/once 3.1.1",
    "mqtt/qos2/once 5.0",
    "mqtt/qos2/resumed 3.1.1",
    "mqtt/qos2/resumed 5.0",
    "mqtt/wildcards/matching[a/+,a/b] 3.1.1",
    "mqtt/wildcards/matching[#,x] 3.1.1",
    "at/pub/sent ECMT",
  ]);
});

Deno.test("select() takes patterns of suites, folders, files and cases", () => {
  assert.deepEqual(ids({ patterns: ["mqtt/*"] }), ALL.slice(0, 6));
  assert.deepEqual(ids({ patterns: ["mqtt"] }), ALL.slice(0, 6));
  assert.deepEqual(ids({ patterns: ["suites/at/pub.yaml", "mqtt/w*"] }), ALL.slice(4));
  assert.deepEqual(ids({ patterns: ["mqtt/qos2/once"] }), ALL.slice(0, 2));
  assert.deepEqual(ids({ patterns: ["mqtt/wildcards/matching[a/+,a/b]"] }), ALL.slice(4, 5));
  assert.deepEqual(ids({ patterns: ["mqtt/**"] }), ALL.slice(0, 6));
  assert.deepEqual(ids({ patterns: ["mqt"] }), []);
});

Deno.test("select() filters by part of the id, by clause and by tag; ! takes away", () => {
  assert.deepEqual(ids({ filters: ["wild"] }), ALL.slice(4, 6));
  assert.deepEqual(ids({ filters: ["*a/b*"] }), ALL.slice(4, 5));
  assert.deepEqual(ids({ filters: ["slow"] }), ALL.slice(2, 4));
  assert.deepEqual(ids({ filters: ["!mqtt/", "!nothing"] }), ALL.slice(6));
  assert.deepEqual(ids({ filters: ["qos2", "!slow"] }), ALL.slice(0, 2));
  assert.deepEqual(ids({ filters: ["ecmt-pub"] }), ALL.slice(6));
});

Deno.test("select() does not take one clause for another that begins like it", () => {
  assert.deepEqual(ids({ filters: ["MQTT-4.3.3-1"] }), ["mqtt/qos2/once 3.1.1"]);
  assert.deepEqual(ids({ filters: ["MQTT-4.3"] }), ALL.slice(0, 2));
});

Deno.test("select() takes cases of a level and all stronger ones", () => {
  assert.equal(ids({ level: "must" }).length, 4);
  assert.equal(ids({ level: "should" }).length, 6);
  assert.equal(ids({ level: "may" }).length, 7);
});

Deno.test("select() narrows the protocols of broker cases only", () => {
  assert.deepEqual(ids({ protocols: ["5.0"] }), [
    "mqtt/qos2/once 5.0",
    "mqtt/qos2/resumed 5.0",
    "at/pub/sent ECMT",
  ]);
});

Deno.test("select() leaves out the suites for the other kind of target", () => {
  assert.deepEqual(ids({ tests: "module" }), ALL.slice(6));
});

Deno.test("select() skips what the target does not claim, with the reason", () => {
  const selected = select(SUITES, {
    tests: "broker",
    speaks: ["3.1.1"],
    claims: () => ({ supports: ["x-strict"], values: new Map() }),
  });
  assert.deepEqual(selected.map(({ skip }) => skip), [
    'The target does not claim "qos2"',
    "The target does not speak MQTT 5.0",
    'The target does not claim "qos2"',
    "The target does not speak MQTT 5.0",
    'The case is for targets that do not claim "x-strict"',
    'The case is for targets that do not claim "x-strict"',
  ]);
  const claimed = select(SUITES, {
    tests: "broker",
    speaks: ["3.1.1", "5.0"],
    claims: () => ({ supports: ["qos2"], values: new Map() }),
  });
  assert.ok(claimed.every(({ skip }) => skip === undefined));
});

Deno.test("unmatchedPatterns() returns the patterns without a match", () => {
  assert.deepEqual(unmatchedPatterns(SUITES, ["mqtt/*", "mqtt/qso2", "at"]), [
    { pattern: "mqtt/qso2", hint: "did you mean mqtt/qos2?" },
  ]);
});

Deno.test("unmatchedPatterns() takes its hints from the names of suites that were not read, too", () => {
  assert.deepEqual(unmatchedPatterns([], ["mqtt/qso2"], ["mqtt/ping", "mqtt/qos2"]), [
    { pattern: "mqtt/qso2", hint: "did you mean mqtt/qos2?" },
  ]);
});

Deno.test("mayHoldCases() leaves out the suites that a pattern can't mean", () => {
  const named = (pattern: string) =>
    ["at/pub", "mqtt/qos1", "mqtt/qos2", "mqtt/wildcards"].filter((name) => mayHoldCases(name, [pattern]));
  assert.deepEqual(named("mqtt/qos2"), ["mqtt/qos2"]);
  assert.deepEqual(named("./suites/mqtt/qos2.yaml"), ["mqtt/qos2"]);
  assert.deepEqual(named("mqtt/qos2/once"), ["mqtt/qos2"]);
  assert.deepEqual(named("mqtt/wildcards/matching[#,x]"), ["mqtt/wildcards"]);
  assert.deepEqual(named("mqtt/qos*/once"), ["mqtt/qos1", "mqtt/qos2"]);
  assert.deepEqual(named("mqtt/"), ["mqtt/qos1", "mqtt/qos2", "mqtt/wildcards"]);
  assert.deepEqual(named("mqtt/qos"), []);
  assert.equal(mayHoldCases("at/pub", []), true);
  assert.equal(mayHoldCases("at/pub", ["mqtt/*", "at"]), true);
});

Deno.test("mayHoldCases() never leaves out a suite of which select() takes a case", () => {
  const part = fc.constantFrom(
    ...["mqtt", "at", "qos2", "wildcards", "pub", "once", "matching[", "sent", "a/+,a/b", "#,x"],
    ...[
      "/",
      "/",
      "/",
      "*",
      "**",
      "?",
      "{mqtt,at}",
      "[",
      "]",
      "(",
      ")",
      "!",
      "+",
      "\\",
      "./",
      "suites/",
      ".yaml",
    ],
  );
  const pattern = fc.array(part, { minLength: 1, maxLength: 7 }).map((parts) => parts.join(""));
  fc.assert(
    fc.property(fc.array(pattern, { minLength: 1, maxLength: 2 }), (patterns) => {
      const ids = (suites: typeof SUITES) =>
        select(suites, { patterns }).map(({ case: { id }, protocol }) => `${id} ${protocol}`);
      const read = SUITES.filter(({ name }) => mayHoldCases(name, patterns));
      assert.deepEqual(ids(read), ids(SUITES));
    }),
    { numRuns: 5_000, examples: [[["././**"]], [["suites/./mqtt/*"]]] },
  );
});

Deno.test("select() asks of each row what its variable names, and nothing for QoS 0", () => {
  const rows = suite(`
suite: mqtt/rows
title: R
protocols: ["3.1.1"]
requires: [wills]
cases:
  - { case: at, purpose: p, matrix: { qos: [0, 1, 2] }, requires: [qos$qos], steps: [c -> CONNECT] }
`);
  const skips = select([rows], { claims: () => ({ supports: ["wills", "qos1"], values: new Map() }) }).map((
    one,
  ) => one.skip);
  assert.deepEqual(skips, [undefined, undefined, 'The target does not claim "qos2"']);
});

Deno.test("select() skips what needs more than the target takes, by protocol, and names the capacity", () => {
  const { suite, problems } = loadSuite(
    `suite: mqtt/deep
title: Deep
protocols: ["3.1.1", "5.0"]
cases:
  - { case: at, purpose: p, matrix: { levels: [8, 9] }, needs: { topicLevels: $levels }, steps: [c -> CONNECT] }
`,
    "deep.yaml",
  );
  assert.deepEqual(problems, []);
  assert.ok(suite);
  const place = { file: "t", line: 1, column: 1, length: 1 };
  const eight = { kind: "literal", value: 8, source: "8", place } as const;
  const claims = (protocol: string) => ({
    supports: [],
    values: new Map(protocol === "5.0" ? [["topicLevels", eight]] : []),
  });
  assert.deepEqual(
    select([suite], { claims }).map(({ protocol, skip, beyond }) => [protocol, skip, beyond]),
    [
      ["3.1.1", undefined, undefined],
      ["5.0", undefined, undefined],
      ["3.1.1", undefined, undefined],
      ["5.0", "capacity: the target accepts 8 topic levels, this case needs 9", "topicLevels"],
    ],
  );
  const nine = { ...eight, value: 9, source: "9" };
  const given = select([suite], { claims, values: new Map([["topicLevels", nine]]) });
  assert.ok(given.every(({ skip }) => skip === undefined));
});

Deno.test("select() asks for a feature only in rows where its variable is true", () => {
  const { suite, problems } = loadSuite(
    `suite: mqtt/rows
title: Rows
protocols: ["5.0"]
cases:
  - { case: at, purpose: p, matrix: { retain: [true, false] }, requires: [retained if $retain], steps: [c -> CONNECT] }
`,
    "rows.yaml",
  );
  assert.deepEqual(problems, []);
  assert.ok(suite);
  const claims = () => ({ supports: [], values: new Map() });
  assert.deepEqual(select([suite], { claims }).map(({ skip }) => skip), [
    'The target does not claim "retained"',
    undefined,
  ]);
});

Deno.test("a capacity among the requirements runs the case only where the exact amount is known", () => {
  const amounts = suite(`
suite: mqtt/amounts
title: A
protocols: ["5.0"]
cases:
  - { case: known, purpose: p, requires: [receiveMaximum], steps: [c -> CONNECT] }
  - { case: unknown, purpose: p, requires: ["!receiveMaximum"], steps: [c -> CONNECT] }
`);
  const skips = (given: string | undefined, number?: number) => {
    const place = { file: "t.yaml", line: 1, column: 1, length: 1 };
    const values = new Map<string, Value>(
      given === undefined
        ? []
        : [["receiveMaximum", { kind: "literal", value: number ?? given, source: given, place }]],
    );
    return select([amounts], { claims: () => ({ supports: [], values }) }).map(({ skip }) => skip);
  };
  const lacks = 'The target gives no exact amount for "receiveMaximum"';
  assert.deepEqual(skips("20", 20), [
    undefined,
    'The target gives an exact amount for "receiveMaximum"',
  ]);
  assert.deepEqual(skips(undefined), [lacks, undefined]);
  assert.deepEqual(skips("at least 65535"), [lacks, undefined]);
});
