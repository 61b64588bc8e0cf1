import assert from "node:assert/strict";
import { asText, evaluate } from "../../spec/evaluate.ts";
import { formatProblems } from "../../spec/problem.ts";
import { Scope } from "../../spec/scope.ts";
import { loadSuite } from "./load.ts";
import type { Sent } from "../step/sent.ts";
import type { Step } from "../step/step.ts";
import type { Case, Suite } from "./model.ts";
import type { LoadOptions } from "./options.ts";

function load(text: string, options: LoadOptions = {}): Suite {
  const { suite, problems } = loadSuite(text, "demo.yaml", options);
  assert.ok(suite, formatProblems(problems, new Map([["demo.yaml", text]])));
  return suite;
}

/** A broker suite with one case of these steps, one per line. */
function oneCase(steps: string, extra = ""): Case {
  const indented = steps.trim().split("\n").map((line) => `      ${line.trim()}`).join("\n");
  const suite = load(
    `suite: demo\ntitle: Demo\nprotocols: ["3.1.1"]\ncases:\n  - case: one\n    purpose: it MUST work\n${extra}    steps:\n${indented}\n`,
  );
  const [first] = suite.cases;
  assert.ok(first);
  return first;
}

function packet(step: Step | undefined): Extract<Sent, { kind: "packet" }> {
  assert.ok(step?.kind === "send" && step.send.kind === "packet");
  return step.send;
}

const BROKER_SUITE = `
suite: mqtt/qos2
title: QoS 2, exactly once
protocols: ["3.1.1", "5.0"]
openings:
  connected:
    lanes: [lane]
    with: { lane: client, clean: true }
    steps:
      - $lane -> CONNECT: { cleanStart: $clean, clientId: $client.lane }
      - $lane <- CONNACK: { reason: 0, as: ack }
  subscribed:
    lanes: [lane]
    with: { lane: client, filter: null, qos: 0 }
    steps:
      - $lane -> CONNECT
      - $lane <- CONNACK: { reason: 0 }
      - $lane -> SUBSCRIBE: { packetId: 1, filter: $filter, qos: $qos }
      - $lane <- SUBACK: { packetId: 1, reason: $qos }
cases:
  - case: delivered-once
    purpose: both handshakes MUST complete and the subscriber gets one message
    covers: { "3.1.1": [MQTT-4.3.3-1], "5.0": [MQTT-4.3.3-8] }
    use: { subscribed: { lane: sub, filter: $topic, qos: 2 }, connected: { lane: pub } }
    steps:
      - pub -> PUBLISH: { topic: $topic, qos: 2, packetId: 7, payload: once }
      - pub <- PUBREC: { packetId: 7 }
      - pub -> PUBREL: { packetId: 7 }
      - pub <- PUBCOMP: { packetId: 7 }
      - sub <- PUBLISH: { topic: $topic, qos: 2, dup: false, payload: once, as: got }
      - sub -> PUBREC: { packetId: $got.packetId }
      - sub <- PUBREL: { packetId: $got.packetId }
      - sub -> PUBCOMP: { packetId: $got.packetId }
      - sub <- nothing
`;

Deno.test("a broker suite is read completely, with its openings before its steps", () => {
  const suite = load(BROKER_SUITE);
  assert.equal(suite.tests, "broker");
  const [one] = suite.cases;
  assert.ok(one);
  assert.equal(one.id, "mqtt/qos2/delivered-once");
  assert.deepEqual(one.protocols, ["3.1.1", "5.0"]);
  assert.deepEqual(one.covers, { "3.1.1": ["MQTT-4.3.3-1"], "5.0": ["MQTT-4.3.3-8"] });
  assert.deepEqual(one.lanes, ["sub", "pub"]);
  assert.equal(one.steps.length, 4 + 2 + 9);
  assert.deepEqual(one.steps.map(({ opening }) => opening).slice(0, 7), [
    "subscribed",
    "subscribed",
    "subscribed",
    "subscribed",
    "connected",
    "connected",
    undefined,
  ]);
});

