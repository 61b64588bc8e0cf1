import assert from "node:assert/strict";
import fc from "fast-check";
import { renderJunit } from "./junit.ts";
import { golden } from "../tools/golden.ts";
import { hostileResult, sampleResult } from "./testdata/sample.ts";
import { missing, run } from "./testdata/tool.ts";

const xmllint = missing("xmllint");

Deno.test("renderJunit() writes the sample as before", () =>
  golden(new URL("testdata/golden/junit.xml", import.meta.url), renderJunit(sampleResult())));

Deno.test({
  name: "renderJunit() is accepted by xmllint, also with hostile text",
  ignore: xmllint,
  fn: async () => {
    await run("xmllint", ["--noout", "-"], new TextEncoder().encode(renderJunit(sampleResult())));
    const everything = Array.from({ length: 0x300 }, (_, code) => String.fromCharCode(code)).join("");
    const worst = hostileResult(`${everything}\ud800\udfff\ufffe\uffff]]>--><!-- </failure>`);
    await run("xmllint", ["--noout", "-"], new TextEncoder().encode(renderJunit(worst)));
  },
});

Deno.test("renderJunit() counts each case once, both in the suites and in total", () => {
  const xml = renderJunit(sampleResult());
  const suites = Array.from(
    xml.matchAll(/<testsuite [^>]*tests="(\d+)" failures="(\d+)" errors="(\d+)" skipped="(\d+)"/g),
  );
  const sum = (index: number) => suites.reduce((all, found) => all + Number(found[index]), 0);
  assert.deepEqual([1, 2, 3, 4].map(sum), [18, 5, 1, 3]);
  assert.match(xml, /<testsuites name="attest" tests="18" failures="5" errors="1" skipped="3"/);
  assert.equal(xml.match(/<(failure|error) /g)?.length, 6);
});

Deno.test("renderJunit() shows the bytes that XML forbids by their names", () => {
  const xml = renderJunit(hostileResult("end\u001a\u0000"));
  assert.ok(xml.includes("end&lt;SUB&gt;&lt;NUL&gt;"));
});

// The characters that XML 1.0 allows, section 2.2, and no markup but what the writer means.
const ALLOWED = /^[\t\n\r\x20-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]*$/u;
const ELEMENT = /<\/?[a-z-]+(?: [a-z]+="[^"<>&]*(?:&(?:lt|gt|amp|quot);[^"<>&]*)*")*\/?>|<\?xml [^<>]*\?>/g;

Deno.test("renderJunit() is well-formed whatever the text is", () => {
  fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => {
    const xml = renderJunit(hostileResult(text));
    assert.match(xml, ALLOWED);
    const rest = xml.replace(ELEMENT, "");
    assert.ok(!/[<>]/.test(rest), rest);
    assert.ok(!/&(?!(?:lt|gt|amp|quot);)/.test(rest), rest);
  }));
});
