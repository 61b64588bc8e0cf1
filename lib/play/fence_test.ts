import assert from "node:assert/strict";
import { addressTarget, brokerSuite, chartOf, judge, verdicts } from "../conform/test_bench.ts";
import { Played, polite } from "../conform/test_broker.ts";
import type { Draft } from "../mqtt/packet.ts";
import { fence, LaneFences } from "./fence.ts";
import { Traffic } from "./traffic.ts";

const QUIET = `
  - case: quiet
    purpose: nothing MUST come after the answer
    use: { connected: { lane: c } }
    steps:
      - c -> PUBLISH: { topic: $topic, qos: 1, packetId: 7 }
      - c <- PUBACK: { packetId: 7 }
      - c <- nothing
`;

Deno.test("a fence has a topic and a packet id of its own, below the case's topics", () => {
  const traffic = new Traffic("attest/abc", "abc");
  const [first, second] = [fence(0, traffic), fence(1, traffic)];
  assert.notDeepEqual(first, second);
  for (const number of [0, 999, 1_000, 99_999]) {
    const { packetId } = fence(number, traffic);
    assert.ok(packetId >= 64_000 && packetId <= 65_535, `${number}: ${packetId}`);
  }
  assert.equal(traffic.isFence(first.topic), true);
});

Deno.test("a lane answers the packets of its fences only", () => {
  const sent: unknown[] = [];
  using fences = new LaneFences((draft) => void sent.push(draft));
  const one = fence(0, new Traffic("attest/abc", "abc"));
  fences.join(one);
  const ack = (type: "PUBACK" | "PUBREC" | "PUBCOMP", packetId: number) =>
    fences.intercept({ type, packetId, reason: 0, properties: [] });
  assert.equal(ack("PUBREC", one.packetId), true);
  assert.deepEqual(sent, [{ type: "PUBREL", packetId: one.packetId }]);
  assert.equal(ack("PUBCOMP", one.packetId), true);
  assert.equal(ack("PUBACK", one.packetId), true);
  assert.equal(ack("PUBREC", 7), false);
  assert.equal(fences.intercept({ type: "SUBACK", packetId: 7, reasons: [0], properties: [] }), false);
  assert.equal(fences.intercept({ type: "PINGRESP" }), false);
});

Deno.test("a fence is waited for until it arrives, is refused, or the connection or the case ends", async () => {
  const signal = new AbortController();
  using fences = new LaneFences(() => {});
  const traffic = new Traffic("attest/abc", "abc");
  const wait = (number: number, stage: "suback" | "publish") =>
    fences.wait(fence(number, traffic), stage, 60_000, signal.signal);
  const [granted, refused, arrived, cut] = [
    wait(0, "suback"),
    wait(1, "suback"),
    wait(2, "publish"),
    wait(3, "publish"),
  ];
  fences.intercept({ type: "SUBACK", packetId: fence(0, traffic).packetId, reasons: [2], properties: [] });
  fences.intercept({ type: "SUBACK", packetId: fence(1, traffic).packetId, reasons: [0x80], properties: [] });
  fences.arrived(fence(2, traffic).topic);
  assert.equal(await granted, undefined);
  assert.equal(await refused, "The fence's subscription was refused");
  assert.equal(await arrived, undefined);
  fences.closed();
  assert.equal(await cut, "The connection was closed before the fence");
  const ended = wait(4, "publish");
  signal.abort();
  assert.equal(await ended, "The case was ended");
  assert.equal(await wait(5, "publish"), "The case was ended");
});

Deno.test("a wait that is over says for which half of the fence, and how long it was", async () => {
  using fences = new LaneFences(() => {});
  const one = fence(0, new Traffic("attest/abc", "abc"));
  const { signal } = new AbortController();
  assert.equal(
    await fences.wait(one, "suback", 1, signal),
    "The fence's SUBSCRIBE had no SUBACK within 1 ms",
  );
  assert.equal(
    await fences.wait(one, "publish", 1, signal),
    "The fence's message did not arrive within 1 ms",
  );
});