Deno.test("an opening's parameters are put in place, each value with the place where it was given", () => {
  const one = load(BROKER_SUITE).cases[0];
  const subscribe = packet(one?.steps[2]);
  const scope = new Scope().set("topic", "t/1");
  assert.deepEqual(subscribe.fields.map(([name, value]) => [name, evaluate(value, scope)]), [
    ["packetId", 1],
    ["subscriptions", [{ filter: "t/1", qos: 2 }]],
  ]);
  const connect = packet(one?.steps[4]);
  const clientId = connect.fields.find(([name]) => name === "clientId")?.[1];
  assert.deepEqual(clientId?.kind === "variable" ? clientId.path : [], ["client", "pub"]);
});

Deno.test("a step keeps its place and its line of source", () => {
  const step = load(BROKER_SUITE).cases[0]?.steps[6];
  assert.equal(step?.source, "pub -> PUBLISH: { topic: $topic, qos: 2, packetId: 7, payload: once }");
  assert.equal(BROKER_SUITE.split("\n")[(step?.place.line ?? 0) - 1]?.trim(), `- ${step?.source}`);
});

Deno.test("a module suite is read whole", () => {
  const suite = load(`
suite: at/ecmtpub
title: AT+ECMTPUB
values: { openFailed: [1, -1] }
cases:
  - case: qos2-handshake
    purpose: +ECMTPUB MUST report success only after PUBCOMP
    covers: [ECMT-PUB-U3]
    steps:
      - dte -> ATE0
      - dte -> AT+ECMTPUB=: [0, 7, 2, 0, $topic, { bare: hello }, omit]
      - dte <- OK
      - broker <- PUBLISH: { packetId: 7, qos: 2, topic: $topic, payload: hello }
      - broker -> PUBREC: { packetId: 7 }
      - dte <- +ECMTPUB: { args: [0, [7, 8], { optional: 0 }], within: 5s, as: result }
      - dte -> AT+ECMTOPEN=: [0, $host, $port]
      - dte <- one of: [OK, ERROR, +CME ERROR: 3]
      - dte <- +ECMTOPEN: [0, $openFailed, $result.1]
      - dte -> AT+ECMTOPEN?
      - dte -> AT+ECMTOPEN=?
      - dte -> AT+ECMTOPEN
      - dte -> raw: "AT+X=1\\r"
      - dte <- prompt
      - dte -> data: { bytes: hello, end: esc }
      - dte <- line: { contains: EC }
      - dte <- nothing: { within: 300ms }
      - broker <- closed
      - broker <- opened
      - drop: broker
`);
  assert.equal(suite.tests, "module");
  const [one] = suite.cases;
  assert.deepEqual(one?.covers, { ECMT: ["ECMT-PUB-U3"] });
  const forms = one?.steps.flatMap((step) =>
    step.kind === "send" && step.send.kind === "command" ? [`${step.send.name} ${step.send.form}`] : []
  );
  assert.deepEqual(forms, [
    "E0 basic",
    "+ECMTPUB write",
    "+ECMTOPEN write",
    "+ECMTOPEN read",
    "+ECMTOPEN test",
    "+ECMTOPEN execute",
  ]);
});

Deno.test("short forms are written out, in what is sent and in what is expected", () => {
  const one = oneCase(`
    - c -> CONNECT: { cleanSession: false }
    - c <- CONNACK: { returnCode: [0, 5] }
    - c -> UNSUBSCRIBE: { filter: a }
    - c <- SUBACK: { reason: [1, 2] }
    - c <- UNSUBACK: { reason: absent }`);
  const scope = new Scope();
  const fields = one.steps.map((step) => {
    const [name, value] = step.kind === "expect" && step.outcomes[0]?.kind === "packet"
      ? step.outcomes[0].fields[0] ?? []
      : packet(step).fields[0] ?? [];
    return [name, value && evaluate(value, scope)];
  });
  assert.deepEqual(fields, [
    ["cleanStart", false],
    ["reason", [0, 5]],
    ["filters", ["a"]],
    ["reasons", [[1, 2]]],
    ["reasons", "absent"],
  ]);
});

Deno.test("overrides and the splitting into writes are separate from the fields", () => {
  const one = oneCase(`
    - c -> CONNECT: { keepAlive: 5, flags: 3, remainingLength: { hex: ffffff7f }, pieces: [1, 2] }
    - c -> packets: [ PINGREQ, { PUBLISH: { topic: a, bytewise: true } } ]
    - c -> raw: { hex: "c0 00" }`);
  const connect = packet(one.steps[0]);
  assert.deepEqual(connect.fields.map(([name]) => name), ["keepAlive"]);
  assert.deepEqual(connect.wire.map(([name]) => name), ["flags", "remainingLength", "pieces"]);
  assert.equal(one.steps[1]?.kind === "send" && one.steps[1].send.kind, "packets");
});

