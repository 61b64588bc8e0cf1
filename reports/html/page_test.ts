import assert from "node:assert/strict";
import { inflateRawSync } from "node:zlib";
import fc from "fast-check";
import { golden } from "../../tools/golden.ts";
import { hostileResult, longResult, sampleResult } from "../testdata/sample.ts";
import { renderHtml } from "./page.tsx";

/** The markup without style, script and data, a tag a line. */
function markup(html: string): string {
  const body = html.slice(html.indexOf("<body>"), html.indexOf('<script type="text/plain"'));
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
    assert.match(value ?? "", /^(#[a-z0-9]*|#case=[\w/;.~!*'()%-]*|data:image\/svg\+xml,.*)$/);
  }
});

Deno.test("renderHtml() names the only script and style that its policy allows by their hashes", async () => {
  const html = renderHtml(sampleResult());
  for (const [kind, open] of [["script", "<script>"], ["style", "<style>"]] as const) {
    const from = html.indexOf(open) + open.length;
    const text = html.slice(from, html.indexOf(`</${kind}>`, from));
    const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)));
    assert.ok(html.includes(`${kind}-src 'sha256-${hash.toBase64()}'`), kind);
  }
  assert.match(html, /default-src 'none'/);
});

/** The value that the page's script unpacks from an element. */
function unpacked(html: string, id: string): unknown {
  const text = new RegExp(`<script type="text/plain" id="${id}">([^<]*)</script>`).exec(html)?.[1];
  assert.ok(text !== undefined, `there is no ${id}`);
  return JSON.parse(inflateRawSync(Uint8Array.fromBase64(text)).toString());
}

Deno.test("renderHtml() holds the chart of every case, also of one that passes, in blocks after the index", () => {
  const html = renderHtml(longResult(1000));
  const index = unpacked(html, "index") as { cases: { id: string }[]; block: number };
  assert.equal(index.cases.length, 1000);
  for (const at of [0, 999]) {
    const block = unpacked(html, `details-${Math.floor(at / index.block)}`) as { chart: unknown[] }[];
    assert.equal(block[at % index.block]?.chart.length, 12);
  }
});

Deno.test("renderHtml() of 6,000 cases with their charts stays below 4 MB", () => {
  const html = renderHtml(longResult(6_000));
  assert.ok(html.length < 4_000_000, `${html.length} bytes`);
});

Deno.test("renderHtml() keeps what did not pass when a run has more cases than a page can show", () => {
  const html = renderHtml(longResult(30_500));
  const { cases } = unpacked(html, "index") as { cases: { v: string }[] };
  assert.equal(cases.length, 30_000);
  assert.equal(cases.filter(({ v }) => v === "fail").length, 305);
  assert.match(html, /500 passing case runs are left out/);
  assert.match(html, /<h1 class="fail">305 failures<\/h1>/);
});

Deno.test("renderHtml() says in words that no case ran", () => {
  const html = renderHtml({ ...longResult(0), targets: [] });
  const shown = markup(html);
  assert.match(shown, /<h1 class="skip">No case ran<\/h1>/);
  assert.doesNotMatch(shown, /class="counts"|id="cases"|id="suites"/);
});
