import assert from "node:assert/strict";
import type { CaseEnded, TargetStarted } from "../lib/run/event.ts";
import { fold } from "../lib/run/result.ts";
import { claimsText, costLines, targetLines } from "./claims_text.ts";

const TARGET: TargetStarted = {
  kind: "target-started",
  t: 0,
  name: "one",
  address: "mqtt://127.0.0.1:1",
  version: "broker 1.0",
  supports: ["qos1", "wills"],
  protocols: ["3.1", "3.1.1", "5.0"],
  askedMs: 430,
  claims: [
    { protocol: "3.1", supports: ["qos1"], lacks: ["wills"], capacities: { queued: "at least 1000" } },
    {
      protocol: "3.1.1",
      supports: ["qos1", "wills"],
      lacks: [],
      capacities: { queued: "at least 1000", topicLevels: "8" },
    },
    {
      protocol: "5.0",
      supports: ["qos1", "wills"],
      lacks: [],
      capacities: { queued: "10", topicLevels: "8" },
    },
  ],
};

Deno.test("claimsText() lists claims that are the same in every protocol once, and names the protocols of others", () => {
  assert.deepEqual(claimsText(TARGET), {
    supports: "qos1; in 3.1.1 and 5.0 wills; not in 3.1 wills",
    takes: "in 3.1.1 and 5.0 topicLevels 8; in 5.0 queued 10; at least in 3.1 and 3.1.1 queued 1000",
  });
  assert.equal(claimsText({ claims: undefined }), undefined);
  const nothing = claimsText({ claims: [{ protocol: "5.0", supports: [], capacities: {} }] });
  assert.deepEqual(nothing, { supports: "nothing", takes: "no limit was met" });
});

Deno.test("targetLines() has three lines for a target that attest asked, and one for others", () => {
  const lines = targetLines(TARGET);
  assert.equal(
    lines[0],
    "Target one at mqtt://127.0.0.1:1 (broker 1.0), speaks 3.1, 3.1.1, 5.0, asked in 0.4 s",
  );
  assert.equal(lines.length, 3);
  assert.deepEqual(targetLines({ ...TARGET, askedMs: undefined, version: undefined }), [
    "Target one at mqtt://127.0.0.1:1",
  ]);
});

Deno.test("targetLines() escapes what could deceive a terminal", () => {
  const [line = ""] = targetLines({ ...TARGET, version: "a\u001b[31m" });
  assert.ok(!line.includes("\u001b"));
});

Deno.test("costLines() counts by target and by missing claim", () => {
  const events = (n: number, target: string, why: Partial<CaseEnded>) => [
    {
      kind: "case-started",
      t: 0,
      n,
      id: `s/${n}`,
      suite: "s",
      purpose: "p",
      target,
      protocol: "5.0",
      level: "must",
      covers: [],
      tags: [],
      file: "f",
      line: 1,
      lanes: [],
    } as const,
    { kind: "case-ended", t: 1, n, verdict: "skip", warnings: [], durationMs: 1, ...why } as const,
  ];
  const cases = (...of: readonly (readonly [string, Partial<CaseEnded>])[]) =>
    fold(of.flatMap(([target, why], n) => events(n, target, why))).cases;
  const queued = { beyond: "queued" };
  assert.deepEqual(
    costLines(cases(["a", { beyond: "topicLevels" }], ["a", queued], ["a", queued], ["a", {}])),
    [
      "3 cases need more than this target accepts: 2 queued, 1 topicLevels",
    ],
  );
  assert.deepEqual(costLines(cases(["a", queued], ["b", { lacks: "retained" }])), [
    "1 case needs more than a accepts: 1 queued",
    "1 case needs features that b does not claim: 1 retained",
  ]);
  assert.deepEqual(costLines(cases(["a", { limit: "packet-too-large" }])), [
    "1 case needs what this target has announced that it does not accept: 1 packet-too-large",
  ]);
  assert.deepEqual(costLines(cases(["a", {}])), []);
});
