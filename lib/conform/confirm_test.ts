import assert from "node:assert/strict";
import { Confirmation, mayBeCrowded } from "./confirm.ts";
import { type CaseJudgement, judgement } from "./run_case.ts";
import { addressTarget, brokerSuite, chartOf, judge, verdicts } from "./test_bench.ts";
import { Played, polite } from "./test_broker.ts";

const late: CaseJudgement = { ...judgement("fail", "Nothing came within 5 ms"), missing: true };
const pass: CaseJudgement = { verdict: "pass", warnings: [], connectionLost: false, missing: false };

Deno.test("mayBeCrowded() is about what was missing, and never about what was wrong", () => {
  assert.ok(mayBeCrowded(late));
  assert.ok(!mayBeCrowded(judgement("fail", "Unexpected PUBLISH")));
  assert.ok(!mayBeCrowded(judgement("skip", "The target does not claim it")));
});

Deno.test("a case that fails once of three times alone has failed, and says how often", () => {
  const judged = new Confirmation().judge(late, [pass, late, pass], 9);
  assert.equal(judged.verdict, "fail");
  assert.equal(judged.reason, "Nothing came within 5 ms (1 of 3 alone)");
});

Deno.test("a case that passes each time alone passes, with a warning", () => {
  const judged = new Confirmation().judge(late, [pass, pass, pass], 9);
  assert.equal(judged.verdict, "pass");
  assert.deepEqual(judged.warnings, ["Only beside other cases: Nothing came within 5 ms"]);
  assert.equal(judged.onlyBesideOthers, true);
});

Deno.test("once twenty cases in a row failed alone each time, no further one runs again", () => {
  const confirmation = new Confirmation();
  for (let at = 0; at < 20; at++) {
    assert.equal(confirmation.needless, false);
    confirmation.judge(late, [late, late, late], 9);
  }
  assert.equal(confirmation.needless, true);
  confirmation.judge(late, [late, pass, late], 9);
  assert.equal(confirmation.needless, false);
});

Deno.test("five cases in a row that took a minute to fail alone are enough", () => {
  const confirmation = new Confirmation();
  for (let at = 0; at < 5; at++) {
    assert.equal(confirmation.needless, false);
    confirmation.judge(late, [late, late, late], 30_000);
  }
  assert.equal(confirmation.needless, true);
  assert.match(confirmation.unconfirmed(late).reason ?? "", /the 5 cases before it failed alone too/);
  confirmation.judge(late, [late, pass, late], 30_000);
  for (let at = 0; at < 5; at++) confirmation.judge(late, [late, late, late], 9);
  assert.equal(confirmation.needless, false);
});

Deno.test("a case that fails only on a crowded broker passes alone, is counted separately, and keeps both charts", async () => {
  await using broker: Played = new Played((packet) =>
    // With two clients it answers neither in time.
    packet.type === "PINGREQ" && broker.connections > 1 ? [] : polite(packet)
  );
  const names = ["a", "b"];
  const judged = await judge(
    await brokerSuite(
      names.map((name) => `
  - case: ${name}
    purpose: it MUST answer
    use: { connected: { lane: c } }
    steps: [wait: 100ms, c -> PINGREQ, c <- PINGRESP, c -> DISCONNECT, c <- closed]
`).join(""),
    ),
    addressTarget(broker.port, { withinMs: 300 }),
    { jobs: 2 },
  );
  assert.deepEqual(Object.values(verdicts(judged)), ["pass", "pass"]);
  assert.equal(judged.exit, 0);
  for (const { ended } of judged.cases) {
    assert.match(ended?.warnings[0] ?? "", /^Only beside other cases: Nothing came within 300 ms/);
  }
  const charted = new Set(judged.events.flatMap((event) => event.kind === "chart" ? [event.n] : []));
  assert.equal(charted.size, 8, "each of two cases has its chart beside the other and three alone");
  assert.ok(chartOf(judged, "a").some(({ text }) => text.startsWith("PINGRESP")));
});
