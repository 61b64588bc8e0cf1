import assert from "node:assert/strict";
import { Broker } from "../../broker/broker.ts";
import { loaded } from "./test_bench.ts";

const HEAD = "profile: roles\ntitle: Roles\ndrain: 2s\n";

Deno.test("a request is answered, and the answer timed", async () => {
  await using broker = await Broker.start();
  const { result } = await loaded(
    `${HEAD}groups:
  - group: server
    role: respond
    clients: 1
    subscribe: [{ filter: q/$run/+, qos: 1 }]
    publish: { topic: r/$run/$client, qos: 1 }
  - group: asking
    role: request
    clients: 4
    subscribe: [{ filter: r/$run/$client, qos: 1 }]
    publish: { topic: q/$run/$client, qos: 1, rate: 100 }
stages: [{ hold: 1s }]
`,
    broker.address.port,
  );
  assert.equal(result.counts.requests, 100);
  assert.equal(result.counts.responses, 100);
  assert.equal(result.timings.response?.count, 100);
  assert.equal(result.counts.received, 100);
  assert.equal(result.counts.sent, 200);
  assert.deepEqual(result.promises.filter(({ verdict }) => verdict === "fail"), []);
});

Deno.test("texts, JSON, sizes by weight, several topics and user properties are all recognized", async () => {
  await using broker = await Broker.start({ topicAliasMaximum: 8 });
  const group = (name: string, payload: string) =>
    `  - { group: ${name}, role: publish, clients: 2, publish: { topic: t/$run/$group/$client/$topic, topics: 3, qos: 2, rate: 60, payload: ${payload}, topic-alias: true, user-properties: { a: b } } }\n`;
  const { result } = await loaded(
    `${HEAD}protocol: "5.0"
groups:
  - { group: subs, role: subscribe, clients: 2, receive-maximum: 5, subscribe: [{ filter: t/$run/#, qos: 2 }] }
${group("text", '{ text: "n=$sequence at $time by $client, $random" }')}${
      group("json", "{ json: { n: $sequence, deep: { who: $group } } }")
    }${group("mixed", "{ sizes: [{ size: 16, weight: 3 }, { size: 5000 }] }")}stages: [{ hold: 1s }]
`,
    broker.address.port,
  );
  assert.equal(result.counts.sent, 180);
  assert.equal(result.counts.received, 360);
  assert.deepEqual(
    result.promises.filter(({ verdict }) => verdict === "fail"),
    [],
    JSON.stringify(result.faults[0]),
  );
});

Deno.test("retained messages are counted and timed for a new subscriber, and are not a fault", async () => {
  await using broker = await Broker.start();
  const { result } = await loaded(
    `${HEAD}groups:
  - group: wall
    role: publish
    clients: 1
    publish: { topic: w/$run/$topic, topics: 50, retain: true, qos: 1, rate: 200, messages: 50 }
  - { group: late, role: subscribe, clients: 2, online: [{ from: 1s }], subscribe: [{ filter: w/$run/#, qos: 1 }] }
stages: [{ hold: 2s }]
`,
    broker.address.port,
  );
  assert.equal(result.counts.sent, 50);
  assert.equal(result.counts.retained, 100);
  assert.equal(result.timings["retained.latency"]?.count, 100);
  assert.deepEqual(result.promises.filter(({ verdict }) => verdict === "fail"), []);
});

Deno.test("clients that are cut leave their wills, and no others do", async () => {
  await using broker = await Broker.start();
  const { result } = await loaded(
    `${HEAD}groups:
  - { group: watch, role: subscribe, clients: 1, subscribe: [{ filter: will/$run/+ }] }
  - { group: cut, role: idle, clients: 5, will: { topic: will/$run/$client }, online: [{ until: 500ms, leave: cut }] }
  - { group: polite, role: idle, clients: 3, will: { topic: will/$run/p$client }, online: [{ until: 500ms }] }
stages: [{ hold: 1s }]
`,
    broker.address.port,
  );
  assert.equal(result.counts.wills, 5);
  assert.equal(result.counts["unexpected"] ?? 0, 0);
});

Deno.test("a kept session gets all that was sent while its client was offline", async () => {
  await using broker = await Broker.start();
  const { result } = await loaded(
    `${HEAD}groups:
  - group: away
    role: subscribe
    clients: 3
    session: kept
    online: [{ until: 400ms }, { from: 1200ms }]
    subscribe: [{ filter: t/$run/+, qos: 1 }]
  - { group: pubs, role: publish, clients: 1, publish: { topic: t/$run/$client, qos: 1, rate: 200 } }
stages: [{ hold: 2s }]
`,
    broker.address.port,
  );
  assert.equal(result.counts.due, 3 * 400);
  assert.equal(result.counts.received, 3 * 400);
  assert.equal(result.counts.lost ?? 0, 0);
});

