import assert from "node:assert/strict";
import fc from "fast-check";
import { chartText } from "./chart_text.ts";
import { failureText, sourceExcerpt } from "./failure_text.ts";
import { caseMarkdown } from "./bug_report.ts";
import { renderMarkdown } from "./markdown.ts";
import { renderJson } from "./json.ts";
import { renderTap } from "./tap.ts";
import { golden } from "../tools/golden.ts";
import { hostileResult, sampleResult } from "./testdata/sample.ts";

const sample = sampleResult();
const file = (name: string) => new URL(`testdata/golden/${name}`, import.meta.url);
const failing = sample.cases.filter((one) => one.standing !== "pass" && one.standing !== "skip");

Deno.test("failureText() gives all details of each case that did not pass", () =>
  golden(file("failures.txt"), failing.map((one) => failureText(one)).join("\n\n") + "\n"));

Deno.test("renderTap() writes the sample as before", () => golden(file("result.tap"), renderTap(sample)));

Deno.test("renderMarkdown() writes the sample as before", () =>
  golden(file("report.md"), renderMarkdown(sample)));

Deno.test("renderJson() writes the sample as before", () => golden(file("result.json"), renderJson(sample)));

Deno.test("caseMarkdown() makes a bug report of one case", async () => {
  const one = sample.cases.find(({ id }) => id === "at/ecmtpub/data-mode");
  assert.ok(one !== undefined);
  await golden(file("case.md"), caseMarkdown(one, sample));
});

Deno.test("chartText() draws the target second if the case does not say where it is", () => {
  const entry = { kind: "chart", n: 1, lane: "b", text: "PINGREQ" } as const;
  const chart = chartText({
    lanes: ["a", "b"],
    startedMs: 5,
    chart: [{ ...entry, t: 7, direction: "sent" }, { ...entry, t: 12, direction: "received" }, {
      ...entry,
      t: 19,
      direction: "note",
      text: "closed",
    }],
  });
  assert.equal(
    chart,
    [
      "            a     target      b",
      "      2     │        ◀────────│      PINGREQ",
      "      7     │        │────────▶      PINGREQ",
      "     14     │        │        *      closed",
    ].join("\n"),
  );
});

Deno.test("chartText() says how many entries it leaves out", () => {
  const one = sample.cases.find(({ id }) => id === "mqtt/qos2/delivered-once");
  assert.ok(one !== undefined);
  const lines = chartText(one, { last: 2 }).split("\n");
  assert.equal(lines.length, 4);
  assert.match(lines[1] ?? "", /\(10 earlier\)$/);
});

Deno.test("sourceExcerpt() puts the caret under the step, in a whole line and in a bare step", () => {
  const place = { file: "s.yaml", line: 12, column: 9 };
  assert.equal(
    sourceExcerpt({ ...place, source: "      - pub -> PUBREL: { packetId: 7 }" }),
    ["  --> s.yaml:12:9", "12 |       - pub -> PUBREL: { packetId: 7 }", "   |         ^^^^^^^^^^^^^"].join(
      "\n",
    ),
  );
  assert.equal(
    sourceExcerpt({ ...place, source: "sub <- nothing" }),
    ["  --> s.yaml:12:9", "12 | sub <- nothing", "   | ^^^^^^^^^^^^^^"].join("\n"),
  );
});

Deno.test("sourceExcerpt() marks the word at a place within the step", () => {
  const failure = { file: "s.yaml", line: 12, column: 22, source: "pub <- PUBREC: { packetId: 7 }" };
  assert.equal(
    sourceExcerpt(failure, 5),
    ["  --> s.yaml:12:22", "12 | pub <- PUBREC: { packetId: 7 }", "   |                  ^^^^^^^^"].join(
      "\n",
    ),
  );
});

Deno.test("failureText() of a violated SHOULD says what was violated, although the case passes", () => {
  const one = sample.cases.find(({ standing }) => standing === "fail");
  assert.ok(one !== undefined);
  const { reason: _, ...passing } = one;
  assert.match(
    failureText({ ...passing, verdict: "pass", standing: "pass" }),
    /^pass: PUBCOMP came with another/,
  );
});

Deno.test("failureText() never holds a control character, whatever a target sent", () => {
  fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => {
    for (const one of hostileResult(text).cases) {
      assert.doesNotMatch(failureText(one), /(?!\n)[\p{Cc}\p{Cs}]/u);
    }
  }));
});

Deno.test("renderTap() keeps every test on one line with its own number, whatever its name is", () => {
  fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => {
    const lines = renderTap(hostileResult(text)).split("\n");
    assert.equal(lines[1], "1..1");
    assert.equal(lines.filter((line) => /^(not )?ok /.test(line)).length, 1);
    // Its run was cut short for a reason that is hostile too.
    assert.equal(lines.filter((line) => /^Bail out!/.test(line)).length, 1);
    // Only an escaped # may stand in a name, else it would begin a directive.
    assert.doesNotMatch(lines[2]?.replaceAll("\\\\", "").replaceAll("\\#", "") ?? "", /#/);
  }));
});

Deno.test("renderMarkdown() turns no text into HTML outside a fence", () => {
  const markdown = renderMarkdown(hostileResult("```\n<b>~~~ | `x`"));
  const fences = /^(`{3,})text\n[\s\S]*?^\1$/gm;
  assert.doesNotMatch(markdown.replace(fences, "").replace(/\\[<>`|]/g, ""), /[<`]/);
});
