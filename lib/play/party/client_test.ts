import assert from "node:assert/strict";
import {
  addressTarget,
  brokerSuite,
  chartOf,
  judge,
  referenceTarget,
  verdicts,
} from "../../conform/test_bench.ts";
import { Played, polite } from "../../conform/test_broker.ts";
import { dialWebSocket } from "../../transport/dial.ts";
import { TransportError } from "../../transport/error.ts";
import { listen } from "../../transport/listen.ts";
import { StepFailed, type StepProblem } from "../step_failed.ts";
import { TestClients } from "../test_clients.ts";

/** The problem with which a call fails. */
async function problemOf(call: Promise<unknown>): Promise<StepProblem> {
  try {
    await call;
  } catch (error) {
    assert.ok(error instanceof StepFailed, String(error));
    return error.problem;
  }
  assert.fail("it went well");
}

Deno.test("a client connects with its first packet, and again once a step has taken the close", async () => {
  await using bench = new TestClients();
  const first = await bench.connected("c");
  first.close();
  await bench.play(["c <- closed", "c <- closed"]);
  assert.equal(bench.client("c").connected, false);
  const second = await bench.connected("c");
  await bench.play(["c -> PINGREQ"]);
  assert.equal(await second.next(), "PINGREQ");
  assert.deepEqual(bench.lines.filter((line) => line.includes(" - ")), [
    "c - connection opened",
    "c - closed by the target",
    "c - connection opened",
  ]);
});

Deno.test("a client whose close no step has taken sends on the connection that is gone", async () => {
  await using bench = new TestClients();
  const far = await bench.connected("c");
  far.close();
  assert.equal((await bench.client("c").next(5_000))?.kind, "closed");
  await bench.play(["c -> PINGREQ", "c <- closed"]);
  assert.deepEqual(bench.lines.filter((line) => line.includes("opened")), ["c - connection opened"]);
});

Deno.test("a broker that can't be reached is an error that a dead target explains", async () => {
  const why = 'There is no listener at "there"';
  await using bench = new TestClients({
    target: { connect: () => Promise.reject(new TransportError("refused", why)) },
  });
  assert.deepEqual(await problemOf(bench.play(["c -> CONNECT"])), {
    message: why,
    verdict: "error",
    connectionLost: true,
  });
});

Deno.test("a client without a connection takes nothing, which is an error of the case", async () => {
  await using bench = new TestClients();
  const problem = await problemOf(bench.play(["c <- PINGRESP"]));
  assert.deepEqual(problem, { message: 'Lane "c" has no connection at this step', verdict: "error" });
});

Deno.test("a CONNECT has the target's credentials, and the chart asterisks of their length", async () => {
  await using bench = new TestClients({
    target: { credentials: { userName: "élan", password: "s3cret" } },
  });
  const [far] = await Promise.all([bench.taken(), bench.play(["c -> CONNECT"])]);
  assert.match(await far.next(), /user="élan" password$/);
  const [{ text, hex = "" } = { text: "" }] = bench.chart.filter(({ direction }) => direction === "sent");
  assert.match(text, /user="\*{5}" password$/);
  for (const secret of ["élan", "s3cret"]) {
    assert.equal(hex.includes(new TextEncoder().encode(secret).toHex()), false, secret);
  }
});

Deno.test("a name and a password that the case itself sets are not secrets", async () => {
  await using bench = new TestClients({
    target: { credentials: { userName: "alice", password: "s3cret" } },
  });
  await Promise.all([bench.taken(), bench.play(["c -> CONNECT: { userName: bob, password: guess }"])]);
  assert.match(bench.lines.at(-1) ?? "", /user="bob" password$/);
  assert.ok(bench.chart.at(-1)?.hex?.includes(new TextEncoder().encode("guess").toHex()));
});

