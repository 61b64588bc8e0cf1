import assert from "node:assert/strict";
import { Broker } from "./broker.ts";
import { RESTART_DEFECTS } from "./defects/restarting.ts";
import type { BrokerState } from "./state.ts";
import { TestClient } from "./test_client.ts";

const KEPT = { cleanStart: false };

/** Makes the state of a broker with a retained message, and a session with one of everything. */
async function before(): Promise<BrokerState> {
  const broker = await Broker.start();
  {
    const { port } = broker.address;
    await using sub = await TestClient.connect(port, "sub", KEPT);
    await sub.subscribe("t", 2);
    await using pub = await TestClient.connect(port, "pub", KEPT);
    await pub.publish("kept", "r", { qos: 1, packetId: 1, retain: true });
    await pub.publish("t", "1", { qos: 1, packetId: 2 });
    await pub.publish("t", "2", { qos: 2, packetId: 3 });
    await sub.take(2);
    await sub.send({ type: "PUBREC", packetId: 2 });
    assert.equal(await sub.next(), "PUBREL id=2");
    await sub.leave();
    await pub.publish("t", "3", { qos: 1, packetId: 4 });
    await pub.leave();
  }
  await broker.stop();
  return broker.state;
}

/** Returns what a broker with these defects makes of the state. */
async function after(state: BrokerState, ...defects: readonly string[]): Promise<string> {
  await using broker = await Broker.start({ state, defects });
  const { port } = broker.address;
  await using sub = await TestClient.connect(port, "sub", KEPT);
  await using pub = await TestClient.connect(port, "pub", KEPT);
  await pub.publish("t", "2", { qos: 2, packetId: 3, dup: true });
  await pub.publish("t", "4", { qos: 1, packetId: 5 });
  await using other = await TestClient.connect(port, "other");
  return [sub.connack, await sub.leave(), await other.subscribe("kept"), await other.leave()].join(", ");
}

Deno.test("a restarted broker continues with the stored state of the previous one", async () => {
  const state = await before();
  assert.deepEqual(state, structuredClone(state));
  const right = await after(state);
  assert.equal(
    right,
    'CONNACK 0 session-present, PUBREL id=2, PUBLISH q1 id=1 dup "t" "1", ' +
      'PUBLISH q1 id=3 "t" "3", PUBLISH q1 id=4 "t" "4", SUBACK id=1 0, PUBLISH q0 retain "kept" "r"',
  );
  for (const { id } of RESTART_DEFECTS) assert.notEqual(await after(state, id), right, id);
});

Deno.test("neither a session that ends with its connection nor $SYS is handed over", async () => {
  const broker = await Broker.start();
  await using client = await TestClient.connect(broker.address.port, "clean");
  await client.subscribe("t", 1);
  await broker.stop();
  assert.deepEqual(broker.state, { retained: [], sessions: [] });
});
