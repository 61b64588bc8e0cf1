import assert from "node:assert/strict";
import { MqttLink } from "../link/mqtt_link.ts";
import type { RunEvent } from "../run/event.ts";
import { dial } from "../transport/dial.ts";
import { lineTarget, Served } from "./module/test_lines.ts";
import { addressTarget, brokerSuite, judge, referenceTarget, suiteOf, verdicts } from "./test_bench.ts";
import { Played, polite } from "./test_broker.ts";

Deno.test("a broker that dies makes errors of the rest, and the run ends with 3", async () => {
  let connects = 0;
  await using broker = new Played((packet, link) => {
    if (packet.type !== "CONNECT") return polite(packet);
    // The first connection tests whether a client is accepted, the second measures the round trip.
    if (++connects > 4) {
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
    `The target "played" can no longer be reached at mqtt://127.0.0.1:${broker.port}, and did not return ` +
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
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  // It answers the clients that reach it and measure the round trip. Then it accepts no connection, so
  // clients write only to the system's buffers.
  const first = (async () => {
    for (let count = 0; count < 2; count++) {
      await using link = new MqttLink(await listener.accept(), { version: "3.1.1" });
      for (let got = await link.receive(5_000); got?.kind === "packet"; got = await link.receive(5_000)) {
        for (const draft of polite(got.packet)) await link.send(draft);
      }
    }
  })();
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
  await first;
  assert.match(verdicts(judged).flood ?? "", /^error: .*The case did not end within its limit of 300 ms$/);
});

Deno.test("a run interrupted while many cases wait ends at once and reports what was not judged", async () => {
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

/** How many cases ran at once at most. */
function mostAtOnce(events: readonly RunEvent[]): number {
  let [running, most] = [0, 0];
  for (const { kind } of events) {
    if (kind === "case-started") most = Math.max(most, ++running);
    if (kind === "case-ended") running--;
  }
  return most;
}

Deno.test("no more cases run at once than there are jobs, and those that need a quiet broker alone", async () => {
  const one = (name: string, more: string) =>
    `  - { case: ${name}, purpose: it MUST, ${more} steps: [c -> CONNECT, c <- CONNACK, c <- nothing: { within: 20ms }] }\n`;
  const together = Array.from({ length: 8 }, (_, at) => one(`t${at}`, "")).join("");
  const shared = await judge(await brokerSuite(together), referenceTarget(), { jobs: 3 });
  assert.equal(mostAtOnce(shared.events), 3);
  const alone = ["a", "b", "c"].map((name) => one(name, "exclusive: true,")).join("");
  const apart = await judge(await brokerSuite(alone), referenceTarget(), { jobs: 3 });
  assert.equal(mostAtOnce(apart.events), 1);
  assert.equal(apart.exit, 0);
});

Deno.test("of a real module there is one line, and so one case at a time", async () => {
  await using module = new Served("tcp");
  const suite = await suiteOf(
    "suite: demo\ntitle: Demo\ncases:\n" +
      ["a", "b", "c"].map((name) =>
        `  - { case: ${name}, purpose: it MUST, steps: [dte -> AT, dte <- OK] }\n`
      ).join(""),
    "at",
  );
  const judged = await judge(suite, lineTarget(await module.address()), { jobs: 3 });
  assert.deepEqual(verdicts(judged), { a: "pass", b: "pass", c: "pass" });
  assert.equal(mostAtOnce(judged.events), 1);
});

Deno.test("a case with a known miss does not run again alone", async () => {
  const suite = await brokerSuite(
    ["a", "b"].map((name) =>
      `  - { case: ${name}, purpose: it MUST, use: { connected: { lane: c } }, steps: [c -> PUBLISH: { topic: $topic, qos: 1, packetId: 7 }, c <- PUBACK] }\n`
    ).join(""),
  );
  const runs = async (known: readonly string[]) => {
    const deviations = known.map((
      name,
    ) => ({ case: `demo/${name}`, verdict: "fail", reason: "known" } as const));
    const { events } = await judge(suite, referenceTarget(["puback-lost"], { withinMs: 30 }), {
      jobs: 2,
      expectations: new Map([["reference", deviations]]),
    });
    return events.flatMap((event) => event.kind === "case-started" ? [event.id] : []).sort();
  };
  assert.deepEqual(await runs(["a", "b"]), ["demo/a", "demo/b"]);
  assert.deepEqual(await runs(["a"]), ["demo/a", ...Array(4).fill("demo/b")]);
});

Deno.test("a case that the target does not claim is skipped, also one in a protocol that it does not speak", async () => {
  const suite = await brokerSuite(`
  - case: acknowledged
    purpose: a PUBLISH at QoS 1 MUST be acknowledged
    requires: [qos1]
    use: { connected: { lane: pub } }
    steps: [pub -> PUBLISH: { topic: $topic, qos: 1, packetId: 7 }, pub <- PUBACK]
`);
  const without = await judge(suite, referenceTarget([], { supports: [] }));
  assert.deepEqual(verdicts(without), { acknowledged: 'skip: The target does not claim "qos1"' });
  // Nothing was judged.
  assert.equal(without.exit, 1);
  const other = await judge(suite, referenceTarget([], { protocols: ["5.0"] }));
  assert.deepEqual(verdicts(other), { acknowledged: "skip: The target does not speak MQTT 3.1.1" });
});

const missing = !installed("mosquitto");
if (missing) console.log("Skipped, since it is not installed: a test with mosquitto");

/** The number of cases at once. */
const JOBS = 4;

Deno.test({
  name: "a broker that stops answering costs the running cases their time, and then the run ends",
  ignore: missing,
  fn: async () => {
    const port = freePort();
    const broker = new Deno.Command("mosquitto", { args: ["-p", `${port}`], stdout: "null", stderr: "null" })
      .spawn();
    try {
      await listening(port);
      const suite = await brokerSuite(`
  - case: answered
    purpose: each PUBLISH MUST be acknowledged
    matrix: { row: [${Array.from({ length: 60 }, (_, at) => at).join(", ")}] }
    use: { connected: { lane: pub } }
    steps:
      - repeat: { times: 20, as: i, steps: [pub -> PUBLISH: { topic: $topic, qos: 1, packetId: $i }, pub <- PUBACK: { packetId: $i }] }
`);
      let ended = 0;
      const run = await judge(suite, addressTarget(port, { withinMs: 300 }), {
        jobs: JOBS,
        emit: (event) => {
          // It keeps its connections, and its kernel accepts new ones.
          if (event.kind === "case-ended" && ++ended === 10) broker.kill("SIGSTOP");
        },
      });
      assert.equal(run.exit, 3);
      const verdicts = Map.groupBy(run.cases, (one) => one.ended?.verdict ?? "none");
      assert.equal(verdicts.get("pass")?.length, run.cases.length - (verdicts.get("error")?.length ?? 0));
      assert.equal(run.cases.length, 60);
      assert.ok((verdicts.get("pass")?.length ?? 0) >= 10);
      for (const { ended } of verdicts.get("error") ?? []) {
        assert.match(ended?.reason ?? "", /can no longer be reached at mqtt:\/\/127\.0\.0\.1:\d+/);
      }
      // The running cases have waited; the others were not tried any more.
      const waited = verdicts.get("error")?.filter(({ ended }) => ended?.reason?.includes("Nothing came")) ??
        [];
      assert.ok(waited.length >= 1 && waited.length <= JOBS, `${waited.length}`);
    } finally {
      broker.kill("SIGKILL");
      await broker.status;
    }
  },
});

function installed(program: string): boolean {
  try {
    new Deno.Command(program, { args: ["-h"], stdout: "null", stderr: "null" }).outputSync();
    return true;
  } catch {
    return false;
  }
}

function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}

async function listening(port: number): Promise<void> {
  for (let tries = 0; tries < 250; tries++) {
    try {
      const address = { kind: "mqtt", host: "127.0.0.1", port } as const;
      (await dial(address, { withinMs: 1_000 })).close();
      return;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
  throw new Error("mosquitto does not listen");
}
