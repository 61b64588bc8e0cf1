import assert from "node:assert/strict";
import type { Failure } from "./event.ts";
import { findingsCount, findingsOf } from "./findings.ts";
import type { CaseResult } from "./result.ts";

let n = 0;

function failing(
  id: string,
  reason: string,
  options: Partial<CaseResult> & { rules?: string[] } = {},
): CaseResult {
  const { rules, ...rest } = options;
  const covers = rest.covers ?? ["MQTT-1.0.0-1"];
  const ruled = rules === undefined
    ? []
    : [{ clause: "MQTT-2.0.0-9", text: "no property twice", ofRule: true as const }];
  const failure: Failure = {
    message: reason,
    file: "s.yaml",
    line: 1,
    column: 1,
    source: "- c <- CONNACK",
    rules,
    clauses: [...ruled, ...covers.map((clause) => ({ clause, text: "" }))],
    variables: {},
  };
  return {
    n: ++n,
    id,
    suite: "s",
    purpose: "",
    target: "broker",
    protocol: "3.1.1",
    level: "must",
    covers,
    tags: [],
    file: "s.yaml",
    line: 1,
    lanes: ["c"],
    startedMs: 0,
    standing: "fail",
    verdict: "fail",
    reason,
    failure,
    warnings: [],
    durationMs: 1,
    steps: [],
    chart: [],
    retried: 0,
    ...rest,
  };
}

/** The ids of the cases of each finding. */
function ids(cases: readonly CaseResult[]): readonly (readonly string[])[] {
  return findingsOf(cases).map((one) => one.cases.map(({ id }) => id));
}

Deno.test("findingsOf() joins packets that break one rule, whatever their cases cover, under the rule's clause", () => {
  const found = findingsOf([
    failing("s/a", "CONNACK 0 breaks property-twice (byte 9)", {
      covers: ["MQTT-1.0.0-1"],
      rules: ["property-twice"],
    }),
    failing("s/b", "CONNACK 0 breaks property-twice (byte 12)", {
      covers: ["MQTT-1.0.0-2"],
      rules: ["property-twice"],
      protocol: "5.0",
    }),
  ]);
  assert.equal(found.length, 1);
  assert.deepEqual(found[0]?.clauses, ["MQTT-2.0.0-9"]);
  assert.deepEqual(found[0]?.protocols, ["3.1.1", "5.0"]);
});

Deno.test("findingsOf() joins a wrong flag over clauses, and separates other mismatches by their clause", () => {
  assert.deepEqual(
    ids([
      failing("s/a", "PUBLISH dup is false, expected true", { covers: ["MQTT-1.0.0-1"] }),
      failing("s/b", "PUBLISH dup is false, expected true", { covers: ["MQTT-1.0.0-2"] }),
      failing("s/c", "CONNACK reason is 0, expected 2", { covers: ["MQTT-1.0.0-1"] }),
      failing("s/d", "CONNACK reason is 0, expected 2", { covers: ["MQTT-1.0.0-2"] }),
    ]),
    [["s/a", "s/b"], ["s/c"], ["s/d"]],
  );
});

Deno.test("findingsOf() ignores topics, payloads, packet ids and times", () => {
  assert.deepEqual(
    ids([
      failing("s/a", 'Nothing came within 2000 ms, expected PUBLISH with topic "x/1", packetId 5'),
      failing(
        "s/b",
        'Nothing came within 2074 ms, expected PUBLISH with topic "y", packetId 7 (3 of 3 alone)',
      ),
    ]),
    [["s/a", "s/b"]],
  );
});

Deno.test("findingsOf() joins one case in two protocols whose clauses have other names, and through it their groups", () => {
  assert.deepEqual(
    ids([
      failing("s/a", "The connection was closed", { covers: ["MQTT-1.0.0-1"] }),
      failing("s/b", "The connection was closed", { covers: ["MQTT-9.0.0-1"], protocol: "5.0" }),
      failing("s/a", "The connection was closed", { covers: ["MQTT-9.0.0-1"], protocol: "5.0" }),
    ]),
    [["s/a", "s/b", "s/a"]],
  );
});

Deno.test("findingsOf() joins cases that fail alike and share a clause, whichever it is", () => {
  assert.deepEqual(
    ids([
      failing("s/a", "Unexpected PINGRESP, expected a closed connection", {
        covers: ["MQTT-1.0.0-1", "MQTT-1.0.0-2"],
      }),
      failing("s/b", "Unexpected PINGRESP, expected a closed connection", { covers: ["MQTT-1.0.0-2"] }),
      failing("s/c", "Unexpected PINGRESP, expected a closed connection", { covers: ["MQTT-1.0.0-3"] }),
    ]),
    [["s/a", "s/b"], ["s/c"]],
  );
});

