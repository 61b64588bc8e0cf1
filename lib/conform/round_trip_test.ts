import assert from "node:assert/strict";
import { Broker } from "../broker/broker.ts";
import type { Packet } from "../mqtt/packet.ts";
import { reach } from "../target/reach.ts";
import type { BrokerTarget } from "../target/target.ts";
import type { TargetFile } from "../target/target_file.ts";
import { brokerRoundTrip, type Measured, RoundTrip } from "./round_trip.ts";
import { addressTarget, ecmtAlone } from "./test_bench.ts";
import { Played, polite } from "./test_broker.ts";

const NEVER = new AbortController().signal;

async function brokerAt(port: number, more: Partial<TargetFile> = {}): Promise<BrokerTarget> {
  const { dialect } = await ecmtAlone();
  const target = await reach(addressTarget(port, more), { dialect, signal: NEVER });
  assert.ok(target.kind === "broker");
  return target;
}

Deno.test("a round trip is counted in whole milliseconds, and one of this machine as none", async () => {
  for (const [measured, ms] of [[120.2, 121], [5, 5], [4.99, 0], [undefined, 0]] as const) {
    const roundTrip = new RoundTrip();
    assert.equal(
      await roundTrip.once(() =>
        Promise.resolve(measured === undefined ? undefined : { roundTripMs: measured })
      ),
      true,
    );
    assert.equal(roundTrip.ms, ms);
  }
});

Deno.test("a round trip that can't be measured changes nothing", async () => {
  const roundTrip = new RoundTrip();
  assert.equal(await roundTrip.once(() => Promise.reject(new Error("gone"))), true);
  assert.equal(roundTrip.ms, 0);
});

Deno.test("the first caller measures a round trip, and the others wait for it", async () => {
  const roundTrip = new RoundTrip();
  const measuring = Promise.withResolvers<Measured>();
  const first = roundTrip.once(() => measuring.promise);
  const second = roundTrip.once(() => assert.fail("it is measured twice")).then((own) => [own, roundTrip.ms]);
  measuring.resolve({ roundTripMs: 50 });
  assert.equal(await first, true);
  assert.deepEqual(await second, [false, 50]);
});

Deno.test("brokerRoundTrip() measures what a slow network takes", async () => {
  await using broker = await Broker.start({ roundTripMs: 30 });
  await using target = await brokerAt(broker.address.port);
  const { roundTripMs = 0 } = await brokerRoundTrip(target, NEVER) ?? {};
  assert.ok(roundTripMs >= 30, `${roundTripMs}`);
});

Deno.test("brokerRoundTrip() connects clean with the target's credentials, and disconnects", async () => {
  const seen: Packet[] = [];
  await using broker = new Played((packet) => {
    seen.push(packet);
    return polite(packet);
  });
  await using reached = await brokerAt(broker.port);
  const target = { ...reached, credentials: { userName: "alice", password: "s3cret" } };
  assert.ok((await brokerRoundTrip(target, NEVER))?.roundTripMs !== undefined);
  while (seen.at(-1)?.type !== "DISCONNECT") await new Promise((resolve) => setTimeout(resolve, 1));
  const own = seen.slice(seen.findLastIndex(({ type }) => type === "CONNECT"));
  const types = own.map(({ type }) => type);
  assert.deepEqual([types.slice(0, 4), types.slice(-2)], [
    ["CONNECT", "PINGREQ", "PINGREQ", "PINGREQ"],
    ["PINGREQ", "DISCONNECT"],
  ]);
  assert.deepEqual([...new Set(types.slice(4, -2))], ["PUBLISH"]);
  const [connect] = own;
  assert.ok(connect?.type === "CONNECT");
  assert.deepEqual([connect.cleanStart, connect.userName], [true, "alice"]);
});

Deno.test("brokerRoundTrip() has no result for a broker that answers no PINGREQ, or answers with something else", async () => {
  await using other = new Played((packet) =>
    packet.type === "PINGREQ" ? [{ type: "PUBACK", packetId: 1 }] : polite(packet)
  );
  await using answering = await brokerAt(other.port);
  assert.equal(await brokerRoundTrip(answering, NEVER), undefined);
  const stop = new AbortController();
  await using silent = new Played((packet) => {
    if (packet.type !== "PINGREQ") return polite(packet);
    stop.abort();
    return [];
  });
  await using quiet = await brokerAt(silent.port);
  assert.equal(await brokerRoundTrip(quiet, stop.signal), undefined);
});