Deno.test("nothing is proved by waiting where the step names a time", async () => {
  await using bench = new TestClients();
  const far = await bench.connected("c");
  await bench.play(["c <- nothing: { within: 1ms }", "c -> PINGREQ"]);
  await far.send({ type: "PINGRESP" });
  const problem = await problemOf(bench.play(["c <- nothing: { within: 60s }"]));
  assert.equal(problem.message, "Unexpected PINGRESP, expected nothing");
});

Deno.test("a DISCONNECT that is left is not judged where attest was silent beyond its Keep Alive before", async () => {
  const left = async (silence: string) => {
    await using bench = new TestClients({ protocol: "5.0" });
    const [far] = await Promise.all([bench.taken(), bench.play(["c -> CONNECT: { keepAlive: 1 }"])]);
    assert.match(await far.next(), /^CONNECT /);
    await far.send({ type: "CONNACK", reason: 0 });
    await bench.play(["c <- CONNACK", `wait: ${silence}`]);
    await far.send({ type: "DISCONNECT", reason: 0x8d });
    assert.equal(await bench.client("c").comes(5_000, bench.context.signal), true);
    return bench.client("c").leftover()?.message;
  };
  const [late, early] = await Promise.all([left("1100ms"), left("1ms")]);
  assert.equal(late, undefined);
  assert.equal(early, "Unexpected DISCONNECT 0x8d, expected nothing after the last step");
});

for (
  const step of ["c <- DISCONNECT: { reason: 0x8e }", "c <- nothing: { within: 100ms }", "c <- PINGRESP"]
) {
  Deno.test(`an end for attest's own silence is not judged by ${step}`, async () => {
    await using bench = new TestClients({ protocol: "5.0" });
    const [far] = await Promise.all([bench.taken(), bench.play(["c -> CONNECT: { keepAlive: 1 }"])]);
    assert.match(await far.next(), /^CONNECT /);
    await far.send({ type: "CONNACK", reason: 0 });
    await bench.play(["c <- CONNACK", "wait: 1100ms"]);
    await far.send({ type: "DISCONNECT", reason: 0x8d });
    const problem = await problemOf(bench.play([step]));
    assert.equal(problem.verdict, "inconclusive");
    assert.match(problem.message, /which cannot be judged: The client was silent for 1\.\d s/);
  });
}

Deno.test("no fence goes from a lane that the broker has sent DISCONNECT, though it is not closed yet", async () => {
  await using bench = new TestClients({ protocol: "5.0" });
  const [sub, pub] = [await bench.connected("sub"), await bench.connected("pub")];
  await bench.play(["pub -> PUBLISH: { topic: $topic }"]);
  await pub.send({ type: "DISCONNECT", reason: 0x8e });
  await bench.play(["pub <- DISCONNECT"]);
  const fenced = bench.play(["sub <- nothing"]);
  assert.match(await sub.next(), /^SUBSCRIBE id=64000 /);
  await sub.send({ type: "SUBACK", packetId: 64_000, reasons: [0] });
  assert.match(await sub.next(), /^PUBLISH q0 "attest\/1\/~fence\/0"/);
  await sub.send({ type: "PUBLISH", topic: "attest/1/~fence/0", qos: 0 });
  await fenced;
});

Deno.test("a fence goes from the lane that published last, at its QoS, and at none above the target's", async () => {
  for (const [maximumQoS, qos] of [[2, 1], [0, 0]] as const) {
    await using bench = new TestClients({ clients: { maximumQoS } });
    const [sub, pub] = [await bench.connected("sub"), await bench.connected("pub")];
    await bench.play(["pub -> PUBLISH: { topic: $topic, qos: 1, packetId: 7 }"]);
    const fenced = bench.play(["sub <- nothing"]);
    assert.equal(await sub.next(), `SUBSCRIBE id=64000 "attest/1/~fence/0" q${qos}`);
    await sub.send({ type: "SUBACK", packetId: 64_000, reasons: [qos] });
    assert.match(await pub.next(), /^PUBLISH q1 id=7 /);
    assert.match(await pub.next(), new RegExp(`^PUBLISH q${qos} (id=64000 )?"attest/1/~fence/0"`));
    await sub.send({
      type: "PUBLISH",
      topic: "attest/1/~fence/0",
      qos,
      ...(qos > 0 ? { packetId: 3 } : {}),
    });
    await fenced;
    if (qos > 0) {
      assert.equal(await sub.next(), "PUBACK id=3");
      // The case sees nothing of it on either lane.
      await pub.send({ type: "PUBACK", packetId: 64_000 });
      await pub.send({ type: "PUBACK", packetId: 7 });
      await bench.play(["pub <- PUBACK: { packetId: 7 }"]);
    }
  }
});

