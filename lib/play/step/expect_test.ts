import assert from "node:assert/strict";
import { brokerSuite, judge, referenceTarget } from "../../conform/test_bench.ts";

Deno.test("one of takes any of its outcomes, a close too, and lists those that the version has when it is none", async () => {
  const suite = await brokerSuite(
    `
  - case: refused
    purpose: a second CONNECT MUST end the connection
    breaks: [second-connect]
    use: { connected: { lane: c } }
    steps:
      - c -> CONNECT
      - c <- one of: [{ DISCONNECT: { reason: 0x82 } }, closed]
`,
    '["3.1.1", "5.0"]',
  );
  const right = await judge(suite);
  assert.deepEqual(right.cases.map(({ protocol, ended }) => [protocol, ended?.verdict]), [
    ["3.1.1", "pass"],
    ["5.0", "pass"],
  ]);
  const wrong = await judge(suite, referenceTarget(["second-connect-answered"]));
  assert.match(
    wrong.cases[0]?.ended?.reason ?? "",
    /^Unexpected CONNACK with return code 0, expected a closed connection$/,
  );
  assert.match(
    wrong.cases[1]?.ended?.reason ?? "",
    /^Unexpected CONNACK with reason code 0.*, expected DISCONNECT with reason code 0x82, or a closed connection$/,
  );
});
