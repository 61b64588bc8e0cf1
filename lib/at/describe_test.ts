import { ok, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import { describeBytes, describeCommand, describeText } from "./describe.ts";

Deno.test("describeText() shows control bytes, and what would turn the text around", () => {
  strictEqual(
    describeText("\r\n> hé\x1a\x1b\x00\x01\t\u202e\u0085"),
    "<CR><LF>> hé<SUB><ESC><NUL><0x01><TAB><U+202E><U+0085>",
  );
});

Deno.test("describeBytes() shows bytes that are not UTF-8 one by one", () => {
  strictEqual(describeBytes(Uint8Array.of(0x41, 0xff, 0xc3, 0x28, 0xe2, 0x82)), "A<0xFF><0xC3>(<0xE2><0x82>");
  strictEqual(describeBytes(Uint8Array.of(0xef, 0xbf, 0xbd)), "\ufffd");
});

Deno.test("describeBytes() cuts at the limit and counts what is left", () => {
  strictEqual(describeText("abcdef\r", 6), "abcdef… (and 1 of 7 bytes)");
  strictEqual(describeText("abcdé", 4), "abcd… (and 2 of 6 bytes)");
});

Deno.test("describeCommand() leaves off the CR that ends the line", () => {
  strictEqual(describeCommand(new TextEncoder().encode("AT+X=1\r")), "AT+X=1");
  strictEqual(describeCommand(new TextEncoder().encode("AT\r\r")), "AT<CR>");
});

Deno.test("describeBytes() writes no control character for any input", () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
    ok(!/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(describeBytes(bytes)));
  }));
});
