import assert from "node:assert/strict";
import { formatPoints, loadPoints, meeting, pointRecord } from "./points.ts";
import type { Quirk } from "./quirk.ts";

const quirk = (id: string, ...points: readonly string[]): Quirk => ({ id, about: "", points });
const set = (...quirks: readonly Quirk[]) => ({ name: "set", quirks });

/** Eight cases: all ask for outgoing packets, three for the CONNACK's, one for a will. */
const SEEN = new Map(Array.from({ length: 8 }, (_, at) => [
  `case ${at}`,
  new Set([
    "outgoing PINGRESP",
    ...(at < 3 ? ["holdMs CONNACK"] : []),
    ...(at < 2 ? ["willDelay"] : []),
    ...(at === 7 ? ["never changed"] : []),
  ]),
]));

Deno.test("pointRecord() keeps the points that some quirk changes, the common ones without their cases", () => {
  const { common, cases } = pointRecord(SEEN, [
    quirk("a", "outgoing", "willDelay"),
    quirk("b", "holdMs CONNACK"),
  ]);
  // More than a quarter of the cases ask for them: three of eight is more, two of eight is not.
  assert.deepEqual([...common].sort(), ["holdMs CONNACK", "outgoing PINGRESP"]);
  assert.deepEqual([...cases], [["willDelay", new Set(["case 0", "case 1"])]]);
});

Deno.test("a point matches itself and all that begin with it and a space, but not longer names", () => {
  const record = {
    common: new Set<string>(),
    cases: new Map([
      ["outgoing CONNACK", new Set(["one"])],
      ["outgoing", new Set(["two"])],
      ["outgoingLimit", new Set(["three"])],
    ]),
  };
  assert.deepEqual(meeting(record, set(quirk("q", "outgoing"))), {
    some: new Set(["one", "two"]),
    any: false,
  });
  assert.deepEqual(meeting(record, set(quirk("q", "outgoing CONNACK"))), {
    some: new Set(["one"]),
    any: false,
  });
});

Deno.test("a set meets the cases of all its quirks, and any case where one changes what many ask for", () => {
  const record = {
    common: new Set(["outgoing PUBLISH"]),
    cases: new Map([["willDelay", new Set(["one"])], ["takeover", new Set(["two"])]]),
  };
  const both = set(quirk("a", "willDelay"), quirk("b", "takeover"));
  assert.deepEqual(meeting(record, both), { some: new Set(["one", "two"]), any: false });
  assert.deepEqual(meeting(record, set(quirk("a", "outgoing"))), { some: new Set(), any: true });
  assert.deepEqual(meeting(record, set(quirk("a"))), { some: new Set(), any: false });
});

Deno.test("formatPoints() writes what loadPoints() reads, in an order of its own", () => {
  const record = {
    common: new Set(["b", "a"]),
    cases: new Map([["z point", new Set(['at/x/"quoted"[#]', "at/a"])], [
      "a point",
      new Set(["mqtt/x/y[a/+]"]),
    ]]),
  };
  const text = formatPoints("reference", record);
  const { record: read, problems } = loadPoints(text, "points.yaml", "reference");
  assert.deepEqual(problems, []);
  assert.deepEqual([...read.cases.keys()], ["a point", "z point"]);
  assert.deepEqual([...read.common], ["a", "b"]);
  assert.deepEqual([...read.cases.get("z point") ?? []], ['at/x/"quoted"[#]', "at/a"].sort());
  assert.equal(formatPoints("reference", read), text);
  const empty = { common: new Set<string>(), cases: new Map() };
  assert.deepEqual(loadPoints(formatPoints("t", empty), "points.yaml", "t"), { record: empty, problems: [] });
});

for (
  const [text, message] of [
    ["", "expected a record of decisions, found an empty file"],
    ["target: t\ncommon: []", 'a record of decisions without "points"'],
    ['target: t\ncommon: []\npoints:\n  "a/b": [x]', 'expected a decision, found "a/b"'],
    ["target: other\ncommon: []\npoints: {}", 'expected the record of "t", found that of "other"'],
  ] as const
) {
  Deno.test(`loadPoints() reports ${JSON.stringify(text)}`, () => {
    const { problems } = loadPoints(text, "points.yaml", "t");
    assert.deepEqual(problems.map((one) => one.message), [message]);
  });
}
