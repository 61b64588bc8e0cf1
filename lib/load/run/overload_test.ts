import assert from "node:assert/strict";
import { loadTarget } from "../../target/target_file.ts";
import { loaded } from "./test_bench.ts";

const there = await new Deno.Command("mosquitto", { args: ["-h"], stdout: "null", stderr: "null" }).output()
  .then(() => true, () => false);
if (!there) console.log("mosquitto is not installed: its tests are left out");

const { target } = loadTarget(
  await Deno.readTextFile(new URL("../../../suites/targets/mosquitto.yaml", import.meta.url)),
  "m",
);

/** Each message goes to all of the subscribers: far more than this program can read, of its own messages. */
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
  name:
    "a load of more deliveries than can be read comes to its end, hears its workers, and counts what came",
  ignore: !there,
  async fn() {
    assert.ok(target);
    const { result, events } = await loaded(overload(`${SECONDS}s`), target);
    const ended = events.at(-1);
    assert.ok(ended?.kind === "run-ended" && ended.reason === undefined, JSON.stringify(ended));
    assert.ok(events.filter(({ kind }) => kind === "load-second").length >= SECONDS);
    const { sent = 0, due = 0, received = 0, lost = 0, duplicated = 0 } = result.counts;
    assert.ok(sent > 10_000, `${sent} were sent`);
    assert.equal(due, sent * 50, "each message is owed to each subscriber");
    assert.ok(received > sent, "more came than was sent");
    assert.equal(received + lost - duplicated, due);
  },
});

Deno.test({
  name: "an overloaded load that is interrupted ends in good order, with what it had counted",
  ignore: !there,
  async fn() {
    assert.ok(target);
    const abort = new AbortController();
    let seconds = 0;
    const { result, exit, events } = await loaded(overload("10m"), target, {
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
    assert.ok((result.counts.received ?? 0) > (result.counts.sent ?? 0));
  },
});
