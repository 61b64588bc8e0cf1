import assert from "node:assert/strict";
import { loaded } from "./test_bench.ts";
import { MOSQUITTO, mosquittoIsThere } from "./test_mosquitto.ts";

/** Each message goes to all of the subscribers: far more than this program can read. */
const overload = (hold: string) =>
  `profile: overload
title: A broker that sends more than anyone can read
drain: 2s
groups:
  - { group: subs, role: subscribe, clients: 50, subscribe: [{ filter: t/$run/+, qos: 0 }] }
  - { group: pubs, role: publish, clients: 2, publish: { topic: t/$run/$client, qos: 0, rate: 12000 } }
stages: [{ hold: ${hold} }]
`;

/** The seconds that a load recorded, from the start of its clients to its end. */
const SECONDS = 3;

Deno.test({
  name: "a load of more deliveries than can be read ends, gets its workers' answers, and counts what arrived",
  ignore: !mosquittoIsThere,
  async fn() {
    assert.ok(MOSQUITTO);
    const { result, events } = await loaded(overload(`${SECONDS}s`), MOSQUITTO);
    const ended = events.at(-1);
    assert.ok(ended?.kind === "run-ended" && ended.reason === undefined, JSON.stringify(ended));
    assert.ok(events.filter(({ kind }) => kind === "load-second").length >= SECONDS);
    const { sent = 0, due = 0, received = 0, lost = 0, duplicated = 0 } = result.counts;
    assert.ok(sent > 10_000, `${sent} were sent`);
    assert.equal(due, sent * 50, "each message is expected at each subscriber");
    assert.ok(received > sent, "more arrived than was sent");
    assert.equal(received + lost - duplicated, due);
  },
});

Deno.test({
  name: "an overloaded load that is interrupted ends normally, with what it had counted",
  ignore: !mosquittoIsThere,
  async fn() {
    assert.ok(MOSQUITTO);
    const abort = new AbortController();
    let seconds = 0;
    const { result, exit, events } = await loaded(overload("10m"), MOSQUITTO, {
      signal: abort.signal,
      seen: () => {
        seconds++;
        if (seconds === SECONDS) abort.abort();
      },
    });
    assert.equal(exit, 130);
    const ended = events.at(-1);
    assert.ok(
      ended?.kind === "run-ended" && ended.interrupted && ended.reason === undefined,
      JSON.stringify(ended),
    );
    const { sent = 0, received = 0 } = result.counts;
    assert.ok(sent > 0 && received > 0, `${sent} were sent and ${received} arrived`);
  },
});