Deno.test("findingsOf() joins silence over cases only if most cases about the clause fail", () => {
  const silent = (id: string) =>
    failing(id, "Nothing came within 2000 ms, expected PUBLISH", { covers: ["MQTT-1.0.0-1"] });
  const cases = [silent("s/a[1]"), silent("s/a[2]"), silent("s/b")];
  assert.deepEqual(ids(cases), [["s/a[1]", "s/a[2]", "s/b"]]);
  const kept = failing("s/c", "", { covers: ["MQTT-1.0.0-1"], standing: "pass", verdict: "pass" });
  assert.deepEqual(ids([...cases, kept]), [["s/a[1]", "s/a[2]", "s/b"]]);
  const mostly = Array.from({ length: 4 }, (_, at) => ({ ...kept, id: `s/d[${at}]` }));
  assert.deepEqual(ids([...cases, ...mostly]), [["s/a[1]", "s/a[2]"], ["s/b"]]);
  const elsewhere = mostly.map((one) => ({ ...one, target: "other" }));
  assert.deepEqual(ids([...cases, ...elsewhere]), [["s/a[1]", "s/a[2]", "s/b"]]);
});

Deno.test("findingsOf() joins what is cut short, and a close before a packet, whatever the cases are about", () => {
  const about = (id: string, reason: string, clause: string) => failing(id, reason, { covers: [clause] });
  assert.deepEqual(
    ids([
      about("s/a", 'PUBLISH payload is "hell", expected "hello"', "MQTT-1.0.0-1"),
      about("s/b", 'PUBLISH payload is "a\\"", expected "a\\"b"', "MQTT-1.0.0-2"),
      about("s/c", "PUBLISH payload is 6 bytes, expected 7 bytes", "MQTT-1.0.0-3"),
      about("s/g", 'PUBLISH payload is "", expected 1 bytes', "MQTT-1.0.0-4"),
      about("s/d", 'PUBLISH payload is "x", expected "y"', "MQTT-1.0.0-1"),
      about("s/e", "The connection was closed, expected DISCONNECT", "MQTT-1.0.0-1"),
      about("s/f", "The connection was closed, expected DISCONNECT", "MQTT-1.0.0-2"),
    ]),
    [["s/a", "s/b", "s/c", "s/g"], ["s/e", "s/f"], ["s/d"]],
  );
});

Deno.test("findingsOf() separates targets and standings, and joins known deviations by their reason", () => {
  const known = (id: string, reason: string) =>
    failing(id, "x", { standing: "expected-fail", expected: { verdict: "fail", reason } });
  assert.deepEqual(
    ids([
      known("s/a", "fault one"),
      known("s/b", "fault two"),
      known("s/c", "fault one"),
      failing("s/d", "x"),
      failing("s/e", "x", { target: "other" }),
      failing("s/f", "x", { standing: "error", verdict: "error" }),
    ]),
    [["s/d"], ["s/e"], ["s/f"], ["s/a", "s/c"], ["s/b"]],
  );
});

Deno.test("findingsOf() takes the case with the shortest conversation as the example, and only what did not pass", () => {
  const entry = { kind: "chart", t: 0, n: 1, lane: "c", direction: "sent", text: "" } as const;
  const [found, ...others] = findingsOf([
    failing("s/long", "x", { chart: [entry, entry] }),
    failing("s/short", "x", { chart: [entry] }),
    failing("s/passes", "x", { standing: "pass", verdict: "pass" }),
    failing("s/skipped", "x", { standing: "skip", verdict: "skip" }),
  ]);
  assert.equal(found?.example.id, "s/short");
  assert.equal(found?.cases.length, 2);
  assert.deepEqual(others, []);
});

Deno.test("findingsCount() counts findings and their case runs, without known deviations", () => {
  assert.equal(findingsCount(findingsOf([])), "");
  assert.equal(findingsCount(findingsOf([failing("s/a", "x")])), "1 finding in 1 case run");
  const known = failing("s/k", "x", {
    standing: "expected-fail",
    expected: { verdict: "fail", reason: "r" },
  });
  assert.equal(
    findingsCount(findingsOf([failing("s/a", "x"), failing("s/b", "x"), failing("s/c", "y"), known])),
    "2 findings in 3 case runs",
  );
});

Deno.test("findingsOf() blames a module that can't be used again on the case that did it", () => {
  const since = { standing: "error", verdict: "error", failure: undefined } as const;
  const found = findingsOf([
    failing("s/cut", "Behind this case the module can't be used again: Unexpected ERROR, expected OK"),
    failing("s/next", "The module can't be used since s/cut: Unexpected ERROR, expected OK", since),
    failing("s/last", "The module can't be used since s/cut: Nothing came", since),
  ]);
  assert.deepEqual(found.map(({ standing, example, cases }) => [standing, example.id, cases.length]), [
    ["fail", "s/cut", 3],
  ]);
});
