import assert from "node:assert/strict";
import { Broker } from "../../broker/broker.ts";
import { ShortageError } from "./load.ts";
import { loaded, pairProfile } from "./test_bench.ts";
import { StallingProxy } from "./test_proxy.ts";

Deno.test("a broker that stalls for 2 s shows in the percentiles, although it answers each message in 50 ms then", async () => {
  await using broker = await Broker.start();
  await using proxy = await StallingProxy.start(broker.address.port, {
    afterMs: 1_000,
    forMs: 2_000,
    eachMs: 50,
  });
  const { result } = await loaded(
    `profile: stall
title: A stall
groups:
  - { group: subs, role: subscribe, clients: 1, subscribe: [{ filter: t/$run/+ }] }
  - { group: pubs, role: publish, clients: 1, publish: { topic: t/$run/$client, rate: 100 } }
stages: [{ hold: 6s }]
`,
    proxy.port,
  );
  const { latency } = result.timings;
  assert.equal(result.counts.received, 600);
  // In 2 s 200 messages arrive and 40 leave, so one in four has waited long, and the last ones for most of the stall.
  assert.ok((latency?.p90 ?? 0) > 500_000, JSON.stringify(latency));
  assert.ok((latency?.p99 ?? 0) > 1_000_000, JSON.stringify(latency));
});

Deno.test("with a window of 1 the wait for a stalled broker counts from the scheduled time", async () => {
  await using broker = await Broker.start();
  await using proxy = await StallingProxy.start(broker.address.port, {
    afterMs: 500,
    forMs: 1_000,
    eachMs: 1_000,
  });
  const { result } = await loaded(
    `profile: window
title: A window of 1
groups:
  - { group: pubs, role: publish, clients: 1, publish: { topic: t/$run, qos: 1, rate: 100, in-flight: 1 } }
stages: [{ hold: 2s }]
`,
    proxy.port,
  );
  const { puback } = result.timings;
  assert.equal(puback?.count, 200);
  // A closed loop would have one long answer; here every message that came due meanwhile has waited.
  assert.ok((puback?.p90 ?? 0) > 500_000, JSON.stringify(puback));
  assert.equal(result.counts.acknowledged, 200);
});

Deno.test("a load survives a broker that dies and comes back, and counts failures by reason", async () => {
  let broker = await Broker.start();
  const { port } = broker.address;
  const events: string[] = [];
  const running = loaded(
    `profile: restart
title: A restart
connect: { back-off: 50ms, back-off-most: 200ms }
groups:
  - { group: subs, role: subscribe, clients: 3, subscribe: [{ filter: t/$run/+, qos: 1 }] }
  - { group: pubs, role: publish, clients: 2, publish: { topic: t/$run/$client, qos: 1, rate: 200 } }
stages: [{ hold: 4s }]
`,
    port,
    {
      seen: ({ second }) => {
        if (second.phase === "measure") events.push(second.phase);
        if (events.length === 1 && second.phase === "measure") {
          void broker.stop().then(() => new Promise((resolve) => setTimeout(resolve, 300)))
            .then(async () => broker = await Broker.start({ port }));
        }
      },
    },
  );
  const { result } = await running;
  await broker.stop();
  const of = (name: "planned" | "sent" | "unsent" | "acknowledged" | "failed" | "unanswered") =>
    result.counts[name] ?? 0;
  assert.equal(result.counts.disconnected, 5);
  assert.equal(result.counts["connect.succeeded"], 10);
  assert.ok(
    (result.reasons["closed by the broker"] ?? 0) + (result.reasons["reset"] ?? 0) >= 5,
    JSON.stringify(result.reasons),
  );
  assert.ok((result.reasons["refused"] ?? 0) > 0, JSON.stringify(result.reasons));
  assert.equal(of("planned"), 800);
  assert.equal(of("sent"), of("acknowledged") + of("failed") + of("unanswered"));
  assert.equal(of("planned"), of("sent") + of("unsent"));
  assert.equal(result.counts["lost.promised"] ?? 0, 0);
});

Deno.test("a rate that the generator can't reach ends generator-limited, and no threshold passes", async () => {
  await using broker = await Broker.start();
  const { exit, result } = await loaded(
    `profile: too-fast
title: Too fast
drain: 500ms
groups:
  - { group: pubs, role: publish, clients: 4, publish: { topic: t/$run/$client, rate: 10000000, payload: { text: "$mark $sequence $random" } } }
stages: [{ hold: 1s }]
thresholds: [lost == 0]
`,
    broker.address.port,
    { workers: 1 },
  );
  assert.ok(result.generatorLimited);
  assert.deepEqual(result.thresholds.map(({ verdict }) => verdict), ["inconclusive"]);
  assert.equal(exit, 1);
});

Deno.test("a broker that is not there ends the run with 3 and a sentence", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  listener.close();
  await assert.rejects(loaded(pairProfile(), port), /refused the connection/);
});

Deno.test("connections come from the requested addresses", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const seen = new Set<string>();
  const accepting = (async () => {
    for await (const connection of listener) {
      seen.add(connection.remoteAddr.hostname);
      // This client is accepted, so the load begins.
      await connection.read(new Uint8Array(1_024));
      await connection.write(Uint8Array.of(0x20, 2, 0, 0));
      connection.close();
    }
  })();
  await loaded(
    `profile: from
title: From
connect: { again: false }
groups: [{ group: idle, role: idle, clients: 4 }]
stages: [{ hold: 100ms }]
`,
    listener.addr.port,
    { from: ["127.0.0.2", "127.0.0.3"] },
  );
  listener.close();
  await accepting.catch(() => {});
  for (const address of ["127.0.0.2", "127.0.0.3"]) assert.ok(seen.has(address), [...seen].join(" "));
});

Deno.test("an address that does not belong to this machine is refused before anything is run", async () => {
  await assert.rejects(loaded(pairProfile(), 1, { from: ["127.0.0.1", "203.0.113.9"] }), (error) => {
    assert.ok(error instanceof ShortageError);
    assert.match(error.message, /203\.0\.113\.9/);
    return true;
  });
});
