import assert from "node:assert/strict";
import { defined } from "../ground/defined.ts";
import { formatProblems } from "../spec/problem.ts";
import { deviationFor, formatExpectations, loadExpectations } from "./expectation_file.ts";
import { claimsIn } from "../suite/claim/claims.ts";
import { loadTarget } from "./target_file.ts";

/** The mistakes in a target file, as the user sees them. */
function mistakes(text: string): string {
  const { target, problems } = loadTarget(text, "t.yaml");
  assert.equal(target === undefined, problems.length > 0);
  return formatProblems(problems, new Map([["t.yaml", text]]));
}

const HEAD = "target: demo\ntitle: Demo\n";

Deno.test("a target that is started is read whole", () => {
  const { target, problems } = loadTarget(
    `${HEAD}tests: broker
start:
  process:
    command: [broker, -c, "{config}"]
    version: [broker, -v]
    config: |
      port {port}
protocols: ["3.1.1", "5.0"]
supports: [qos1, wills]
values: { password: 007, codes: [1, 2] }
expectations: known.yaml
within: 1.5s
limit: 1m
`,
    "t.yaml",
  );
  assert.deepEqual(problems, []);
  const named = { program: "broker", place: { file: "t.yaml", line: 6, column: 15, length: 6 } };
  assert.deepEqual(defined(target?.start ?? {}), {
    kind: "process",
    command: ["broker", "-c", "{config}"],
    named: [named, { ...named, place: { ...named.place, line: 7 } }],
    version: ["broker", "-v"],
    config: "port {port}\n",
  });
  assert.deepEqual(
    [target?.protocols, target?.supports, target?.expectations, target?.withinMs, target?.limitMs],
    [["3.1.1", "5.0"], ["qos1", "wills"], "known.yaml", 1500, 60_000],
  );
  assert.deepEqual([...target?.values.keys() ?? []], ["password", "codes"]);
});

Deno.test("a module speaks ECMT, and its behaviour is data", () => {
  const { target, problems } = loadTarget(
    `${HEAD}tests: module
start:
  embedded: virtual-module
  quirks: [ping-early, blank-lines]
  roundTrip: 1500ms
  behaviour: { reconnectDelaysMs: [1, 2] }
`,
    "t.yaml",
  );
  assert.deepEqual(problems, []);
  assert.deepEqual(target?.protocols, ["ECMT", "3.1.1"]);
  assert.deepEqual(defined(target?.start ?? {}), {
    kind: "virtual-module",
    defects: [],
    quirks: ["ping-early", "blank-lines"],
    roundTripMs: 1_500,
    behaviour: { reconnectDelaysMs: [1, 2] },
  });
});

Deno.test("how to handle a module's line, and its setup and teardown, is read", () => {
  const { target, problems } = loadTarget(
    `${HEAD}tests: module
address: serial:/dev/ttyUSB0?baud=9600&dtr=off
line: { back: 30s, ready: 10s, dtrReset: 200ms }
values: { apn: internet }
setup:
  - dte -> AT+CGDCONT=: [1, IP, $apn]
  - dte <- OK
  - poll: { within: 60s, every: 2s, steps: [dte -> AT+CEREG?, dte <- +CEREG: [any, [1, 5]], dte <- OK] }
teardown: [dte -> AT+CFUN=: [0], dte <- OK]
`,
    "t.yaml",
  );
  assert.deepEqual(problems, []);
  assert.deepEqual(target?.line, { backMs: 30_000, readyMs: 10_000, dtrMs: 200 });
  assert.deepEqual(target?.setup?.map(({ kind }) => kind), ["send", "expect", "poll"]);
  assert.deepEqual(target?.teardown?.map(({ kind }) => kind), ["send", "expect"]);
});

