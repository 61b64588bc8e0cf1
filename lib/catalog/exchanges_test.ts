import assert from "node:assert/strict";
import { conform } from "../conform/conform.ts";
import { loadTarget } from "../target/target_file.ts";
import { dialectsOf } from "./dialects.ts";
import { namedSuites } from "./named_suites.ts";

const HEAD = `target: exchange
title: The reference broker by another method
tests: broker
start: { embedded: reference-broker, quirks: [authenticates] }
protocols: ["5.0"]
supports: [qos1, qos2, retained, wills, sessions, re-authentication]
within: 2s
`;

/**
 * The methods of the reference broker besides the one of the target `reference-secured`, and the wrong
 * messages that each lacks.
 */
const EXCHANGES = [
  ["SCRAM-SHA-1, userName: { text: attest }, password: { text: reference broker }", []],
  [
    'x-attest-steps, connect: hello, steps: [{ challenge: { hex: "0001" }, answer: { base64: /wA= } }, { answer: done }], success: welcome',
    ["nonce", "user"],
  ],
  ["x-attest-pair, steps: [{ challenge: ping, answer: pong }]", ["first", "nonce", "user"]],
] as const;

for (const [auth, lacking] of EXCHANGES) {
  Deno.test(`no case of an exchange knows its method: ${auth.slice(0, 14)}`, async () => {
    const { target, problems } = loadTarget(`${HEAD}auth: { method: ${auth} }\n`, "exchange.yaml");
    assert.deepEqual(problems, []);
    assert.ok(target);
    const { suites, patterns } = await namedSuites(["mqtt/authentication-exchange"]);
    const ids = new Map<number, string>();
    const others: string[] = [];
    let passed = 0;
    await conform({
      targets: [target],
      plan: { suites, selection: { patterns }, dialects: await dialectsOf([]) },
      record: { version: "0", command: [], environment: {} },
      seed: 1,
      signal: new AbortController().signal,
      emit(event) {
        if (event.kind === "case-started") ids.set(event.n, event.id);
        if (event.kind !== "case-ended") return;
        if (event.verdict === "pass") passed++;
        else others.push(`${event.verdict} ${ids.get(event.n)}`);
      },
    });
    const skipped = ["re-authentication-that-fails", "wrong-answer"].flatMap((name) =>
      lacking.map((way) => `skip mqtt/authentication-exchange/${name}[wrong=${way}]`)
    );
    assert.deepEqual(others.sort(), skipped.sort());
    assert.ok(passed > 30, `only ${passed} cases passed`);
  });
}
