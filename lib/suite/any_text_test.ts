import assert from "node:assert/strict";
import fc from "fast-check";
import { formatProblems } from "../spec/problem.ts";
import { loadOpenings, loadSuite } from "./load.ts";

const SUITE = `suite: demo
title: Demo
protocols: ["3.1.1", "5.0"]
values: { patience: 2s }
openings:
  connected: { lanes: [lane], with: { lane: c }, steps: [$lane -> CONNECT: { keepAlive: 5 }, $lane <- CONNACK] }
cases:
  - case: one
    purpose: $filter MUST work
    covers: { "5.0": [MQTT-1] }
    table: { columns: [filter, n], rows: [[a/+, 1], [{ hex: 00 }, 2]] }
    matrix: { qos: [0, 1] }
    use: { connected: { lane: pub } }
    steps:
      - pub -> PUBLISH: { topic: $topic/$filter, payload: { repeat: x, times: $n }, properties: { userProperty: [a, b] } }
      - pub <- one of: { outcomes: [PUBACK: { packetId: { between: [1, 9] } }, closed], within: $patience, as: got }
      - repeat: { times: 2, as: i, steps: [{ all: [pub <- PUBLISH: { topic: a }] }, pub <- nothing] }
      - pub -> packets: [{ PINGREQ: {} }]
      - wait: 1s
`;

function check(text: string): void {
  const { suite, problems } = loadSuite(text, "demo.yaml");
  assert.ok((suite === undefined) === (problems.length > 0));
  assert.equal(typeof formatProblems(problems, new Map([["demo.yaml", text]])), "string");
  loadOpenings(text, "openings.yaml");
}

Deno.test("loadSuite() takes the suite that the next tests break", () => {
  assert.deepEqual(loadSuite(SUITE, "demo.yaml").problems, []);
});

Deno.test("loadSuite() never throws, whatever the text", () => {
  fc.assert(fc.property(fc.string({ unit: "binary", maxLength: 500 }), check));
});

Deno.test("loadSuite() never throws on a suite with a part cut out, doubled or put elsewhere", () => {
  const at = fc.nat(SUITE.length);
  const edit = fc.record({
    from: at,
    size: fc.nat(40),
    to: at,
    keep: fc.boolean(),
    put: fc.string({ maxLength: 5 }),
  });
  fc.assert(
    fc.property(fc.array(edit, { minLength: 1, maxLength: 4 }), (edits) => {
      let text = SUITE;
      for (const { from, size, to, keep, put } of edits) {
        const part = text.slice(from, from + size);
        const rest = keep ? text : text.slice(0, from) + text.slice(from + size);
        text = rest.slice(0, to) + put + part + rest.slice(to);
      }
      check(text);
    }),
    { numRuns: 400 },
  );
});

Deno.test("loadSuite() never throws on a suite whose scalars are exchanged", () => {
  const words = SUITE.match(/[^\s{}[\],:]+/g) ?? [];
  const word = fc.constantFrom(
    ...words,
    "5",
    "~",
    "[]",
    "{}",
    "$got",
    "$$",
    '""',
    "omit",
    "any",
    "1s",
    "nothing",
  );
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.nat(words.length - 1), word), { minLength: 1, maxLength: 5 }),
      (changes) => {
        let n = 0;
        check(SUITE.replaceAll(/[^\s{}[\],:]+/g, (whole) => {
          const change = changes.find(([index]) => index === n);
          n++;
          return change ? change[1] : whole;
        }));
      },
    ),
    { numRuns: 400 },
  );
});
