import assert from "node:assert/strict";
import fc from "fast-check";
import { asBoolean, asDuration, asNumber, asText, bytesOf, evaluate, isSum, ValueError } from "./evaluate.ts";
import type { Problem } from "./problem.ts";
import { Scope } from "./scope.ts";
import { eachVariable, parseText, substitute, toValue, type Value, wordOf } from "./value.ts";
import { readYaml } from "./yaml.ts";

function valueOf(yaml: string): Value {
  const { root, problems } = readYaml(yaml, "f.yaml");
  assert.ok(root, JSON.stringify(problems));
  const found: Problem[] = [];
  const value = toValue(root, (problem) => found.push(problem));
  assert.deepEqual(found, []);
  return value;
}

Deno.test("parseText() finds variables by the longest run of letters, digits and underscores", () => {
  assert.deepEqual(parseText("$topic/a").parts, [["topic"], "/a"]);
  assert.deepEqual(parseText("$got.packetId").parts, [["got", "packetId"]]);
  assert.deepEqual(parseText("$got.0.x!").parts, [["got", "0", "x"], "!"]);
  assert.deepEqual(parseText("see $got.").parts, ["see ", ["got"], "."]);
  assert.deepEqual(parseText("a${name.field}b").parts, ["a", ["name", "field"], "b"]);
  assert.deepEqual(parseText("$$SYS/#").parts, ["$SYS/#"]);
  assert.deepEqual(parseText("$$$a").parts, ["$", ["a"]]);
  assert.deepEqual(parseText("").parts, [""]);
});

Deno.test("parseText() reports a dollar sign without a name", () => {
  assert.equal(parseText("a $5").mistake?.at, 2);
  assert.equal(parseText("${a").mistake?.message, "a ${ without its }");
});

Deno.test("parseText() loses no character of any text", () => {
  fc.assert(fc.property(fc.string({ unit: fc.constantFrom(..."$${}.a_1/ ".split("")) }), (text) => {
    const { parts, mistake } = parseText(text);
    if (mistake) return;
    const again = parts.map((part) =>
      typeof part === "string" ? part.replaceAll("$", "$$$$") : `\${${part.join(".")}}`
    );
    assert.deepEqual(parseText(again.join("")).parts, parts);
  }));
});

Deno.test("a lone variable keeps its type, one in a text becomes text", () => {
  const scope = new Scope().set("n", 7).set("got", { packetId: 3, list: [1, 2] });
  assert.equal(evaluate(valueOf("$n"), scope), 7);
  assert.equal(evaluate(valueOf("id-$n"), scope), "id-7");
  assert.equal(evaluate(valueOf("$got.packetId"), scope), 3);
  assert.equal(evaluate(valueOf("$got.list.1"), scope), 2);
  assert.deepEqual(evaluate(valueOf("{ a: [$n, x] }"), scope), { a: [7, "x"] });
});

Deno.test("where a string is expected a scalar is used as written, also through a row's variable", () => {
  const scope = new Scope(new Scope()).bind("id", valueOf("007")).bind("version", valueOf("3.10"));
  assert.equal(asText(valueOf("007"), scope), "007");
  assert.equal(asText(valueOf("$id"), scope), "007");
  assert.equal(asText(valueOf("v${version}-$id"), scope), "v3.10-007");
  assert.equal(asNumber(valueOf("$id"), scope), 7);
});

Deno.test("a row's variable may have the name of a built-in and use it", () => {
  const outer = new Scope().set("topic", "case/1");
  const inner = new Scope(outer).bind("topic", valueOf("$topic/a"));
  assert.equal(asText(valueOf("$topic"), inner), "case/1/a");
});

Deno.test("a number may be a variable with another number added or taken away", () => {
  const scope = new Scope().set("got", { size: 20 });
  assert.equal(asNumber(valueOf("$got.size - 1"), scope), 19);
  assert.equal(asNumber(valueOf("$got.size + 300"), scope), 320);
  assert.throws(() => asNumber(valueOf("$got.size - "), scope), ValueError);
  assert.throws(() => asNumber(valueOf("$got.size - 1 - 1"), scope), ValueError);
  assert.deepEqual(["$a.b - 1", "$a + 12", "$a - $b", "a - 1", "$a -1"].map(isSum), [
    true,
    true,
    ...[false, false, false],
  ]);
});

Deno.test("values of the wrong type are reported", () => {
  const scope = new Scope().set("list", [1]);
  const wrong: readonly (() => unknown)[] = [
    () => evaluate(valueOf("$nobody"), scope),
    () => evaluate(valueOf("$list.5"), scope),
    () => evaluate(valueOf("$list.length"), scope),
    () => asNumber(valueOf("abc"), scope),
    () => asBoolean(valueOf("1"), scope),
    () => asDuration(valueOf("5"), scope),
    () => asText(valueOf("$list"), scope),
    () => bytesOf(valueOf("{ hex: abc }"), scope),
    () => bytesOf(valueOf("{ repeat: ab, times: 999999999 }"), scope),
  ];
  for (const attempt of wrong) assert.throws(attempt, ValueError, String(attempt));
});

Deno.test("bytes are text, hex digits, repetitions and joined pieces", () => {
  const scope = new Scope().set("payload", new Uint8Array([1, 2]));
  assert.deepEqual([...bytesOf(valueOf("ü"), scope)], [0xc3, 0xbc]);
  assert.deepEqual([...bytesOf(valueOf('{ hex: "00 fF" }'), scope)], [0, 255]);
  assert.deepEqual([...bytesOf(valueOf("{ repeat: { hex: 0a }, times: 3 }"), scope)], [10, 10, 10]);
  assert.deepEqual([...bytesOf(valueOf("{ join: [a, { hex: 00 }, $payload] }"), scope)], [97, 0, 1, 2]);
  assert.deepEqual([...bytesOf(valueOf("$payload"), scope)], [1, 2]);
});

Deno.test("wordOf() knows a word of the language from a text in quotes", () => {
  assert.equal(wordOf(valueOf("omit")), "omit");
  assert.equal(wordOf(valueOf('"omit"')), undefined);
  assert.equal(wordOf(valueOf("5")), undefined);
});

Deno.test("substitute() replaces variables with values and leaves the others", () => {
  const replace = ([name]: readonly string[]) =>
    name === "filter" ? valueOf("$topic/+") : name === "n" ? valueOf("7") : undefined;
  const value = substitute(valueOf("{ a: $n, b: x/$filter, c: $other }"), replace);
  const scope = new Scope().set("topic", "t").set("other", 1);
  assert.deepEqual(evaluate(value, scope), { a: 7, b: "x/t/+", c: 1 });
});

Deno.test("eachVariable() visits every variable of a value", () => {
  const names: string[] = [];
  eachVariable(valueOf("{ a: $x, b: [c, $y.z], d: 'e $v f $w' }"), (path) => names.push(path.join(".")));
  assert.deepEqual(names, ["x", "y.z", "v", "w"]);
});
