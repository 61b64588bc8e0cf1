import assert from "node:assert/strict";
import { shown } from "./shown.ts";

const HOSTILE = "a\x1b]0;title\x07b\x1b[2Jc\x9b2Jd\rback\x08e\u202ef\ng";

Deno.test("no sequence of a hostile text reaches a terminal, and colours do", () => {
  assert.equal(
    shown(`\x1b[31m${HOSTILE}\x1b[39m`, true),
    "\x1b[31ma<ESC>]0;title<BEL>b<ESC>[2Jc<U+009B>2Jd<CR>back<BS>e<U+202E>f\ng\x1b[39m",
  );
});

Deno.test("nothing but line feeds controls the reader of a pipe", () => {
  const text = shown(`\x1b[31m${HOSTILE}\x1b[39m`, false);
  assert.doesNotMatch(text.replaceAll("\n", ""), /[\p{Cc}\p{Cf}]/u);
  assert.match(text, /^a.*b.*c.*d<CR>back<BS>e<U\+202E>f\ng$/s);
});

Deno.test("ordinary text is unchanged", () => {
  for (const text of ["12 passed", "模块 été\n  next line", ""]) {
    assert.equal(shown(text, true), text);
    assert.equal(shown(text, false), text);
  }
});