Deno.test("every mistake of a target file is reported with its place", () => {
  const broker = `${HEAD}tests: broker\n`;
  const module = `${HEAD}tests: module\n`;
  const line = `${module}address: serial:/dev/ttyUSB0\n`;
  const wrong: readonly (readonly [text: string, told: RegExp])[] = [
    ["", /expected a target file, found an empty file\n +--> t\.yaml:1:1/],
    [`${HEAD}tests: brokr\naddress: mqtt://h`, /brokr.*\n.*t\.yaml:3:8[^]*did you mean broker\?/],
    [`${broker}adress: mqtt://h`, /unknown key "adress"[^]*4:1[^]*did you mean address\?/],
    [broker, /a target has either an address or a start[^]*add address: or start:/],
    [`${broker}address: mqtt://h\nstart: { embedded: reference-broker }`, /either an address or a start/],
    [`${broker}address: localhost`, /"localhost" is not an address[^]*4:10/],
    [`${broker}address: mqtt://h:99999`, /"99999" is not a port[^]*4:19[^]*\^\^\^\^\^\n/],
    [`${broker}address: serial:/dev/ttyUSB0`, /an address of a module, but the target is a broker/],
    [`${module}address: mqtt://h`, /an address of a broker, but the target is a module/],
    [`${module}start: { embedded: reference-broker }`, /a reference broker, but the target is a module/],
    [`${broker}start: { embedded: virtual-module }`, /a virtual module, but the target is a broker/],
    [
      `${broker}start: { embedded: reference-broker, defects: [puback-lots] }`,
      /unknown defect "puback-lots" of the reference broker[^]*did you mean puback-lost\?/,
    ],
    [
      `${broker}start: { embedded: reference-broker, quirks: [acks-later] }`,
      /unknown quirk "acks-later" of the reference broker[^]*did you mean acks-late\?/,
    ],
    [
      `${module}start: { embedded: virtual-module, defects: [puback-lost] }`,
      /unknown defect "puback-lost" of the virtual module/,
    ],
    [
      `${module}start: { embedded: virtual-module, quirks: [pings-early] }`,
      /unknown quirk "pings-early" of the virtual module[^]*4:45[^]*did you mean ping-early\?/,
    ],
    [
      `${module}start: { embedded: virtual-module, quirks: [ping-urc] }`,
      /the quirk "ping-urc" is only for modules with AT\+QMT commands[^]*4:45/,
    ],
    [`${module}start: { embedded: virtual-module, roundTrip: long }`, /expected a duration, found "long"/],
    [
      `${module}start: { embedded: virtual-module, behaviour: { reconectDelaysMs: [1] } }`,
      /unknown behaviour "reconectDelaysMs"; did you mean reconnectDelaysMs\?/,
    ],
    [
      `${module}start: { embedded: virtual-module, behaviour: { reconnectDelaysMs: soon } }`,
      /the manual's \[20,500,2000\] for the behaviour "reconnectDelaysMs", found "soon"/,
    ],
    [
      `${module}start: { embedded: virtual-module, behaviour: { reconnectDelaysMs: $x } }`,
      /unknown variable "\$x"/,
    ],
    [`${broker}address: mqtt://h\nprotocols: [3.1.2]`, /3\.1\.2/],
    [`${broker}address: mqtt://h\nwithin: 2`, /duration/],
    [`${broker}start: { process: { command: [] } }`, /an empty list/],
    [
      `${broker}start: { embedded: aedes, defects: [puback-lost] }`,
      /"defects" of aedes, which has no such option/,
    ],
    [
      `${broker}start: { embedded: aedes, process: { command: [sh] } }`,
      /a start of embedded and process[^]*remove one of them/,
    ],
    [`${broker}address: mqtt://h\nsetup: [dte -> AT]`, /unexpected "setup": the target is a broker[^]*5:8/],
    [`${line}line: { bak: 3s }`, /unknown key "bak"[^]*5:9[^]*did you mean back\?/],
    [`${line}line: { dtrReset: 1m }`, /a pulse of 60000 ms[^]*5:19[^]*1ms to 10s/],
    [`${module}address: tcp-serial://h:1\nline: { dtrReset: 1s }`, /dtrReset on a line without DTR[^]*5:7/],
    [`${line}setup: [broker <- opened]`, /unexpected lane "broker" in steps on the serial line[^]*5:9/],
    [
      `${line}setup: [dte -> publish: { topic: a }]`,
      /unexpected operation "publish" in steps on the serial line[^]*5:9[^]*write the command itself/,
    ],
    [`${line}setup: [dte -> AT+CGDCONT=: [1, $apn]]`, /unknown variable "\$apn"[^]*5:/],
    [`${line}setup: [dte -> AT+X=: [$host]]`, /unknown variable "\$host"/],
    [`${line}setup: [dte <- OKK]`, /unknown result "OKK"[^]*5:16/],
    [
      `${line}setup: [poll: { within: 5s, steps: [wait: 1s] }]`,
      /a step within "poll" that is neither a command nor a response/,
    ],
  ];
  for (const [text, told] of wrong) assert.match(mistakes(text), told, text);
});

