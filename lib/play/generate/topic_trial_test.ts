import assert from "node:assert/strict";
import { Broker, type BrokerOptions } from "../../broker/broker.ts";
import { Played, polite } from "../../conform/test_broker.ts";
import type { Draft, DraftOf, PublishPacket } from "../../mqtt/packet.ts";
import { CaseTime } from "../case_time.ts";
import { StepFailed } from "../step_failed.ts";
import { TestClients } from "../test_clients.ts";
import { matchingCount, type Rooted, TopicTrial } from "./topic_trial.ts";

/** A trial on a broker with connected clients. */
class Bench extends TestClients {
  trial(retained: boolean, withinMs = 5_000): TopicTrial {
    const time = new CaseTime({ limitMs: Infinity, withinMs });
    return new TopicTrial({ subscriber: this.client("sub"), publisher: this.client("pub"), time }, retained);
  }

  static async on(port: number, withinMs = 5_000): Promise<Bench> {
    const bench = new Bench({ port, times: { withinMs } });
    for (const lane of ["sub", "pub"]) {
      await bench.play([`${lane} -> CONNECT`, `${lane} <- CONNACK: { reason: 0 }`]);
    }
    return bench;
  }
}

/** Runs rounds on the reference broker. Returns the copies of each message, and what the clients sent. */
async function run(
  rounds: readonly Rooted[],
  { retained = false, ...options }: BrokerOptions & { retained?: boolean } = {},
) {
  await using broker = await Broker.start(options);
  await using bench = await Bench.on(broker.address.port);
  const delivered = await bench.trial(retained).run(rounds, 1);
  const sent = bench.lines.filter((line) => line.includes(" > "));
  return { delivered, sent, copies: delivered.map(({ copies }) => copies) };
}

const ROUND: Rooted = { root: "attest/1/r", filters: ["a/+", "a/#", "b"], topics: ["a/x", "b", "c"] };

Deno.test("matchingCount() counts the filters that match below a level of their own", () => {
  assert.equal(matchingCount(["a/+", "a/#", "b"], "a/x"), 2);
  assert.equal(matchingCount(["#", "+"], "$a"), 2);
  assert.equal(matchingCount(["a/#"], "a"), 1);
  assert.equal(matchingCount([], "a"), 0);
});

Deno.test("a trial returns for each message how many filters match it and how often it came", async () => {
  const { delivered } = await run([ROUND, { ...ROUND, root: "attest/1/s", topics: ["b"] }]);
  assert.deepEqual(
    delivered.map(({ round, topic, matching, copies }) => [round, topic, matching, copies > 0]),
    [[0, "a/x", 2, true], [0, "b", 1, true], [0, "c", 0, false], [1, "b", 1, true]],
  );
});

Deno.test("a message that does not come has no copies after the time that follows the fence", async () => {
  const { copies } = await run([{ root: "attest/1/r", filters: ["a/#"], topics: ["a", "a/b"] }], {
    defects: ["hash-misses-parent"],
  });
  assert.deepEqual(copies, [0, 1]);
});

Deno.test("retained messages are published before the filters, and are recognized by their flag", async () => {
  const { copies, sent } = await run([ROUND], { retained: true });
  assert.deepEqual(copies.map((count) => count > 0), [true, true, false]);
  const first = (what: string) => sent.findIndex((line) => line.includes(what));
  assert.ok(first("PUBLISH q1 id=1 retain") >= 0, sent.join("\n"));
  assert.ok(first("SUBSCRIBE") > first("PUBLISH"));
});

Deno.test("filters go in SUBSCRIBEs of 64 at most, and are all unsubscribed from", async () => {
  const filters = Array.from({ length: 130 }, (_, at) => `f${at}`);
  const { copies, sent } = await run([{ root: "attest/1/r", filters, topics: ["f0", "f129"] }]);
  assert.deepEqual(copies, [1, 1]);
  const count = (start: string) =>
    sent.filter((line) => line.startsWith(start) && !line.includes("~fence")).length;
  assert.equal(count("sub > SUBSCRIBE"), 3);
  assert.equal(count("sub > UNSUBSCRIBE"), 3);
});