Deno.test("a fence goes from its own lane where the one that published last is gone", async () => {
  await using bench = new TestClients();
  const [sub, pub] = [await bench.connected("sub"), await bench.connected("pub")];
  await bench.play(["pub -> PUBLISH: { topic: $topic }", "drop: pub"]);
  const fenced = bench.play(["sub <- nothing"]);
  assert.match(await sub.next(), /^SUBSCRIBE /);
  await sub.send({ type: "SUBACK", packetId: 64_000, reasons: [0] });
  assert.match(await sub.next(), /^PUBLISH q0 "attest\/1\/~fence\/0"/);
  await sub.send({ type: "PUBLISH", topic: "attest/1/~fence/0" });
  await fenced;
  assert.match(await pub.next(), /^PUBLISH /);
});

Deno.test("a close instead of the fence is reported, and a dead target explains it", async () => {
  await using bench = new TestClients();
  const far = await bench.connected("c");
  const fenced = problemOf(bench.play(["c <- nothing"]));
  assert.match(await far.next(), /^SUBSCRIBE /);
  far.close();
  const problem = await fenced;
  assert.equal(problem.message, "The connection was closed, expected nothing");
  assert.equal(problem.connectionLost, true);
});

Deno.test("a client whose session outlives its connection is remembered for the clean-up", async () => {
  const keeps = async (protocol: string, step: string) => {
    await using bench = new TestClients({ protocol });
    await Promise.all([bench.taken(), bench.play([step])]);
    return bench.client("c").mayHaveSession;
  };
  const expiry = "properties: { sessionExpiryInterval: 5 }";
  assert.equal(await keeps("3.1.1", "c -> CONNECT"), false);
  assert.equal(await keeps("3.1.1", "c -> CONNECT: { cleanStart: false }"), true);
  assert.equal(await keeps("5.0", "c -> CONNECT: { cleanStart: false }"), false);
  assert.equal(await keeps("5.0", `c -> CONNECT: { ${expiry} }`), true);
});

Deno.test("retained messages are remembered for the clean-up, and wills by the flags on the wire", async () => {
  await using bench = new TestClients();
  const connect = (will: string) => Promise.all([bench.taken(), bench.play([`${will}`])]);
  await connect("a -> CONNECT: { will: { topic: kept, payload: x, retain: true } }");
  await connect("b -> CONNECT: { will: { topic: live, payload: x } }");
  await connect("c -> CONNECT: { will: { topic: flagged, payload: x }, connectFlags: 0x26 }");
  await connect("d -> CONNECT: { will: { topic: unflagged, payload: x, retain: true }, connectFlags: 0x06 }");
  assert.deepEqual([...bench.traffic.retained], ["kept", "flagged"]);
});

Deno.test("a lane with ignore skips arrivals, also after the last step, but not what breaks a rule", async () => {
  await using bench = new TestClients();
  const far = await bench.connected("c");
  await bench.play(["ignore: c", "c -> PUBLISH: { topic: $topic, qos: 1, packetId: 7 }", "c -> PINGREQ"]);
  await far.send({ type: "PUBACK", packetId: 7 });
  await far.send({ type: "PINGRESP" });
  await bench.play(["c <- PINGRESP"]);
  assert.equal(bench.client("c").leftover(), undefined);
  await far.send({ type: "PINGRESP" });
  const problem = await problemOf(bench.play(["c <- PUBACK"]));
  assert.match(problem.message, /^PINGRESP breaks pingresp-unasked/);
});

