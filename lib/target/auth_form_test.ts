import assert from "node:assert/strict";
import { defined } from "../ground/defined.ts";
import { formatProblems } from "../spec/problem.ts";
import { claimsIn } from "../suite/claim/claims.ts";
import { readAccess } from "./access.ts";
import { loadTarget } from "./target_file.ts";

const HEAD = 'target: t\ntitle: T\ntests: broker\naddress: mqtt://h\nprotocols: ["3.1.1", "5.0"]\n';
const SCRAM = "auth: { method: SCRAM-SHA-256, userName: { text: u }, password: { text: p } }\n";

async function declared(text: string) {
  const { target, problems } = loadTarget(HEAD + text, "t.yaml");
  assert.ok(target, formatProblems(problems, new Map([["t.yaml", HEAD + text]])));
  const folder = new URL(".", import.meta.url).pathname;
  return (await readAccess({ ...target, folder }, (path) => path)).auth;
}

Deno.test("an exchange of SCRAM is read with its secrets", async () => {
  assert.deepEqual(await declared(SCRAM), {
    kind: "scram",
    method: "SCRAM-SHA-256",
    userName: "u",
    password: "p",
  });
});

Deno.test("a fixed exchange is read from text, hex, base64, a file and the environment", async () => {
  const file = await Deno.makeTempFile();
  await Deno.writeTextFile(file, "from a file\n");
  Deno.env.set("ATTEST_TEST_TOKEN", "from the environment");
  try {
    const found = await declared(`auth:
  method: x
  connect: { hex: "00 ff" }
  steps:
    - { challenge: ping, answer: { base64: AP8= } }
    - { answer: { file: ${file} } }
    - { challenge: { text: "007" }, answer: { env: ATTEST_TEST_TOKEN } }
    - {}
  success: 007
`);
    assert.ok(found?.kind === "fixed");
    const text = (data: Uint8Array | undefined) => data && new TextDecoder("latin1").decode(data);
    assert.equal(text(found.connect), "\u0000ÿ");
    assert.deepEqual(found.steps.map(({ challenge, answer }) => [text(challenge), text(answer)]), [
      ["ping", "\u0000ÿ"],
      [undefined, "from a file"],
      ["007", "from the environment"],
      [undefined, undefined],
    ]);
    assert.equal(text(found.success), "007");
  } finally {
    Deno.env.delete("ATTEST_TEST_TOKEN");
    await Deno.remove(file);
  }
});

Deno.test("a method may need nothing but its name", async () => {
  const found = await declared("auth: { method: x }\n");
  assert.deepEqual(defined(found ?? {}), { kind: "fixed", method: "x", steps: [] });
});

Deno.test("a target with an exchange claims it in 5.0, and names its method to the cases", () => {
  for (
    const supports of ["", "supports: [qos1]\n", 'supports: { "3.1.1": [], "5.0": [re-authentication] }\n']
  ) {
    const { target } = loadTarget(HEAD + SCRAM + supports, "t.yaml");
    assert.ok(target);
    const { supports: features, values } = claimsIn(target, "5.0");
    assert.ok(features.includes("enhanced-auth"));
    const method = values.get("authMethod");
    assert.ok(method?.kind === "literal");
    assert.equal(method.value, "SCRAM-SHA-256");
  }
  const { target } = loadTarget(`${HEAD + SCRAM}supports: { "3.1.1": [], "5.0": [] }\n`, "t.yaml");
  assert.deepEqual(target && claimsIn(target, "3.1.1").supports, []);
});

Deno.test("every mistake of an exchange is reported with its place", () => {
  const wrong: readonly (readonly [text: string, told: RegExp])[] = [
    ["auth: {}", /"method"/],
    [
      "auth: { method: SCRAM-SHA-1, userName: { text: u } }",
      /no "password" for SCRAM-SHA-1[^]*6:\d+[^]*add password: \{ env: ATTEST_… \}/,
    ],
    ["auth: { method: SCRAM-SHA-1, password: { text: u } }", /no "userName" for SCRAM-SHA-1/],
    [
      `${SCRAM.slice(0, -3)}, steps: [] }`,
      /"steps" in an exchange of "SCRAM-SHA-256"[^]*attest computes this method; write userName: and password:/,
    ],
    [
      "auth: { method: x, userName: { text: u } }",
      /"userName" in an exchange of "x"[^]*a fixed exchange has connect:, steps: and success:/,
    ],
    ["auth: { method: x, steps: [{ answr: a }] }", /unknown key "answr"[^]*6:30[^]*did you mean answer\?/],
    [
      "auth: { method: x, connect: [a] }",
      /expected Authentication Data, found a list[^]*write text, \{ hex: 00 ff \}/,
    ],
    [
      'auth: { method: x, connect: { hex: "0" } }',
      /expected pairs of hex digits, found "0"[^]*such as 00 ff/,
    ],
    ["auth: { method: x, connect: { base64: A } }", /expected base64, found "A"[^]*such as AP8=/],
    ["auth: { method: x, connect: {} }", /expected one form of Authentication Data, found no data/],
    [
      'auth: { method: x, connect: { hex: "00", text: a } }',
      /expected one form of Authentication Data, found data in several forms/,
    ],
    [
      "auth: { method: x, connect: { env: HOME } }",
      /expected a variable whose name begins with ATTEST_, found "HOME"/,
    ],
    ["supports: [enhanced-auth]", /"enhanced-auth" without an exchange[^]*declare under auth: how a client/],
    ["supports: [re-authentication]", /"re-authentication" without an exchange/],
  ];
  for (const [text, told] of wrong) {
    const { target, problems } = loadTarget(HEAD + text, "t.yaml");
    assert.equal(target, undefined, text);
    assert.match(formatProblems(problems, new Map([["t.yaml", HEAD + text]])), told);
  }
});

Deno.test("an exchange is for brokers that speak 5.0", () => {
  const problems = (text: string) => loadTarget(text, "t.yaml").problems.map(({ message }) => message);
  const old = HEAD.replace(', "5.0"', "");
  assert.deepEqual(problems(old + SCRAM), ["auth: of a target that does not speak 5.0"]);
  const module = 'target: t\ntitle: T\ntests: module\naddress: serial:/dev/ttyS0\nprotocols: ["5.0"]\n';
  assert.deepEqual(problems(module + SCRAM), ["auth: of a module"]);
});

Deno.test("a missing secret is reported without showing a secret", async () => {
  await assert.rejects(
    () =>
      declared("auth: { method: SCRAM-SHA-1, userName: { text: u }, password: { env: ATTEST_NOT_SET } }\n"),
    /reads the password of auth from the environment variable ATTEST_NOT_SET, which is not set \(t\.yaml:6:\d+\)/,
  );
});