Deno.test("of retained messages no more than 8 wait for their acknowledgement", async () => {
  const topics = Array.from({ length: 20 }, (_, at) => `t${at}`);
  await using broker = await Broker.start();
  await using bench = await Bench.on(broker.address.port);
  await bench.trial(true).run([{ root: "attest/1/r", filters: ["+"], topics }], 1);
  let [open, most] = [0, 0];
  for (const line of bench.lines) {
    if (line.startsWith("pub > PUBLISH q1")) most = Math.max(most, ++open);
    if (line.startsWith("pub < PUBACK")) open--;
  }
  assert.equal(most, 8);
});

/** The problem of a trial on a broker that the test plays. */
async function problem(answer: Played["answer"], retained = false, withinMs = 5_000) {
  await using broker = new Played(answer);
  await using bench = await Bench.on(broker.port, 50);
  try {
    await bench.trial(retained, withinMs).run([{ root: "r", filters: ["a"], topics: ["a"] }], 1);
  } catch (error) {
    assert.ok(error instanceof StepFailed, String(error));
    return error.problem;
  }
  assert.fail("it went well");
}

Deno.test("a filter that is refused leaves it open what would have been delivered", async () => {
  const refused = await problem((packet) =>
    packet.type === "SUBSCRIBE"
      ? [{ type: "SUBACK", packetId: packet.packetId, reasons: [0x80] }]
      : polite(packet)
  );
  assert.deepEqual(refused, {
    message: 'The filter "r/a" was not granted',
    verdict: "inconclusive",
    connectionLost: true,
    missing: undefined,
  });
});

Deno.test("an answer that does not come, or another one in its place, fails the step", async () => {
  const lost = await problem((packet) => packet.type === "SUBSCRIBE" ? [] : polite(packet), false, 1);
  assert.match(lost.message, /^Nothing came within \d+ ms, expected SUBACK$/);
  const unacknowledged = await problem((packet) => packet.type === "PUBLISH" ? [] : polite(packet), true, 1);
  assert.match(unacknowledged.message, /^Nothing came within \d+ ms, expected PUBACK$/);
  const other = await problem((packet) =>
    packet.type === "SUBSCRIBE"
      ? [{ type: "SUBACK", packetId: packet.packetId + 1, reasons: [0] }]
      : polite(packet)
  );
  assert.match(other.message, /^SUBACK id=2 .* breaks MQTT-2\.3\.1-7/);
});

/** A broker that sends retained messages before the SUBACK, changed in some way. */
function delivering(change: Partial<DraftOf<PublishPacket>>): Played["answer"] {
  const kept: Draft[] = [];
  return (packet) => {
    if (packet.type === "PUBLISH" && packet.retain) {
      kept.push({ type: "PUBLISH", topic: packet.topic, payload: packet.payload, retain: true, ...change });
    }
    return packet.type === "SUBSCRIBE" ? [...kept.splice(0), ...polite(packet)] : polite(packet);
  };
}

Deno.test("a delivery that differs from what was published fails the step, even before the SUBACK", async () => {
  const changes = [{ payload: "id-sub 1!" }, { topic: "r/b" }, { retain: false }, { qos: 1, packetId: 7 }];
  for (const change of changes) {
    const { message } = await problem(delivering(change), true);
    assert.match(message, /^Unexpected PUBLISH q[01] .* "id-sub 1!?", expected SUBACK$/);
  }
});

Deno.test("a delivery before the SUBACK counts, and a missing fence leaves the rest undecided", async () => {
  // The broker delivers no live messages.
  const { message, verdict } = await problem(delivering({}), true);
  assert.equal(
    message,
    "The fence's message did not arrive within 50 ms; the deliveries cannot be determined",
  );
  assert.equal(verdict, "inconclusive");
});
