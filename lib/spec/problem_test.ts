import assert from "node:assert/strict";
import fc from "fast-check";
import { formatProblems, quote, withoutSecrets } from "./problem.ts";

const place = (line: number, column: number, length: number) => ({ file: "a.yaml", line, column, length });

Deno.test("formatProblems() shows the line, a caret under what is meant, and the hint", () => {
  const source = `${"\n".repeat(11)}      - pub -> PUBLSH: { topic: $topic, qos: 2 }`;
  const problem = {
    message: 'unknown packet "PUBLSH"',
    place: { file: "suites/mqtt/qos2.yaml", line: 12, column: 16, length: 6 },
    hint: "did you mean PUBLISH?",
  };
  assert.equal(
    formatProblems([problem], new Map([["suites/mqtt/qos2.yaml", source]])),
    [
      'error: unknown packet "PUBLSH"',
      "  --> suites/mqtt/qos2.yaml:12:16",
      "12 |       - pub -> PUBLSH: { topic: $topic, qos: 2 }",
      "   |                ^^^^^^ did you mean PUBLISH?",
      "",
    ].join("\n"),
  );
});

Deno.test("formatProblems() orders by line and shows a problem once", () => {
  const one = { message: "one", place: place(2, 1, 1) };
  const two = { message: "two", place: place(1, 5, 1) };
  const told = formatProblems([one, two, one], new Map());
  assert.deepEqual(told.match(/error: \w+/g), ["error: two", "error: one"]);
});

Deno.test("formatProblems() cuts a long line around what is meant", () => {
  const line = `${"a".repeat(500)}HERE${"b".repeat(500)}`;
  const told = formatProblems([{ message: "m", place: place(1, 501, 4) }], new Map([["a.yaml", line]]));
  const [, , source = "", carets = ""] = told.split("\n");
  assert.ok(source.length < 160);
  assert.equal(source.indexOf("HERE"), carets.indexOf("^^^^"));
});

Deno.test("formatProblems() keeps tabs before the caret and shows other control characters", () => {
  const told = formatProblems(
    [{ message: "m", place: place(1, 3, 2) }],
    new Map([["a.yaml", "\ta\u0007bc"]]),
  );
  assert.equal(told.split("\n")[2], "1 | \ta\\u{7}bc");
  assert.equal(told.split("\n")[3], "  | \t ^^^^^^");
});

Deno.test("formatProblems() writes no control character of a file, whatever the file contains", () => {
  fc.assert(fc.property(fc.string({ unit: "binary" }), fc.nat(50), fc.nat(50), (text, column, length) => {
    const told = formatProblems(
      [{ message: quote(text), place: place(1, column + 1, length + 1), hint: text }],
      new Map([["a.yaml", text]]),
    );
    assert.doesNotMatch(told.replaceAll(/[\n\t]/g, ""), /\p{Cc}|[\u202a-\u202e\u2066-\u2069]/u);
  }));
});

Deno.test("quote() cuts a long text", () => {
  assert.equal(quote("abc"), '"abc"');
  assert.equal(quote("abcdef", 3), '"abc…"');
});

Deno.test("withoutSecrets() hides what is before the last @ of a line, after a scheme, and nothing else", () => {
  const cases = [
    ["address: mqtt://ann:geheim@host:1883", "address: mqtt://**********@host:1883"],
    ["a+b.c://p@q@host", "a+b.c://***@host"],
    ["1://x@y", "1://x@y"],
    ["mail ann@host, then mqtt://host", "mail ann@host, then mqtt://host"],
    ["mqtt://@host", "mqtt://@host"],
    ["mqtt://é@a\nws://😀@b", "mqtt://*@a\nws://*@b"],
  ] as const;
  for (const [text, shown] of cases) assert.equal(withoutSecrets(text), shown);
});

Deno.test("withoutSecrets() comes to the end of megabytes of letters, of schemes and of signs", () => {
  for (const part of ["a", "a://", "1://", "@", "://@"]) {
    const text = part.repeat(Math.ceil(2_000_000 / part.length));
    assert.ok(withoutSecrets(text).length === text.length, part);
  }
});
