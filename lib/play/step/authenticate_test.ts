import assert from "node:assert/strict";
import { Broker } from "../../broker/broker.ts";
import type { DeclaredAuth } from "../../target/target.ts";
import { StepFailed, type StepProblem } from "../step_failed.ts";
import { TestClients } from "../test_clients.ts";

const utf8 = (text: string) => new TextEncoder().encode(text);
const scram = (method: "SCRAM-SHA-1" | "SCRAM-SHA-256", password = "reference broker"): DeclaredAuth => ({
  kind: "scram",
  method,
  userName: "attest",
  password,
});

/** The exchange with two questions that the reference broker supports. */
const STEPS: DeclaredAuth = {
  kind: "fixed",
  method: "x-attest-steps",
  connect: utf8("hello"),
  steps: [
    { challenge: Uint8Array.of(0, 1), answer: Uint8Array.of(0xff, 0) },
    { challenge: undefined, answer: utf8("done") },
  ],
  success: utf8("welcome"),
};
const PAIR: DeclaredAuth = {
  kind: "fixed",
  method: "x-attest-pair",
  connect: undefined,
  steps: [{ challenge: utf8("ping"), answer: utf8("pong") }],
  success: undefined,
};
const REFUSED = "c <- CONNACK: { reason: 0x87 }";

/** Plays steps with an exchange against the reference broker, which has these quirks and defects too. */
async function played(
  auth: DeclaredAuth | undefined,
  lines: readonly string[],
  more: { readonly quirks?: readonly string[]; readonly defects?: readonly string[] } = {},
): Promise<readonly string[]> {
  const { quirks = [], defects } = more;
  await using broker = await Broker.start({ quirks: ["authenticates", ...quirks], defects });
  const { port } = broker.address;
  await using bench = new TestClients({ port, auth, protocol: "5.0" });
  await bench.play(lines);
  return bench.lines;
}

/** The problem with which playing steps fails. */
async function problemOf(...args: Parameters<typeof played>): Promise<StepProblem> {
  try {
    await played(...args);
  } catch (error) {
    assert.ok(error instanceof StepFailed, String(error));
    return error.problem;
  }
  assert.fail("nothing fails");
}

for (const auth of [scram("SCRAM-SHA-1"), scram("SCRAM-SHA-256"), STEPS, PAIR]) {
  Deno.test(`authenticate plays the exchange of ${auth.method}, from CONNECT and once more`, async () => {
    const alive = ["c -> PINGREQ", "c <- PINGRESP"];
    const lines = ["authenticate: c", ...alive, "authenticate: { lane: c, from: again }", ...alive];
    await played(auth, lines);
    await played(auth, lines, { quirks: auth.kind === "scram" ? ["auth-success-data-first"] : [] });
  });

  Deno.test(`authenticate stops at the last question of ${auth.method}, and goes on from there`, async () => {
    const method = `authenticationMethod: ${auth.method}, authenticationData: $auth.data`;
    await played(auth, [
      "authenticate: { lane: c, until: asked }",
      "authenticate: { lane: c, from: here }",
      "authenticate: { lane: d, until: last, as: auth }",
      `d -> AUTH: { reason: 0x18, properties: { ${method} } }`,
      `d <- CONNACK: { reason: 0, properties: { authenticationMethod: ${auth.method} } }`,
    ]);
  });
}

for (const wrong of ["first", "user", "answer", "nonce", "cut", "empty", "none"]) {
  Deno.test(`authenticate makes a message of SCRAM wrong: ${wrong}`, async () => {
    const auth = scram("SCRAM-SHA-256");
    const step = `authenticate: { lane: c, wrong: ${wrong} }`;
    await played(auth, [step, REFUSED, "c <- closed"]);
    // An unknown user is refused even if the broker reports it immediately.
    await played(auth, [step, REFUSED, "c <- closed"], { quirks: ["auth-unknown-user-at-once"] });
    const again = `authenticate: { lane: c, from: again, wrong: ${wrong} }`;
    await played(auth, ["authenticate: c", again, "c <- DISCONNECT: { reason: 0x87 }", "c <- closed"]);
  });
}

Deno.test("a broker that checks no nonce is found out by the wrong nonce alone", async () => {
  const defects = ["auth-nonce-unchecked"];
  const auth = scram("SCRAM-SHA-1");
  await played(auth, ["authenticate: { lane: c, wrong: answer }", REFUSED], { defects });
  const { message } = await problemOf(auth, ["authenticate: { lane: c, wrong: nonce }", REFUSED], {
    defects,
  });
  assert.match(message, /^Unexpected CONNACK 0 .*, expected CONNACK with reason code 0x87/);
});

Deno.test("a fixed exchange has the wrong messages that its data allows, and the others are a skip", async () => {
  for (const wrong of ["first", "answer", "cut", "empty", "none"]) {
    await played(STEPS, [`authenticate: { lane: c, wrong: ${wrong} }`, REFUSED, "c <- closed"]);
  }
  for (const [auth, wrong] of [[STEPS, "user"], [STEPS, "nonce"], [PAIR, "first"]] as const) {
    const { message, verdict } = await problemOf(auth, [`authenticate: { lane: c, wrong: ${wrong} }`]);
    assert.equal(message, `not shown: no message of ${auth.method} can be wrong in this way (${wrong})`);
    assert.equal(verdict, "skip");
  }
});