Deno.test("churning connections and subscriptions expect only what was sent while they were there", async () => {
  await using broker = await Broker.start();
  const { result } = await loaded(
    `${HEAD}groups:
  - group: connections
    role: churn
    clients: 4
    churn: { up: 150ms, down: 50ms }
    subscribe: [{ filter: t/$run/+, qos: 0 }]
  - group: subscriptions
    role: churn
    clients: 4
    churn: { what: subscription, up: 150ms, down: 50ms }
    subscribe: [{ filter: t/$run/+, qos: 1 }]
  - { group: pubs, role: publish, clients: 2, publish: { topic: t/$run/$client, qos: 1, rate: 500 } }
stages: [{ hold: 2s }]
`,
    broker.address.port,
  );
  const of = (name: "due" | "received" | "lost") => result.counts[name] ?? 0;
  assert.ok((result.counts["connect.succeeded"] ?? 0) > 20);
  assert.ok(of("received") > 1_000);
  assert.equal(of("lost"), 0);
  assert.deepEqual(
    result.promises.filter(({ verdict }) => verdict === "fail"),
    [],
    JSON.stringify(result.faults[0]),
  );
});

Deno.test("a client id that is taken over loses its first connection, and the reason is counted", async () => {
  await using broker = await Broker.start();
  const { result } = await loaded(
    `${HEAD}connect: { again: false }
groups:
  - { group: first, role: idle, clients: 3, client-id: $run-$client }
  - { group: second, role: idle, clients: 3, client-id: $run-$client, online: [{ from: 300ms }] }
stages: [{ hold: 1s }]
`,
    broker.address.port,
  );
  assert.equal(result.counts["connect.succeeded"], 6);
  assert.equal(result.counts.disconnected, 3);
  assert.deepEqual(result.reasons, { "closed by the broker": 3 });
});

Deno.test("two shards, and many workers, together do the whole work", async () => {
  const text = `${HEAD}groups:
  - { group: subs, role: subscribe, clients: 5, subscribe: [{ filter: t/$run/$client }] }
  - { group: pubs, role: publish, clients: 5, publish: { topic: t/$run/$client, rate: 100 } }
stages: [{ ramp: 1s }, { hold: 1s }]
`;
  await using broker = await Broker.start();
  const whole = await loaded(text, broker.address.port, { workers: 3 });
  const startAt = Date.now() + 3_000;
  const shards = await Promise.all(
    [1, 2].map((index) =>
      loaded(text, broker.address.port, { workers: 1, shard: { index, of: 2 }, startAt })
    ),
  );
  const sum = (name: "planned" | "sent") =>
    shards.reduce((all, { result }) => all + (result.counts[name] ?? 0), 0);
  assert.equal(whole.result.counts.planned, 150);
  assert.equal(sum("planned"), 150);
  assert.equal(sum("sent"), 150);
});

Deno.test("a closed loop keeps its window full and loses nothing", async () => {
  await using broker = await Broker.start();
  const { result } = await loaded(
    `${HEAD}executor: closed-loop
groups:
  - { group: subs, role: subscribe, clients: 2, subscribe: [{ filter: t/$run/$client, qos: 2 }] }
  - { group: pubs, role: publish, clients: 2, publish: { topic: t/$run/$client, qos: 2, in-flight: 5 } }
stages: [{ hold: 1s }]
`,
    broker.address.port,
  );
  assert.ok((result.counts.sent ?? 0) > 100);
  assert.equal(result.counts.acknowledged, result.counts.sent);
  assert.equal(result.counts.received, result.counts.sent);
});

Deno.test("in a closed loop responders answer, and send nothing else", async () => {
  await using broker = await Broker.start();
  const { result } = await loaded(
    `${HEAD}executor: closed-loop
groups:
  - group: server
    role: respond
    clients: 1
    subscribe: [{ filter: q/$run/+, qos: 1 }]
    publish: { topic: r/$run/$client, qos: 1, in-flight: 1000 }
  - group: asking
    role: request
    clients: 2
    subscribe: [{ filter: r/$run/$client, qos: 1 }]
    publish: { topic: q/$run/$client, qos: 1, in-flight: 5, messages: 200 }
stages: [{ hold: 1s }]
`,
    broker.address.port,
  );
  const { requests, responses, sent, unexpected } = result.counts;
  assert.deepEqual([requests, responses, sent, unexpected], [400, 400, 800, undefined]);
});