Deno.test("verbs hold their steps", () => {
  const one = oneCase(`
    - open: c
    - repeat: { times: 3, as: i, steps: [c -> PUBLISH: { topic: a/$i }, { all: [c <- PUBACK, c <- PUBREC] }] }
    - c <- one of: { outcomes: [DISCONNECT: { reason: [0x81, 0x82] }, closed], within: 2s, as: end }
    - c -> PUBLISH: { topic: $end.type }
    - wait: 1.5s
    - drop: c`);
  assert.deepEqual(one.steps.map(({ kind }) => kind), ["open", "repeat", "expect", "send", "wait", "drop"]);
});

Deno.test("poll contains only commands and responses on the serial side", () => {
  const poll = (text: string) =>
    loadSuite(
      `suite: x\ntitle: X\ncases:\n  - case: one\n    purpose: p\n    steps:\n      - poll: ${text}\n`,
      "x.yaml",
    );
  const { suite, problems } = poll(
    "{ within: 9s, every: 1s, steps: [dte -> AT+CEREG?, dte <- +CEREG: [0, 1]] }",
  );
  assert.deepEqual(problems, []);
  const [step] = suite?.cases[0]?.steps ?? [];
  assert.equal(step?.kind === "poll" && step.steps.length, 2);
  assert.deepEqual(suite?.cases[0]?.lanes, ["dte"]);
  const wrong: readonly (readonly [text: string, told: string])[] = [
    ["{ steps: [dte -> AT] }", 'poll without "within"'],
    ["{ within: 9, steps: [dte -> AT] }", "expected a duration, found 9"],
    ["{ within: 9s, evry: 1s, steps: [dte -> AT] }", 'unknown key "evry" in poll'],
    [
      "{ within: 9s, steps: [broker <- opened] }",
      'a step within "poll" that is neither a command nor a response',
    ],
    ["{ within: 9s, steps: [] }", 'no steps within "poll"'],
  ];
  for (const [text, told] of wrong) {
    assert.deepEqual(poll(text).problems.map(({ message }) => message), [told]);
  }
});

Deno.test("what a case does not say comes from its suite", () => {
  const suite = load(`
suite: demo
title: Demo
protocols: ["5.0"]
level: should
requires: [retained]
tags: [a]
cases:
  - { case: plain, purpose: it SHOULD work, steps: [c -> CONNECT] }
  - { case: own, purpose: it MUST work, level: must, requires: ["!wills"], tags: [a, b], protocols: ["3.1"], exclusive: true, limit: 20s, steps: [c -> CONNECT] }
`);
  const [plain, own] = suite.cases;
  assert.deepEqual([plain?.level, plain?.protocols, plain?.tags, plain?.exclusive], [
    "should",
    ["5.0"],
    ["a"],
    false,
  ]);
  assert.deepEqual([own?.level, own?.protocols, own?.tags, own?.exclusive, own?.limit], [
    "must",
    ["3.1"],
    ["a", "b"],
    true,
    20_000,
  ]);
  assert.deepEqual(own?.requires.map(({ feature, not }) => [feature, not]), [["retained", undefined], [
    "wills",
    true,
  ]]);
});

Deno.test("a suite is named for its file below suites/", () => {
  const text =
    "suite: mqtt/x\ntitle: X\nprotocols: ['5.0']\ncases: [{ case: a, purpose: b, steps: [c -> CONNECT] }]";
  for (const file of ["suites/mqtt/x.yaml", "/home/me/suites/mqtt/x.yaml", "anywhere.yaml"]) {
    assert.deepEqual(loadSuite(text, file).problems, [], file);
  }
  assert.equal(
    loadSuite(text, "suites/mqtt/y.yaml").problems[0]?.message,
    'suite "mqtt/x" in the file of "mqtt/y"',
  );
});

Deno.test("007 stays a text where a text is expected", () => {
  const connect = packet(oneCase("- c -> CONNECT: { clientId: 007, userName: 3.10 }").steps[0]);
  assert.deepEqual(connect.fields.map(([, value]) => asText(value, new Scope())), ["007", "3.10"]);
});