Deno.test("a SUBACK does not end the wait for the message, nor the message of another fence", async () => {
  using fences = new LaneFences(() => {});
  const traffic = new Traffic("attest/abc", "abc");
  const [one, other] = [fence(0, traffic), fence(1, traffic)];
  let problem: string | undefined = "waiting";
  const arrived = fences.wait(one, "publish", 60_000, new AbortController().signal)
    .then((ended) => problem = ended);
  fences.intercept({ type: "SUBACK", packetId: one.packetId, reasons: [0], properties: [] });
  fences.arrived(other.topic);
  await Promise.resolve();
  assert.equal(problem, "waiting");
  fences.arrived(one.topic);
  assert.equal(await arrived, undefined);
});

Deno.test("nothing is proved by a fence at the QoS of the last message, charted separately", async () => {
  for (const qos of [0, 1, 2]) {
    const judged = await judge(
      await brokerSuite(`
  - case: quiet
    purpose: a message MUST come once
    use: { subscribed: { lane: sub, qos: ${qos} }, connected: { lane: pub } }
    steps:
      - pub -> PUBLISH: { topic: $topic, qos: ${qos}, payload: once }
      ${
        [
          "",
          "- pub <- PUBACK",
          "- pub <- PUBREC: { as: got }\n      - pub -> PUBREL: { packetId: $got.packetId }\n      - pub <- PUBCOMP",
        ][qos]
      }
      - sub <- PUBLISH: { payload: once, as: got }
      ${
        [
          "",
          "- sub -> PUBACK: { packetId: $got.packetId }",
          "- sub -> PUBREC: { packetId: $got.packetId }\n      - sub <- PUBREL\n      - sub -> PUBCOMP: { packetId: $got.packetId }",
        ][qos]
      }
      - sub <- nothing
      - sub <- nothing
`),
    );
    assert.deepEqual(verdicts(judged), { quiet: "pass" });
    const fences = chartOf(judged, "quiet").filter(({ text, direction }) =>
      direction === "received" && text.includes("~fence")
    );
    assert.deepEqual(fences.map(({ lane, foreign }) => [lane, foreign]), [["sub", true], ["sub", true]]);
    assert.ok(fences.every(({ text }) => text.startsWith(`PUBLISH q${qos}`)), fences[0]?.text);
  }
});

Deno.test("a fence that does not arrive leaves it open whether more would have come", async () => {
  await using broker = new Played(polite);
  const judged = await judge(await brokerSuite(QUIET), addressTarget(broker.port, { withinMs: 80 }));
  assert.deepEqual(verdicts(judged), {
    quiet:
      "inconclusive: The fence's message did not arrive within 80 ms, so it is unknown whether more would have come",
  });
});

Deno.test("a fence whose subscription is refused or not answered leaves it open too", async () => {
  const answers: Readonly<Record<string, (id: number) => readonly Draft[]>> = {
    "The fence's subscription was refused": (packetId) => [{ type: "SUBACK", packetId, reasons: [0x80] }],
    "The fence's SUBSCRIBE had no SUBACK within 80 ms": () => [],
  };
  for (const [sentence, answer] of Object.entries(answers)) {
    await using broker = new Played((packet) =>
      packet.type === "SUBSCRIBE" ? answer(packet.packetId) : polite(packet)
    );
    const judged = await judge(await brokerSuite(QUIET), addressTarget(broker.port, { withinMs: 80 }));
    assert.deepEqual(verdicts(judged), {
      quiet: `inconclusive: ${sentence}, so it is unknown whether more would have come`,
    });
  }
});

Deno.test("what comes before the fence is reported, not the fence that failed", async () => {
  await using broker = new Played((packet) =>
    packet.type === "SUBSCRIBE" ? [{ type: "PINGRESP" }] : polite(packet)
  );
  const judged = await judge(await brokerSuite(QUIET), addressTarget(broker.port, { withinMs: 80 }));
  assert.match(verdicts(judged).quiet ?? "", /^fail: PINGRESP breaks pingresp-unasked: /);
});
