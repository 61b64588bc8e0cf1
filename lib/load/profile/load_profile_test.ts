import assert from "node:assert/strict";
import { formatProblems } from "../../spec/problem.ts";
import { loadProfile } from "./load_profile.ts";

const RIGHT = `profile: sample
title: A sample
groups:
  - { group: subs, role: subscribe, clients: 2, subscribe: [{ filter: a/+ }] }
  - group: pubs
    role: publish
    clients: 3
    publish: { topic: a/$client, rate-per-client: 10 }
stages: [{ hold: 1s }]
`;

/** The first line of each mistake with its line, column and hint. */
function mistakes(text: string): readonly string[] {
  return loadProfile(text, "sample.yaml").problems.map(({ message, place, hint }) =>
    `${place.line}:${place.column} ${message}${hint ? ` (${hint})` : ""}`
  );
}

Deno.test("loadProfile() fills in defaults", () => {
  const { profile, problems } = loadProfile(RIGHT, "sample.yaml");
  assert.deepEqual(problems, []);
  assert.equal(profile?.protocol, "3.1.1");
  assert.equal(profile?.mode, "latency");
  assert.equal(profile?.executor.name, "arrival-rate");
  assert.equal(profile?.connect.outstanding, 64);
  const [subs, pubs] = profile?.groups ?? [];
  assert.equal(subs?.cleanSession, true);
  assert.deepEqual(pubs?.publish?.rate, 30, "a rate per client is the sum over the group");
  assert.deepEqual(pubs?.publish?.payload, { kind: "bytes", sizes: [{ size: 64, weight: 1 }] });
});

const WRONG: readonly (readonly [what: string, from: string, to: string, mistake: string])[] = [
  ["an unknown key", "title:", "titel:", '2:1 unknown key "titel" in a profile (did you mean title?)'],
  [
    "an unknown role",
    "role: subscribe",
    "role: subscriber",
    '4:26 unknown role "subscriber" (did you mean subscribe?)',
  ],
  [
    "an unknown word in a topic",
    "a/$client",
    "a/$clint",
    '8:25 unknown word "$clint" (did you mean client?)',
  ],
  [
    "a rate of nothing",
    "rate-per-client: 10",
    "rate: 0",
    "8:40 0 is out of range (above 0, at most 10000000)",
  ],
  [
    "more topics than marks can distinguish",
    "a/$client, rate-per-client: 10 }",
    "a/$client/$topic, topics: 10000, rate: 10 }\n    will: { topic: w/$client }\n  - { group: more, role: publish, clients: 2000, publish: { topic: b/$client/$topic, topics: 10000, rate: 10 } }",
    "4:3 20030003 topics over all publishers (at most 16777216 can be distinguished)",
  ],
  [
    "two rates",
    "rate-per-client: 10",
    "rate: 5, rate-per-client: 10",
    "8:60 a rate and a rate-per-client (remove one)",
  ],
  [
    "a stage with two kinds",
    "hold: 1s",
    "hold: 1s, ramp: 2s",
    "9:18 a stage with ramp and hold (write one of ramp, hold, step, spike and wave)",
  ],
  [
    "a duration without unit",
    "hold: 1s",
    "hold: 1",
    "9:18 expected a duration, found 1 (such as 500ms, 2s, 1.5s or 2m)",
  ],
  [
    "a role without what it needs",
    "subscribe: [{ filter: a/+ }]",
    "keep-alive: 10s",
    '4:26 a group with the role subscribe without "subscribe" (add subscribe:)',
  ],
  [
    "what needs MQTT 5.0",
    "rate-per-client: 10",
    "rate: 1, topic-alias: true",
    '4:3 topic-alias in the group "pubs" with MQTT 3.1.1 (write protocol: "5.0")',
  ],
];

for (const [what, from, to, mistake] of WRONG) {
  Deno.test(`loadProfile() reports ${what}`, () => {
    assert.ok(RIGHT.includes(from));
    const found = mistakes(RIGHT.replace(from, to));
    assert.ok(found.includes(mistake), found.join("\n"));
  });
}

Deno.test("loadProfile() reports a threshold at its place in the line", () => {
  const text = `${RIGHT}thresholds: [lost == 0, latensy.p99 < 2ms]\n`;
  const { problems } = loadProfile(text, "sample.yaml");
  assert.equal(
    formatProblems(problems, new Map([["sample.yaml", text]])),
    `error: unknown measurement "latensy.p99"
  --> sample.yaml:10:25
10 | thresholds: [lost == 0, latensy.p99 < 2ms]
   |                         ^^^^^^^^^^^ did you mean latency.p99?
`,
  );
});

Deno.test("loadProfile() takes values of the command line for those that the file declares", () => {
  const text = RIGHT.replace("clients: 3", "clients: $many").replace(
    "groups:",
    "values: { many: 4 }\ngroups:",
  );
  const clients = (set: ReadonlyMap<string, string>) =>
    loadProfile(text, "sample.yaml", set).profile?.groups[1]?.clients;
  assert.equal(clients(new Map()), 4);
  assert.equal(clients(new Map([["many", "9"]])), 9);
  const { problems } = loadProfile(text, "sample.yaml", new Map([["mny", "9"]]));
  assert.equal(problems[0]?.message, 'no value "mny" to set');
  assert.equal(problems[0]?.hint, "did you mean many?");
});

Deno.test("loadProfile() takes another length for the last stage before it compares the warm-up with all of them", () => {
  const text = RIGHT.replace("[{ hold: 1s }]", "[{ hold: 1s }, { hold: 2s }]\nwarm-up: 30s");
  const loaded = (lastStageMs?: number) => loadProfile(text, "sample.yaml", new Map(), lastStageMs);
  assert.equal(loaded().problems[0]?.message, "a warm-up of 30s, and all stages together last 3s");
  assert.equal(loaded(29_000).problems[0]?.message, "a warm-up of 30s, and all stages together last 30s");
  assert.deepEqual(loaded(29_001).profile?.stages.map(({ ms }) => ms), [1_000, 29_001]);
});

Deno.test("loadProfile() never throws, whatever the file holds", () => {
  for (const text of ["", "a", "- a", "profile: [", "profile: x\ngroups: 5", "profile: { a: b }"]) {
    assert.ok(loadProfile(text, "sample.yaml").problems.length > 0, text);
  }
});

Deno.test("a threshold with abort is a threshold, and ends the load as well", () => {
  const text = (thresholds: string) =>
    `profile: p\ntitle: P\ngroups: [{ group: g, role: idle, clients: 1 }]\nstages: [{ hold: 1s }]\nthresholds: ${thresholds}\n`;
  const { profile } = loadProfile(
    text("[sent == 0, { threshold: connect.failed < 5, abort: true }]"),
    "p.yaml",
  );
  assert.deepEqual(profile?.thresholds.map((one) => one.expression), ["sent == 0", "connect.failed < 5"]);
  assert.deepEqual(profile?.aborts.map((one) => one.expression), ["connect.failed < 5"]);
  const { problems } = loadProfile(text("[{ threshold: conect.failed < 5, abort: true }]"), "p.yaml");
  assert.deepEqual(problems.map(({ place, message }) => [place.line, place.column, message]), [
    [5, 27, 'unknown measurement "conect.failed"'],
  ]);
});
