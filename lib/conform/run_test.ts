import assert from "node:assert/strict";
import { addressTarget, brokerSuite, judge, referenceTarget, verdicts } from "./test_bench.ts";
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
