import assert from "node:assert/strict";
import fc from "fast-check";
import { golden } from "../../tools/golden.ts";
import { hostileResult, longResult, sampleResult } from "../testdata/sample.ts";
import { renderHtml } from "./page.tsx";

/** The markup without style, script and data, a tag a line. */
function markup(html: string): string {
  const body = html.slice(html.indexOf("<body>"), html.indexOf('<script type="application/json"'));
  return body.replaceAll("><", ">\n<");
}

Deno.test("renderHtml() writes the sample's markup as before", () =>
  golden(
    new URL("../testdata/golden/report.body.html", import.meta.url),
    markup(renderHtml(sampleResult())),
  ));

Deno.test("renderHtml() makes the same elements whatever a target or a suite says", () => {
  const tags = (text: string) => renderHtml(hostileResult(`x${text}x`)).match(/<[/!a-zA-Z][^\s>]*/g);
  const plain = tags("");
  fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => assert.deepEqual(tags(text), plain)), {
    numRuns: 30,
  });
  for (
    const text of [
      "<img src=x onerror=alert(1)>",
      "</script><script>",
      "<!--<script>",
      "\"'><b>",
      "]]>",
      "&lt;b&gt;",
    ]
  ) {
    assert.deepEqual(tags(text), plain, text);
  }
});

Deno.test("renderHtml() puts no text of a target into an attribute that could run or load something", () => {
  const html = renderHtml(hostileResult("javascript:alert(1)"));
  const own = html.replace(/<script>[\s\S]*<\/script>/, "");
  for (const [, value] of own.matchAll(/\s(?:href|src|action|style|on[a-z]+)="([^"]*)"/g)) {
    assert.match(value ?? "", /^(#[a-z0-9]*|data:image\/svg\+xml,.*)$/);
  }
});

Deno.test("renderHtml() names the only script and style that its policy lets run by their hashes", async () => {
  const html = renderHtml(sampleResult());
  for (const [kind, open] of [["script", "<script>"], ["style", "<style>"]] as const) {
    const from = html.indexOf(open) + open.length;
    const text = html.slice(from, html.indexOf(`</${kind}>`, from));
    const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)));
    assert.ok(html.includes(`${kind}-src 'sha256-${hash.toBase64()}'`), kind);
  }
  assert.match(html, /default-src 'none'/);
});

Deno.test("renderHtml() of 1,000 cases with their charts stays far below 10 MB", () => {
  const html = renderHtml(longResult(1000));
  assert.ok(html.length < 5_000_000, `${html.length} bytes`);
  assert.ok(html.includes("case-1000"));
});

Deno.test("renderHtml() keeps what did not pass when a run has more cases than a page can show", () => {
  const html = renderHtml(longResult(6_500));
  const cases = html.match(/<tr class="case"/g)?.length;
  assert.equal(cases, 6_000);
  assert.match(html, /500 passing case runs are left out/);
  assert.match(html, /<h1 class="fail">65 failures<\/h1>/);
});