Deno.test("the server's packets are compared with the exchange", async () => {
  const other = { ...STEPS, steps: [{ challenge: utf8("?"), answer: utf8("!") }] } as DeclaredAuth;
  for (
    const [auth, defects, message] of [
      [other, [], /^x-attest-steps: the data 0x0001 in the server's AUTH 1; auth: has the data 0x3f$/],
      [
        { ...STEPS, success: utf8("no") },
        [],
        /^x-attest-steps: the data 0x77656c636f6d65 with the success; auth: has the data 0x6e6f$/,
      ],
      [{ ...PAIR, steps: [] }, [], /^x-attest-pair: the server asks 1 times; auth: has 0 steps$/],
      [STEPS, ["auth-unasked-accepted"], /^x-attest-steps: success after 0 steps; auth: has 2 steps$/],
      [
        scram("SCRAM-SHA-1"),
        ["auth-success-data-wrong"],
        /^SCRAM-SHA-1: the server's signature in .* is not from a server/,
      ],
      [
        scram("SCRAM-SHA-1"),
        ["auth-success-data-missing"],
        /^SCRAM-SHA-1: no Authentication Data in the packet/,
      ],
      [scram("SCRAM-SHA-1", "other"), [], /CONNACK reason code|CONNACK with reason code/],
    ] as const
  ) {
    const problem = await problemOf(auth as DeclaredAuth, ["authenticate: c"], { defects });
    assert.match(problem.message, message);
    assert.equal(problem.verdict, undefined);
  }
});

Deno.test("without a question there is nothing to stop at", async () => {
  const auth: DeclaredAuth = {
    kind: "fixed",
    method: "token",
    connect: utf8("t"),
    steps: [],
    success: undefined,
  };
  await using bench = new TestClients({ auth, protocol: "5.0" });
  const play = bench.play(["authenticate: { lane: c, until: last }"]);
  const far = await bench.taken();
  assert.match(await far.next(), /^CONNECT .*authenticationMethod="token", authenticationData="t"/);
  await far.send({
    type: "CONNACK",
    reason: 0,
    properties: [{ name: "authenticationMethod", value: "token" }],
  });
  await assert.rejects(play, (error) => {
    assert.ok(error instanceof StepFailed);
    assert.equal(error.problem.message, "not shown: the server of token asks for no last message");
    assert.equal(error.problem.verdict, "skip");
    return true;
  });
});

Deno.test("other expected packets match between the packets of the exchange or after them", async () => {
  const lines = [
    "authenticate: c",
    "c -> SUBSCRIBE: { packetId: 3, filter: t, qos: 0 }",
    "c <- SUBACK",
    "authenticate: { lane: c, from: again, until: asked }",
    "c -> PUBLISH: { topic: t, payload: p }",
    "authenticate: { lane: c, from: here, among: [c <- PUBLISH: { payload: p, as: got }] }",
    "c -> PUBLISH: { topic: t, payload: $got.payload }",
    "c <- PUBLISH: { payload: p }",
  ];
  await played(PAIR, lines);
  await played(PAIR, lines, { quirks: ["re-auth-holds-messages"] });
});

Deno.test("fields of CONNECT and of the packet at the end are the case's own", async () => {
  const connect = "connect: { cleanStart: false, properties: { sessionExpiryInterval: 9 } }";
  await played(PAIR, [
    `authenticate: { lane: c, ${connect} }`,
    "drop: c",
    `authenticate: { lane: c, ${connect}, result: { sessionPresent: true } }`,
  ]);
  const { message } = await problemOf(PAIR, ["authenticate: { lane: c, result: { sessionPresent: true } }"]);
  assert.match(message, /session present/);
});

Deno.test("charts show neither user name nor proof, and nothing that a fixed exchange has the client send", async () => {
  const computed = (await played(scram("SCRAM-SHA-256"), ["authenticate: c"])).join("\n");
  assert.match(computed, /c > CONNECT .*authenticationData="n,,n=\*{6},r=/);
  assert.doesNotMatch(computed, /n=attest/);
  const fixed = (await played(STEPS, ["authenticate: c"])).join("\n");
  assert.match(fixed, /c > CONNECT .*authenticationData="\*{5}"/);
  assert.match(fixed, /c > AUTH .*authenticationData="\*{4}"/);
  assert.match(fixed, /c < CONNACK .*authenticationData="welcome"/);
});

Deno.test("a step is an error where no exchange was left, and a skip where none is declared", async () => {
  const left = await problemOf(PAIR, ["authenticate: { lane: c, from: here }"]);
  assert.equal(left.message, 'No earlier step has left an exchange on the lane "c"; write until: last there');
  assert.equal(left.verdict, "error");
  const none = await problemOf(undefined, ["authenticate: c"]);
  assert.equal(none.message, "The target file declares no exchange under auth:");
  assert.equal(none.verdict, "skip");
});