const KNOWN = (id: string) => ["a/b", "a/c[1]", "a/d"].includes(id);

Deno.test("an expectation file is read, and the entry for the protocol goes first", () => {
  const { target, expectations, problems } = loadExpectations(
    `target: demo
expect:
  - { case: a/b, verdict: fail, reason: all of them }
  - { case: a/b, protocol: "5.0", verdict: inconclusive, reason: only there }
  - { cases: ["a/c[1]", a/d], verdict: error, reason: a row }
`,
    "e.yaml",
    KNOWN,
  );
  assert.deepEqual(problems, []);
  assert.equal(target, "demo");
  assert.equal(deviationFor(expectations, "a/b", "3.1.1")?.reason, "all of them");
  assert.equal(deviationFor(expectations, "a/b", "5.0")?.reason, "only there");
  assert.equal(deviationFor(expectations, "a/c[1]", "ECMT")?.line, 5);
  assert.equal(deviationFor(expectations, "a/d", "QMT")?.reason, "a row");
  assert.equal(deviationFor(expectations, "a/c", "ECMT"), undefined);
});

Deno.test("mistakes of an expectation file are reported with their places", () => {
  const told = (text: string) =>
    formatProblems(loadExpectations(text, "e.yaml", KNOWN).problems, new Map([["e.yaml", text]]));
  assert.match(told(""), /expected an expectation file, found an empty file/);
  assert.match(
    told("target: demo\nexpect:\n  - { case: a/x, verdict: fail, reason: r }\n"),
    /no case has the id "a\/x"[^]*e\.yaml:3/,
  );
  assert.match(
    told("target: demo\nexpect: [{ case: a/b, verdict: fial, reason: r }]"),
    /did you mean fail\?/,
  );
  assert.match(told("target: demo\nexpect: [{ case: a/b, verdict: fail }]"), /reason/);
  assert.match(
    told("target: demo\nexpect: [{ verdict: fail, reason: r }]"),
    /either a case, or cases, or a finding/,
  );
  assert.match(
    told("target: demo\nexpect: [{ case: a/b, cases: [a/d], verdict: fail, reason: r }]"),
    /remove one/,
  );
  assert.match(
    told('target: demo\nexpect: [{ case: a/b, protocol: "4", verdict: fail, reason: r }]'),
    /"4"/,
  );
});

Deno.test("an expectation file that was written reads back the same", () => {
  const expectations = [
    { case: "a/b", verdict: "fail" as const, reason: 'says "no": # always\nand again' },
    { case: "a/c[1]", protocol: "5.0", verdict: "error" as const, reason: "yes" },
    { case: "a/d", protocol: "5.0", verdict: "error" as const, reason: "yes" },
  ];
  const read = loadExpectations(formatExpectations("demo", expectations), "e.yaml", KNOWN);
  assert.deepEqual(read.problems, []);
  assert.deepEqual(
    read.expectations.map(({ line: _, place: _place, ...rest }) => defined(rest)),
    expectations,
  );
});

