import assert from "node:assert/strict";
import type { Draft } from "../mqtt/packet.ts";
import { addressTarget, brokerSuite, chartOf, judge, referenceTarget, verdicts } from "./test_bench.ts";
import { Played, polite } from "./test_broker.ts";

const QUIET = `
  - case: quiet
    purpose: nothing MUST come after the answer
    use: { connected: { lane: c } }
    steps:
      - c -> PUBLISH: { topic: $topic, qos: 1, packetId: 7 }
      - c <- PUBACK: { packetId: 7 }
      - c <- nothing
`;

Deno.test("nothing is proved by a fence at the QoS of the last message, charted apart", async () => {
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
      "inconclusive: The fence's message did not arrive within 80 ms, so that it can't be told whether more would have come",
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
      quiet: `inconclusive: ${sentence}, so that it can't be told whether more would have come`,
    });
  }
});

Deno.test("what comes before the fence is told, not the fence that failed", async () => {
  await using broker = new Played((packet) =>
    packet.type === "SUBSCRIBE" ? [{ type: "PINGRESP" }] : polite(packet)
  );
  const judged = await judge(await brokerSuite(QUIET), addressTarget(broker.port, { withinMs: 80 }));
  assert.match(verdicts(judged).quiet ?? "", /^fail: PINGRESP breaks pingresp-unasked: /);
});

Deno.test("two cases at wide wildcards see each other's messages and pass over them", async () => {
  const wide = (name: string, filter: string, topic: string, qos: number) => `
  - case: ${name}
    purpose: a wide wildcard MUST deliver
    use: { subscribed: { lane: sub, filter: "${filter}", qos: ${qos} }, connected: { lane: pub } }
    steps:
      - repeat:
          times: 20
          steps:
            - pub -> PUBLISH: { topic: ${topic}, qos: 0, payload: mine-$case }
            - sub <- PUBLISH: { topic: ${topic}, payload: mine-$case }
      - sub <- nothing
`;
  const judged = await judge(
    await brokerSuite([
      wide("all", "#", "$topic", 0),
      wide("one-level", "+/+", "$topic", 2),
      wide("other", "#", "elsewhere/x", 1),
    ].join("")),
    referenceTarget(),
    { jobs: 3 },
  );
  assert.deepEqual(verdicts(judged), { all: "pass", "one-level": "pass", other: "pass" });
  const passedOver = judged.events.filter((event) =>
    event.kind === "chart" && event.foreign === true && !event.text.includes("~fence")
  );
  assert.ok(passedOver.length > 0, "the cases did not meet");
});

Deno.test("a message retained from before is passed over, at QoS 2 too", async () => {
  const retained = (lane: string) => [
    { type: "PUBLISH", topic: "old/news", payload: lane, retain: true, qos: 2, packetId: 9 } as const,
  ];
  await using broker = new Played((packet) => {
    // The old message goes out before the SUBACK, as the standard allows.
    if (packet.type === "SUBSCRIBE" && packet.subscriptions[0]?.filter === "#") {
      return [...retained("old"), ...polite(packet)];
    }
    if (packet.type === "PUBREC") return [{ type: "PUBREL", packetId: packet.packetId }];
    return polite(packet);
  });
  const judged = await judge(
    await brokerSuite(`
  - case: wide
    purpose: a subscription MUST be acknowledged
    use: { connected: { lane: sub } }
    steps:
      - sub -> SUBSCRIBE: { packetId: 7, filter: "#", qos: 2 }
      - sub <- SUBACK: { packetId: 7, reason: 2 }
      - sub -> PINGREQ
      - sub <- PINGRESP
`),
    addressTarget(broker.port),
  );
  assert.deepEqual(verdicts(judged), { wide: "pass" });
  const texts = chartOf(judged, "wide").filter(({ foreign }) => foreign).map(({ text }) =>
    text.split(" ")[0]
  );
  assert.deepEqual(texts, ["PUBLISH", "PUBREL"]);
});

Deno.test("what a broker of 3.1.1 sends again while an answer is held back is recorded and passed over", async () => {
  const pubrel: Draft = { type: "PUBREL", packetId: 9 };
  await using broker = new Played((packet) => {
    if (packet.type === "SUBSCRIBE") {
      const topic = packet.subscriptions[0]?.filter;
      const publish: Draft = { type: "PUBLISH", topic, qos: 2, packetId: 9, payload: "x" };
      return [...polite(packet), publish, { ...publish, dup: true }];
    }
    return packet.type === "PUBREC" ? [pubrel, pubrel] : polite(packet);
  });
  const judged = await judge(
    await brokerSuite(`
  - case: again
    purpose: a message MUST be delivered
    steps:
      - sub -> CONNECT: {}
      - sub <- CONNACK: { reason: 0 }
      - sub -> SUBSCRIBE: { packetId: 7, filter: $topic, qos: 2 }
      - sub <- SUBACK: { packetId: 7, reason: 2 }
      - sub <- PUBLISH: { topic: $topic, qos: 2, packetId: 9, dup: false }
      - sub -> PINGREQ
      - sub <- PINGRESP
      - sub -> PUBREC: { packetId: 9 }
      - sub <- PUBREL: { packetId: 9 }
      - sub -> PINGREQ
      - sub <- PINGRESP
      - sub -> PUBCOMP: { packetId: 9 }
`),
    addressTarget(broker.port),
  );
  assert.deepEqual(verdicts(judged), { again: "pass" });
  const texts = chartOf(judged, "again").filter(({ foreign }) => foreign).map(({ text }) =>
    text.split(" ")[0]
  );
  assert.deepEqual(texts, ["PUBLISH", "PUBREL"]);
});

