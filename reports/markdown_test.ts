import assert from "node:assert/strict";
import { bounded } from "./markdown_bound.ts";
import { renderMarkdown } from "./markdown.ts";
import { failingResult } from "./testdata/sample.ts";

const bytes = (text: string) => new TextEncoder().encode(text).length;

Deno.test("the Markdown of 3,000 different failures with long texts stays under 256 KiB and says what it left out", () => {
  const { cases, ...result } = failingResult(3_000);
  const long = "é".repeat(20_000);
  const text = renderMarkdown({
    ...result,
    cases: cases.map((one, at) => ({
      ...one,
      reason: `Fault number ${at}: ${long}`,
      failure: one.failure && { ...one.failure, rules: undefined, got: long, expected: long },
    })),
  });
  assert.ok(bytes(text) <= 256 * 1024, `${bytes(text)} bytes`);
  const shown = text.match(/^### \d+\. /gm)?.length ?? 0;
  const left = Number(
    /^(\d+) more findings are left out here; see report\.html and result\.json$/m.exec(text)?.[1],
  );
  assert.ok(shown > 0);
  assert.equal(shown + left, 3_000);
  assert.match(text, /^## Clauses$/m);
});

Deno.test("bounded() leaves out nothing if all fits, and otherwise only what does not fit", () => {
  const sections = [
    { head: "# a", pieces: ["1", "2", "3"], of: "findings" },
    { head: "", pieces: ["x"], of: "lines" },
  ];
  assert.equal(bounded(sections, 1_000), "# a\n1\n2\n3\n\nx");
  const piece = "y".repeat(300);
  const text = bounded([{ head: "# a", pieces: [piece, piece, piece], of: "findings" }, ...sections], 900);
  assert.equal(text.match(/y{300}/g)?.length, 1);
  assert.match(text, /2 more findings are left out here/);
  assert.ok(text.endsWith("\nx"), text);
});
