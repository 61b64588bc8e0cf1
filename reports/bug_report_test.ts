import assert from "node:assert/strict";
import type { ChartEntry } from "../lib/run/event.ts";
import { findingsOf } from "../lib/run/findings.ts";
import { caseMarkdown, findingMarkdown } from "./bug_report.ts";
import { failingResult, hostileResult } from "./testdata/sample.ts";

Deno.test("a finding's bug report names all its cases, and links each clause to its paragraph", () => {
  const result = failingResult(4);
  const [finding, ...others] = findingsOf(result.cases);
  assert.ok(finding !== undefined && others.length === 0);
  const text = findingMarkdown(finding, result);
  assert.match(
    text,
    /- \[MQTT-4\.3\.3-8\]\(https:\/\/docs\.oasis-open\.org\/mqtt\/mqtt\/v5\.0\/os\/mqtt-v5\.0-os\.html#:~:text=%5BMQTT%2D4\.3\.3%2D8%5D\): /,
  );
  assert.equal(text.match(/^- mqtt\/chapter-\d+\/case-\d+ /gm)?.length, 3);
});

/** The shell line of a case that sent these packets, or undefined if there is none. */
function shellLine(sent: readonly { readonly lane: string; readonly hex: string; readonly size: number }[]) {
  const result = failingResult(1);
  const [one] = result.cases;
  assert.ok(one !== undefined);
  const chart = sent.map(({ lane, hex, size }): ChartEntry => ({
    kind: "chart",
    t: 0,
    n: one.n,
    lane,
    direction: "sent",
    text: "",
    hex,
    size,
  }));
  return /^\(printf .*$/m.exec(caseMarkdown({ ...one, chart }, result))?.[0];
}

Deno.test("a bug report has a shell line with the bytes in octal if one connection sent all of them", () => {
  assert.equal(
    shellLine([{ lane: "c", hex: "c000", size: 2 }, { lane: "c", hex: "e000", size: 2 }]),
    "(printf '\\300\\000'; sleep 0.3; printf '\\340\\000'; sleep 0.3; sleep 2) | nc -w 3 127.0.0.1 41883 | od -An -tx1",
  );
  assert.equal(
    shellLine([{ lane: "c", hex: "c000", size: 2 }, { lane: "d", hex: "c000", size: 2 }]),
    undefined,
  );
  assert.equal(
    shellLine([{ lane: "c", hex: "c000", size: 3 }]),
    undefined,
    "bytes are missing in the record",
  );
  assert.equal(shellLine([]), undefined);
});

Deno.test("a bug report has one shell line for each connection that a client opens after another", () => {
  const result = failingResult(1);
  const [one] = result.cases;
  assert.ok(one !== undefined);
  const note = { kind: "chart", t: 0, n: one.n, lane: "c", direction: "note", text: "" } as const;
  const chart: readonly ChartEntry[] = [
    { ...note, text: "connection opened" },
    { ...note, direction: "sent", text: 'CONNECT user="****"', hex: "c000", size: 2 },
    { ...note, text: "connection cut" },
    { ...note, text: "connection opened" },
    { ...note, direction: "sent", text: "DISCONNECT", hex: "e000", size: 2 },
  ];
  const text = caseMarkdown({ ...one, chart }, result);
  const lines = text.split("\n").filter((line) => line.startsWith("(printf"));
  assert.deepEqual(lines.map((line) => /'(.*?)'/.exec(line)?.[1]), ["\\300\\000", "\\340\\000"]);
  assert.match(text, /^User name and password are asterisks here/m);
});

Deno.test("a bug report puts no text of a target into markup or its shell line", () => {
  const text = "x'; rm -rf . #`$(id)`](http://evil)<img>";
  const result = hostileResult(text);
  for (const one of result.cases) {
    const report = caseMarkdown(one, result);
    assert.doesNotMatch(report, /^\(printf/m);
    assert.doesNotMatch(
      report.replaceAll(/^(`{3,})text\n[\s\S]*?^\1$/gm, ""),
      /[^\\]<img|[^\\]\]\(http:\/\/evil/,
    );
  }
});