/** Returns a function that requests a WebSocket at a local port. */
function upgrading(port: number) {
  const address = { kind: "ws", host: "127.0.0.1", port, path: "/mqtt" } as const;
  return {
    connect: () => assert.fail("a TCP connection is opened"),
    upgrade: (subprotocols: readonly string[], signal: AbortSignal) =>
      dialWebSocket(address, subprotocols, { signal }),
  };
}

/** A WebSocket server that responds with a status, and closes accepted connections. */
async function socket(status: number) {
  const listener = await listen({ kind: "ws", host: "127.0.0.1", port: 0, path: "/mqtt" }, {
    choose: ([subprotocol]) => subprotocol === undefined ? { status: 400 } : { status, subprotocol },
    accept: (transport) => transport.close(),
    log: () => {},
  });
  const { address } = listener;
  assert.ok(address.kind === "ws");
  return { target: upgrading(address.port), [Symbol.asyncDispose]: () => listener.close() };
}

Deno.test("the response to an upgrade request is taken by a step, or is left over", async () => {
  await using refusing = await socket(403);
  await using bench = new TestClients({ target: refusing.target });
  const open = "open: { lane: c, subprotocols: [amqp] }";
  await bench.play([open, "c <- upgraded: { status: 403 }"]);
  assert.equal(bench.client("c").leftover(), undefined);
  await bench.play([open]);
  assert.equal(
    bench.client("c").leftover()?.message,
    "Unexpected answer 403 to the upgrade, with no subprotocol, expected a step that looks at it",
  );
  assert.deepEqual(
    bench.lines,
    Array(2).fill("c - connection opened: answer 403 to the upgrade, with no subprotocol"),
  );
  assert.equal(bench.client("c").connected, false);
});

Deno.test("a close instead of a response to an upgrade is a close", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  await using bench = new TestClients({ target: upgrading(listener.addr.port) });
  const open = async () => {
    const closing = listener.accept().then(async (conn) => {
      await conn.read(new Uint8Array(1_024));
      conn.close();
    });
    await bench.play(["open: { lane: c, subprotocols: [mqtt] }"]);
    await closing;
  };
  await open();
  await bench.play(["c <- closed"]);
  await open();
  assert.match(bench.client("c").leftover()?.message ?? "", /^The connection was closed, expected a step/);
  assert.equal(
    bench.lines.at(-1),
    "c - connection opened, and closed by the target instead of a response",
  );
});

Deno.test("an accepted upgrade is a connection, with its answer in front", async () => {
  await using accepting = await socket(101);
  await using bench = new TestClients({ target: accepting.target });
  await bench.play([
    "open: { lane: c, subprotocols: [mqtt] }",
    "c <- upgraded: { status: 101, subprotocol: mqtt }",
    "c <- closed",
  ]);
});

Deno.test("a target without a WebSocket can't be asked for one", async () => {
  await using bench = new TestClients();
  assert.deepEqual(await problemOf(bench.play(["open: { lane: c, subprotocols: [mqtt] }"])), {
    message: "The target file gives no WebSocket address",
    verdict: "error",
  });
});

Deno.test("two cases with wide wildcards see each other's messages and ignore them", async () => {
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

Deno.test("a message retained from before is ignored, at QoS 2 too", async () => {
  const retained = (lane: string) => [
    { type: "PUBLISH", topic: "old/news", payload: lane, retain: true, qos: 2, packetId: 9 } as const,
  ];
  await using broker = new Played((packet) => {
    // The old message is sent before the SUBACK, as the standard allows.
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

Deno.test("a message that no filter of the lane matches is never ignored", async () => {
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
