import assert from "node:assert/strict";
import { formatProblems } from "../../spec/problem.ts";
import { loadSuite } from "../file/load.ts";

/** What is wrong with a case of one step. */
function problemsOf(step: string): string {
  const text =
    `suite: mqtt/demo\ntitle: Demo\nprotocols: ["5.0"]\ncases:\n  - case: one\n    purpose: it MUST\n    steps:\n      - ${step}\n`;
  const { problems } = loadSuite(text, "t.yaml", { clauses: () => true });
  return formatProblems(problems, new Map([["t.yaml", text]]));
}

for (
  const step of [
    "authenticate: c",
    "authenticate: { lane: c, from: again, wrong: nonce }",
    "authenticate: { lane: c, connect: { cleanStart: false }, result: { sessionPresent: true } }",
    "authenticate: { lane: c, from: here, among: [c <- PUBACK] }",
    "authenticate: { lane: c, until: last, as: auth }",
  ]
) {
  Deno.test(`a case may say ${step}`, () => assert.equal(problemsOf(step), ""));
}

for (
  const [step, told] of [
    ["authenticate: { from: again }", /"lane"/],
    [
      "authenticate: { lane: c, from: agin }",
      /unknown beginning of an exchange "agin"[^]*did you mean again\?/,
    ],
    ["authenticate: { lane: c, until: lst }", /unknown end of a step "lst"[^]*did you mean last\?/],
    [
      "authenticate: { lane: c, wrong: nonse }",
      /expected what is wrong, found "nonse"[^]*did you mean nonce\?/,
    ],
    [
      "authenticate: { lane: c, wrong: [nonce] }",
      /expected what is wrong, found a list[^]*one of first, user, answer/,
    ],
    [
      "authenticate: { lane: c, wrong: cut, until: last }",
      /"until" and "wrong" at once[^]*take one of them out/,
    ],
    ["authenticate: { lane: c, result: { reason: 0 }, until: last }", /"until" and "result" at once/],
    ["authenticate: { lane: c, wrong: cut, result: { reason: 0 } }", /"wrong" and "result" at once/],
    ["authenticate: { lane: c, from: again, connect: { keepAlive: 3 } }", /"connect" without a CONNECT/],
    [
      "authenticate: { lane: c, connect: { keepAlve: 3 } }",
      /unknown field "keepAlve"[^]*did you mean keepAlive\?/,
    ],
    ["authenticate: { lane: c, as: auth }", /"as" where the server has not asked[^]*add until: last/],
    ["authenticate: { lane: c, until: begun, as: auth }", /"as" where the server has not asked/],
    [
      "authenticate: { lane: c, among: [d <- PUBACK] }",
      /a step within "among" that expects nothing on the lane c/,
    ],
    [
      "authenticate: { lane: c, among: [c -> PINGREQ] }",
      /a step within "among" that expects nothing on the lane c/,
    ],
    ["authenticate: dte", /"authenticate" on the lane dte: it has no MQTT client/],
  ] as const
) {
  Deno.test(`a case may not say ${step}`, () => assert.match(problemsOf(step), told));
}
