import assert from "node:assert/strict";
import { formatProblems } from "../../spec/problem.ts";
import { loadSuite } from "../file/load.ts";

/** The problems of a case with one step. */
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
      /unknown start of an exchange "agin"[^]*did you mean again\?/,
    ],
    ["authenticate: { lane: c, until: lst }", /unknown end of a step "lst"[^]*did you mean last\?/],
    [
      "authenticate: { lane: c, wrong: nonse }",
      /expected the name of a wrong message, found "nonse"[^]*did you mean nonce\?/,
    ],
    [
      "authenticate: { lane: c, wrong: [nonce] }",
      /expected the name of a wrong message, found a list[^]*one of first, user, answer/,
    ],
    [
      "authenticate: { lane: c, wrong: cut, until: last }",
      /"until" and "wrong" at once[^]*remove one of them/,
    ],
    ["authenticate: { lane: c, result: { reason: 0 }, until: last }", /"until" and "result" at once/],
    ["authenticate: { lane: c, wrong: cut, result: { reason: 0 } }", /"wrong" and "result" at once/],
    ["authenticate: { lane: c, from: again, connect: { keepAlive: 3 } }", /"connect" without a CONNECT/],
    [
      "authenticate: { lane: c, connect: { keepAlve: 3 } }",
      /unknown field "keepAlve"[^]*did you mean keepAlive\?/,
    ],
    ["authenticate: { lane: c, as: auth }", /"as" without a question from the server[^]*add until: last/],
    ["authenticate: { lane: c, until: begun, as: auth }", /"as" without a question from the server/],
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
