import assert from "node:assert/strict";
import { referenceTarget } from "../../test_bench.ts";
import type { Value } from "../../../spec/value.ts";
import { alone, dozens, protocolsOf, type Quirk, withQuirks } from "./quirk.ts";

const quirk = (id: string, more: Partial<Quirk> = {}): Quirk => ({
  id,
  about: `does ${id}`,
  points: [],
  ...more,
});
const MANY = Array.from({ length: 30 }, (_, at) => quirk(`q${at}`));
const set = (...quirks: readonly Quirk[]) => ({ name: "set", quirks });

function amount(value: number | string): Value {
  return {
    kind: "literal",
    value,
    source: String(value),
    place: { file: "", line: 1, column: 1, length: 1 },
  };
}

Deno.test("each quirk alone has its own name", () => {
  assert.deepEqual(alone(MANY.slice(0, 2)).map(({ name, quirks }) => [name, quirks.map(({ id }) => id)]), [
    ["q0", ["q0"]],
    ["q1", ["q1"]],
  ]);
});

Deno.test("dozens() makes sets of twelve different quirks, which the seed decides", () => {
  const ids = (seed: number) =>
    dozens(MANY, 3, seed).map(({ quirks }) => quirks.map(({ id }) => id).join(" "));
  assert.deepEqual(dozens(MANY, 3, 7).map(({ name }) => name), ["dozen 1", "dozen 2", "dozen 3"]);
  for (const { quirks } of dozens(MANY, 3, 7)) assert.equal(new Set(quirks).size, 12);
  assert.deepEqual(ids(7), ids(7));
  assert.notDeepEqual(ids(7), ids(8));
  assert.equal(new Set(ids(7)).size, 3);
  assert.equal(dozens(MANY.slice(0, 5), 1, 7)[0]?.quirks.length, 5);
});

Deno.test("a set shows in the protocols of its quirks, in all where one of them does", () => {
  const three = quirk("three", { protocols: ["3.1", "3.1.1"] });
  const five = quirk("five", { protocols: ["5.0"] });
  assert.deepEqual(protocolsOf(set(three, five)), new Set(["3.1", "3.1.1", "5.0"]));
  assert.deepEqual(protocolsOf(set(five)), new Set(["5.0"]));
  assert.equal(protocolsOf(set(five, quirk("all"))), undefined);
});

Deno.test("a set runs in no protocol whose document forbids one of its quirks", () => {
  const strict = quirk("strict", { protocols: ["5.0"], lawfulIn: ["5.0"] });
  const three = quirk("three", { protocols: ["3.1", "3.1.1"] });
  assert.deepEqual(protocolsOf(set(strict, quirk("all"))), new Set(["5.0"]));
  assert.deepEqual(protocolsOf(set(three, strict)), new Set(["5.0"]));
});

Deno.test("a target with quirks claims what they have and not what they lack, whatever other quirks have", () => {
  const file = referenceTarget([], { supports: ["qos1", "qos2", "retained"] });
  const less = quirk("less", { lacks: ["qos2"] });
  const more = quirk("more", { supports: ["wills", "qos2", "qos1"] });
  for (const quirks of [[less, more], [more, less]]) {
    const { supports, name } = withQuirks(file, set(...quirks));
    assert.deepEqual(supports, ["qos1", "retained", "wills"]);
    assert.equal(name, "reference with set");
  }
  const byProtocol = referenceTarget([], {
    supports: new Map([["5.0", ["qos2", "wills"]], ["3.1.1", ["qos2"]]]),
  });
  assert.deepEqual(
    withQuirks(byProtocol, set(less)).supports,
    new Map([["5.0", ["wills"]], ["3.1.1", []]]),
  );
});

Deno.test("of two small capacities the smaller one counts, and any other value is the quirk's", () => {
  const file = referenceTarget([], {
    values: new Map([["topicLevels", amount(100)], ["dataGuard", amount("4s")], [
      "subscriptions",
      amount(5),
    ]]),
  });
  const quirks = [
    quirk("wide", { values: { topicLevels: 20, subscriptions: 50 } }),
    quirk("narrow", { values: { topicLevels: 8, dataGuard: "9s" } }),
  ];
  for (const order of [quirks, quirks.toReversed()]) {
    const { values } = withQuirks(file, set(...order));
    const texts = [...values].map(([name, value]) =>
      `${name} ${value.kind === "literal" ? value.source : ""}`
    );
    assert.deepEqual(texts.sort(), ["dataGuard 9s", "subscriptions 5", "topicLevels 8"]);
  }
  assert.equal(file.values.get("topicLevels")?.kind === "literal" && file.values.size, 3);
});

Deno.test("a quirk of a transport has the reference broker reached over it", () => {
  const over = withQuirks(referenceTarget(), set(quirk("a"), quirk("b", { over: "ws" }))).start;
  assert.equal(over?.kind === "reference-broker" && over.over, "ws");
  const usual = withQuirks(referenceTarget(), set(quirk("a"))).start;
  assert.equal(usual?.kind === "reference-broker" && usual.over, undefined);
});