Deno.test("a message that no filter of the lane matches is never passed over", async () => {
  await using broker = new Played((packet) =>
    packet.type === "SUBSCRIBE"
      ? [...polite(packet), { type: "PUBLISH", topic: "never/asked", payload: "x" }]
      : polite(packet)
  );
  const judged = await judge(
    await brokerSuite(`
  - case: narrow
    purpose: a broker MUST deliver only what was asked for
    use: { subscribed: { lane: sub } }
    steps:
      - sub -> PINGREQ
      - sub <- PINGRESP
`),
    addressTarget(broker.port),
  );
  assert.match(verdicts(judged).narrow ?? "", /^fail: Unexpected PUBLISH q0 "never\/asked"/);
});

Deno.test("a broker that dies makes errors of the rest, and the run ends with 3", async () => {
  let connects = 0;
  await using broker = new Played((packet, link) => {
    if (packet.type !== "CONNECT") return polite(packet);
    // The first connection measures the round trip.
    if (++connects > 3) {
      broker.stopListening();
      link.close();
    }
    return polite(packet);
  });
  const names = ["a", "b", "c", "d", "e", "f"];
  const judged = await judge(
    await brokerSuite(
      names.map((name) =>
        `  - { case: ${name}, purpose: it MUST answer, steps: [c -> CONNECT, c <- CONNACK] }`
      )
        .join("\n"),
    ),
    addressTarget(broker.port),
    { jobs: 1 },
  );
  const died =
    `The target "played" can no longer be reached at mqtt://127.0.0.1:${broker.port}, and was not back ` +
    "within 0.2 s";
  const ends = verdicts(judged);
  assert.deepEqual([ends.a, ends.b], ["pass", "pass"]);
  assert.equal(ends.c, `error: ${died}; The connection was closed, expected CONNACK`);
  assert.deepEqual([ends.d, ends.e, ends.f], Array(3).fill(`error: ${died}`));
  const last = judged.events.at(-1);
  assert.match(
    last?.kind === "run-ended" ? last.reason ?? "" : "",
    /when it went, these cases ran: demo\/c$/,
  );
  assert.equal(judged.exit, 3);
});

Deno.test("a broker that reads no more can't hold a case past its limit", async () => {
  // It never takes a connection, so that the system's buffers are all that is written to.
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const judged = await judge(
    await brokerSuite(`
  - case: flood
    purpose: a broker MUST read
    limit: 300ms
    breaks: [before-connect]
    steps:
      - open: c
      - repeat: { times: 50, steps: [{ c -> PUBLISH: { topic: $topic, payload: { repeat: x, times: 1000000 } } }] }
`),
    addressTarget(listener.addr.port),
  );
  assert.match(verdicts(judged).flood ?? "", /^error: .*The case did not end within its limit of 300 ms$/);
});

Deno.test("a run that is interrupted while many cases wait gives up at once and tells what was not judged", async () => {
  const names = Array.from({ length: 24 }, (_, index) => `c${index}`);
  const stop = new AbortController();
  let waiting = 0;
  const judged = await judge(
    await brokerSuite(
      names.map((name) =>
        `  - { case: ${name}, purpose: it MUST wait, use: { connected: { lane: c } }, steps: [c <- nothing: { within: 1h }] }`
      ).join("\n"),
    ),
    referenceTarget(),
    {
      signal: stop.signal,
      // The second step of the opening is the last before the wait.
      emit: (event) => {
        if (event.kind === "step" && event.index === 1 && ++waiting === names.length) stop.abort();
      },
    },
  );
  assert.equal(judged.exit, 130);
  assert.equal(judged.cases.length, names.length);
  assert.deepEqual([...new Set(Object.values(verdicts(judged)))], ["not ended"]);
  const last = judged.events.at(-1);
  assert.equal(last?.kind === "run-ended" && last.interrupted, true);
});

Deno.test("an address where nobody listens is told in a sentence, and other targets are run", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  listener.close();
  const judged = await judge(await brokerSuite(QUIET), [addressTarget(port), referenceTarget()]);
  assert.deepEqual(judged.cases.map(({ target, ended }) => [target, ended?.verdict]), [[
    "reference",
    "pass",
  ]]);
  const last = judged.events.at(-1);
  assert.match(last?.kind === "run-ended" ? last.reason ?? "" : "", new RegExp(`127\\.0\\.0\\.1:${port}`));
  assert.equal(judged.exit, 3);
});
