import assert from "node:assert/strict";
import { loaded, pairProfile } from "./test_bench.ts";
import { MOSQUITTO, mosquittoIsThere } from "./test_mosquitto.ts";

Deno.test({
  name: "Mosquitto counts exactly what attest counts, and members of a shared subscription share it all",
  ignore: !mosquittoIsThere,
  async fn() {
    assert.ok(MOSQUITTO);
    const { result } = await loaded(
      `profile: shared
title: Shared
protocol: "5.0"
groups:
  - { group: members, role: subscribe, clients: 3, subscribe: [{ filter: $$share/g/t/$run/+, qos: 1 }] }
  - { group: pubs, role: publish, clients: 4, publish: { topic: t/$run/$client, qos: 1, rate: 400 } }
stages: [{ hold: 1s }]
thresholds: [lost == 0]
`,
      MOSQUITTO,
    );
    assert.equal(result.counts.due, 400);
    assert.equal(result.counts.received, 400);
    assert.equal(result.counts.lost ?? 0, 0);
    assert.deepEqual(result.promises.filter(({ verdict }) => verdict === "fail"), []);
    assert.deepEqual(result.sys, { received: 400, sent: 400 });
  },
});

Deno.test({
  name: "throughput mode counts the same, times no message, and reports its pause",
  ignore: !mosquittoIsThere,
  async fn() {
    assert.ok(MOSQUITTO);
    const { result } = await loaded(
      `profile: fast
title: Fast
mode: throughput
groups:
  - { group: subs, role: subscribe, clients: 4, subscribe: [{ filter: t/$run/$client, qos: 2 }] }
  - { group: pubs, role: publish, clients: 4, publish: { topic: t/$run/$client, qos: 2, rate: 2000, in-flight: 20 } }
stages: [{ hold: 1s }]
`,
      MOSQUITTO,
    );
    assert.equal(result.pauseMs, 2);
    assert.equal(result.counts.sent, 2_000);
    assert.equal(result.counts.acknowledged, 2_000);
    assert.equal(result.counts.received, 2_000);
    assert.equal(result.timings.latency, undefined);
    assert.equal(result.timings.pubcomp, undefined);
    assert.deepEqual(result.promises.filter(({ verdict }) => verdict === "fail"), []);
  },
});

Deno.test({
  name: "the end waits for the broker's own count only if something was sent, and says so",
  ignore: !mosquittoIsThere,
  async fn() {
    assert.ok(MOSQUITTO);
    const said: string[] = [];
    const notice = (text: string) => void said.push(text);
    const idle =
      "profile: idle\ntitle: Idle\ngroups: [{ group: g, role: idle, clients: 2 }]\nstages: [{ hold: 100ms }]\n";
    const { result } = await loaded(idle, MOSQUITTO, { notice });
    assert.equal(result.sys, undefined);
    assert.deepEqual(said, []);
    await loaded(pairProfile({ rate: 10, seconds: 1 }), MOSQUITTO, { notice });
    assert.equal(said.length, 1);
    assert.match(said[0] ?? "", /^Waiting for the broker's own count in \$SYS, at most 12 s; /);
  },
});
