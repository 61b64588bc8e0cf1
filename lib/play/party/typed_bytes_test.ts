import assert from "node:assert/strict";
import { describeBytes } from "../../at/describe.ts";
import { ValueError } from "../../spec/evaluate.ts";
import { Scope } from "../../spec/scope.ts";
import { stepsOf } from "../../suite/test_suite.ts";
import { typedBytes } from "./typed_bytes.ts";

const SCOPE = new Scope().set("topic", "a/b").set("n", 7).set("bytes", Uint8Array.of(0xff, 0x22))
  .set("got", { list: [1] });

/** What a step sends, with its control bytes by name. */
async function typed(step: string, scope = SCOPE): Promise<string> {
  const [read] = await stepsOf([`dte -> ${step}`], "at", ["n", "bytes", "got"]);
  assert.ok(read?.kind === "send");
  return describeBytes(typedBytes(read.send, scope));
}

Deno.test("strings are quoted and numbers bare, as written", async () => {
  assert.equal(await typed('AT+X=: [0, 007, $topic, "7", $n, hello]'), 'AT+X=0,007,"a/b","7",7,"hello"<CR>');
});

Deno.test("each form of a command has its ending", async () => {
  assert.equal(await typed("AT+X?"), "AT+X?<CR>");
  assert.equal(await typed("AT+X=?"), "AT+X=?<CR>");
  assert.equal(await typed("AT+X"), "AT+X<CR>");
  assert.equal(await typed("ATE0"), "ATE0<CR>");
});

Deno.test("a parameter may be bare or quoted against what is usual, and be left out", async () => {
  assert.equal(await typed("AT+X=: [{ bare: abc }, { quoted: 7 }, omit, 1]"), 'AT+X=abc,"7",,1<CR>');
  assert.equal(await typed("AT+X=: [{ bare: $topic }, { quoted: $n }]"), 'AT+X=a/b,"7"<CR>');
});

Deno.test("a word that leaves a parameter out does so from a row of a table too", async () => {
  const place = { file: "", line: 1, column: 1, length: 1 };
  const row = new Scope(SCOPE).bind("n", {
    kind: "literal",
    value: "omit",
    source: "omit",
    plain: true,
    place,
  });
  assert.equal(await typed("AT+X=: [1, $n, 2]", row), "AT+X=1,,2<CR>");
  assert.equal(await typed('AT+X=: ["omit"]'), 'AT+X="omit"<CR>');
});

Deno.test("byte forms and captured bytes are quoted unchanged, whatever they contain", async () => {
  assert.equal(
    await typed("AT+X=: [{ hex: 'ff 22 0d' }, { repeat: ab, times: 2 }]"),
    'AT+X="<0xFF>"<CR>","abab"<CR>',
  );
  assert.equal(await typed("AT+X=: [$bytes]"), 'AT+X="<0xFF>""<CR>');
});

Deno.test("data for a prompt ends with Ctrl-Z, with ESC, or with nothing", async () => {
  assert.equal(await typed("data: hello"), "hello<SUB>");
  assert.equal(await typed("data: { bytes: hello, end: esc }"), "hello<ESC>");
  assert.equal(await typed("data: { bytes: hello, end: none }"), "hello");
});

Deno.test("raw bytes are sent without a line end", async () => {
  assert.equal(await typed("raw: { hex: '41 54' }"), "AT");
  assert.equal(await typed("raw: $topic"), "a/b");
});

Deno.test("a value that is not text cannot be sent, and is reported at its place", async () => {
  await assert.rejects(typed("AT+X=: [1, $got]"), (error) => {
    assert.ok(error instanceof ValueError);
    assert.equal(error.message, "expected text, found a map");
    assert.deepEqual([error.place.file, error.place.length], ["test.yaml", "$got".length]);
    return true;
  });
});

Deno.test("a packet cannot be sent", async () => {
  const [step] = await stepsOf(["c -> PINGREQ"]);
  assert.ok(step?.kind === "send");
  const { send } = step;
  assert.throws(
    () => typedBytes(send, SCOPE),
    /^TypeError: The serial lane sends commands, data and bytes only$/,
  );
});
