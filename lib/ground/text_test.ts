import assert from "node:assert/strict";
import fc from "fast-check";
import { cut, ellipsis, escaped, plainJson, quoteEscaped, visible, visibleLines } from "./text.ts";

Deno.test("visible() names what cannot be seen and leaves the rest", () => {
  assert.equal(
    visible("a\u0000\u001b[31m\u007f\u0085\u202e\ud83d\ufffe"),
    "a<NUL><ESC>[31m<DEL><U+0085><U+202E><U+D83D><U+FFFE>",
  );
  assert.equal(visible("Grüße 温度 😀\t."), "Grüße 温度 😀 .");
});

Deno.test("visibleLines() keeps the line feeds", () => {
  assert.equal(visibleLines("a\r\n\nb\u0007"), "a<CR>\n\nb<BEL>");
});

Deno.test("escaped() writes deceiving characters as escapes", () => {
  assert.equal(escaped("a\u202eb\u0000\n"), "a\\u{202e}b\\u{0}\\n");
  assert.equal(escaped("\t"), "\\t");
  assert.equal(escaped("\t", true), "\t");
  assert.equal(escaped('a "b" \\'), 'a "b" \\');
});

Deno.test("quoteEscaped() writes text as JSON does, and everything that cannot be seen as an escape", () => {
  assert.equal(quoteEscaped('a"\\\n\u0000\u001b\u202e'), '"a\\"\\\\\\n\\u0000\\u001b\\u202e"');
  assert.equal(quoteEscaped("abcdef", 3), '"abc"…');
  fc.assert(fc.property(fc.string({ unit: "binary", maxLength: 40 }), (text) => {
    const quoted = quoteEscaped(text, 100);
    assert.doesNotMatch(quoted, /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
    // JSON has no escape for a code above 0xFFFF.
    if (!quoted.includes("\\u{")) assert.equal(JSON.parse(quoted), text);
  }));
});

Deno.test("plainJson() writes what could steer a terminal as escapes, and the value stays the same", () => {
  assert.equal(
    plainJson(JSON.stringify("a\u009b2J\u202e\u{e0001}é模\u2028")),
    '"a\\u009b2J\\u202e\\udb40\\udc01é模\\u2028"',
  );
  fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => {
    const json = plainJson(JSON.stringify(text));
    assert.doesNotMatch(json, /[\p{Cc}\p{Cf}]/u);
    assert.equal(JSON.parse(json), text);
  }));
});

Deno.test("cut() keeps what fits and says how much is missing", () => {
  assert.equal(cut("abc", 3), "abc");
  assert.equal(cut("abcdef", 3), "abc… (3 more)");
  assert.equal(cut("ab😀", 3), "ab… (2 more)");
});

Deno.test("ellipsis() counts characters and splits none", () => {
  assert.equal(ellipsis("ab😀", 3), "ab😀");
  assert.equal(ellipsis("a😀cd", 2), "a😀…");
});
