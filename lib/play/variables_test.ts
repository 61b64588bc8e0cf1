import assert from "node:assert/strict";
import { Scope } from "../spec/scope.ts";
import { describeVariables } from "./variables.ts";

const PLACE = { file: "x.yaml", line: 1, column: 1, length: 1 };

Deno.test("text is shown unchanged, and everything else as JSON", () => {
  const scope = new Scope().set("topic", 'a/"b"').set("n", 7).set("list", [1, "x"])
    .set("got", { type: "PUBACK", packetId: 7 });
  assert.deepEqual(describeVariables(scope, PLACE), {
    topic: 'a/"b"',
    n: "7",
    list: '[1,"x"]',
    got: '{"type":"PUBACK","packetId":7}',
  });
});

Deno.test("bytes are their text where they are UTF-8, and else hex", () => {
  const scope = new Scope().set("text", new TextEncoder().encode("é"))
    .set("bytes", Uint8Array.of(0xff, 0x00))
    .set("inside", { payload: Uint8Array.of(0xc0, 0x80) });
  assert.deepEqual(describeVariables(scope, PLACE), {
    text: '"é"',
    bytes: '"0xff00"',
    inside: '{"payload":"0xc080"}',
  });
});

Deno.test("an inner scope hides the outer one's name, and the outer one's other names are shown too", () => {
  const outer = new Scope().set("a", "outer").set("b", "outer");
  assert.deepEqual(describeVariables(new Scope(outer).set("a", "inner"), PLACE), { a: "inner", b: "outer" });
});

Deno.test("a variable that cannot be evaluated says why, and the others are shown", () => {
  const scope = new Scope(new Scope().set("fine", "x"))
    .bind("broken", { kind: "variable", path: ["gone"], place: PLACE });
  assert.deepEqual(describeVariables(scope, PLACE), { broken: '(unknown variable "$gone")', fine: "x" });
});

Deno.test("a value takes 200 characters of a report at most, cut between characters", () => {
  const scope = new Scope().set("just", "x".repeat(200)).set("long", "🙂".repeat(201))
    .set("bytes", new Uint8Array(1_000_000).fill(0xff));
  const { just, long, bytes } = describeVariables(scope, PLACE);
  assert.equal(just, "x".repeat(200));
  assert.equal(long, `${"🙂".repeat(200)}…`);
  assert.equal(bytes?.length, 201);
});

Deno.test("long bytes are text where they are UTF-8, wherever they are cut, and say that they go on", () => {
  const utf8 = (text: string) => new TextEncoder().encode(text);
  const scope = new Scope().set("two", utf8(`a${"é".repeat(500)}`)).set("three", utf8("€".repeat(500)))
    .set("torn", utf8("é").subarray(0, 1));
  const { two, three, torn } = describeVariables(scope, PLACE);
  assert.equal(two, `"a${"é".repeat(198)}…`);
  assert.equal(three, `"${"€".repeat(199)}…`);
  assert.equal(torn, '"0xc3"');
});
