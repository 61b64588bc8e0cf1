import assert from "node:assert/strict";
import fc from "fast-check";
import { formatProblems } from "../../spec/problem.ts";
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

Deno.test("loadSuite() never throws for any text", () => {
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

const HEAD = 'suite: demo\ntitle: Demo\nprotocols: ["5.0"]\n';

/** Small files that expand to very much data, or contain very many mistakes. */
const GREAT: Readonly<Record<string, string>> = {
  "rows": `${HEAD}cases:\n${
    Array.from(
      { length: 2_000 },
      (_, n) =>
        `  - { case: c${n}, purpose: p, matrix: { a: [${"1,".repeat(70)}], b: [${
          "1,".repeat(71)
        }] }, steps: [c -> CONNECT] }\n`,
    ).join("")
  }`,
  "steps of openings": `${HEAD}openings: { o: { steps: [${"c -> CONNECT,".repeat(20_000)}] } }\ncases:\n${
    Array.from({ length: 5_000 }, (_, n) => `  - { case: c${n}, purpose: p, use: { o: {} } }\n`).join("")
  }`,
  "text in parameters": `${HEAD}openings: { o: { with: { a: x }, steps: [c -> raw: ${
    "$a".repeat(100_000)
  }] } }\ncases:\n  - { case: c, purpose: p, use: { o: { a: ${"x".repeat(500_000)} } } }\n`,
  "unknown variables": `${HEAD}cases:\n  - case: c\n    purpose: p\n    steps:\n${
    Array.from({ length: 15_000 }, (_, n) => `      - c -> raw: $n${n}\n      - c <- PUBACK: { as: m${n} }\n`)
      .join("")
  }`,
  "unknown keys": `${HEAD}${Array.from({ length: 60_000 }, (_, n) => `key${n}: 1\n`).join("")}`,
};

for (const [what, text] of Object.entries(GREAT)) {
  Deno.test(`loadSuite() reports a file with too much of something: ${what}`, () => {
    assert.ok(text.length <= 1024 * 1024);
    const { problems } = loadSuite(text, "demo.yaml");
    assert.ok(problems.length > 0 && problems.length < 5_000, String(problems.length));
  });
}