Deno.test("claims and values may differ by protocol", () => {
  const { target, problems } = loadTarget(
    `${HEAD}tests: broker
address: mqtt://127.0.0.1:1883
protocols: ["3.1.1", "5.0"]
supports: { "3.1.1": [qos1], "5.0": [qos1, qos2, x-own] }
values: { largest: 9, queued: at least 1000, "5.0": { largest: 8, receiveMaximum: 20 } }
`,
    "t.yaml",
  );
  assert.deepEqual(problems, []);
  assert.ok(target);
  const claims = ["3.1.1", "5.0"].map((protocol) => claimsIn(target, protocol));
  assert.deepEqual(claims.map(({ supports }) => supports), [["qos1"], ["qos1", "qos2", "x-own"]]);
  const values = claims.map(({ values }) =>
    [...values].map(([name, value]) => `${name} ${value.kind === "literal" ? value.source : ""}`)
  );
  assert.deepEqual(values, [
    ["largest 9", "queued at least 1000"],
    ["largest 8", "queued at least 1000", "receiveMaximum 20"],
  ]);
  assert.equal(target.asks, undefined);
});

Deno.test("a broker whose file claims nothing is asked, in the versions that it names", () => {
  const broker = `${HEAD}tests: broker\naddress: mqtt://127.0.0.1:1883\n`;
  assert.deepEqual(loadTarget(broker, "t.yaml").target?.asks, ["3.1", "3.1.1", "5.0"]);
  assert.deepEqual(loadTarget(`${broker}protocols: ["5.0"]\n`, "t.yaml").target?.asks, ["5.0"]);
  assert.equal(loadTarget(`${broker}supports: []\n`, "t.yaml").target?.asks, undefined);
});

Deno.test("wrong claims are reported at their places", () => {
  const text = `${HEAD}tests: broker
address: mqtt://127.0.0.1:1883
protocols: ["3.1.1", "5.0"]
supports: { "3.1.1": [qos1, retaned, ssl], "3.1": [wills] }
values: { queued: many, "3.1": { largest: 9 } }
`;
  assert.equal(
    mistakes(text),
    `error: no claims in 5.0, which the target speaks
 --> t.yaml:6:13
6 | supports: { "3.1.1": [qos1, retaned, ssl], "3.1": [wills] }
  |             ^^^^^^^ add "5.0": []

error: unknown feature "retaned"
 --> t.yaml:6:29
6 | supports: { "3.1.1": [qos1, retaned, ssl], "3.1": [wills] }
  |                             ^^^^^^^ did you mean retained?

error: "ssl" is a feature of a module, but the target is a broker
 --> t.yaml:6:38
6 | supports: { "3.1.1": [qos1, retaned, ssl], "3.1": [wills] }
  |                                      ^^^

error: claims in 3.1, which the target does not speak
 --> t.yaml:6:44
6 | supports: { "3.1.1": [qos1, retaned, ssl], "3.1": [wills] }
  |                                            ^^^^^ did you mean 3.1.1?

error: expected an amount for "queued"
 --> t.yaml:7:19
7 | values: { queued: many, "3.1": { largest: 9 } }
  |                   ^^^^ write a whole number, or at least 1000 if no limit is known

error: claims in 3.1, which the target does not speak
 --> t.yaml:7:25
7 | values: { queued: many, "3.1": { largest: 9 } }
  |                         ^^^^^ did you mean 3.1.1?
`,
  );
});

Deno.test("a client library connects over the transport of its file, and no other kind of target has one", () => {
  const start = "start: { process: { command: [x], over: wss } }\n";
  const { target } = loadTarget(`${HEAD}tests: client\n${start}`, "t.yaml");
  assert.ok(target?.start?.kind === "process");
  assert.equal(target.start.over, "wss");
  assert.match(
    mistakes(`${HEAD}tests: broker\n${start}`),
    /over: of a process that is not a client library[^]*write at: with its address/,
  );
  assert.match(
    mistakes(`${HEAD}tests: client\nstart: { process: { command: [x], over: ssl } }\n`),
    /unknown transport "ssl"/,
  );
});
