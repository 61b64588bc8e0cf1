import assert from "node:assert/strict";
import { MqttLink } from "../link/mqtt_link.ts";
import { encode } from "../mqtt/encode.ts";
import type { WebSocketAddress } from "../transport/address.ts";
import { dialWebSocket } from "../transport/dial.ts";
import { OPCODE } from "../transport/websocket_frame.ts";
import { Broker } from "./broker.ts";
import { WEBSOCKET_DEFECTS } from "./defects/websocket.ts";
import { connectPacket } from "./test_client.ts";

const CONNECT = encode(connectPacket("3.1.1", { clientId: "a" }), "3.1.1");
const PING = encode({ type: "PINGREQ" }, "3.1.1");

async function brokerWith(...defects: readonly string[]) {
  const broker = await Broker.start({
    also: [{ kind: "ws", host: "127.0.0.1", port: 0, path: "/" }],
    defects,
  });
  const address = broker.addresses.find((one): one is WebSocketAddress => one.kind === "ws");
  assert.ok(address);
  return { broker, address };
}

/** Returns which of two offers is chosen, the result of packets that span frames, and the result of a text frame. */
async function conversation(...defects: readonly string[]): Promise<string> {
  const { broker, address } = await brokerWith(...defects);
  await using _broker = broker;
  const told: string[] = [];
  const odd = await dialWebSocket(address, ["chat", "mqtt"]);
  told.push(`${odd.answer.status} ${odd.answer.subprotocol}`);
  odd.transport.close();
  const none = await dialWebSocket(address, []);
  told.push(`${none.answer.status} ${none.answer.subprotocol}`);
  none.transport.close();
  for (const opcode of [OPCODE.binary, OPCODE.text]) {
    const { transport } = await dialWebSocket(address, ["mqtt"]);
    await using link = new MqttLink(transport, { version: "3.1.1" });
    const both = Uint8Array.from([...CONNECT, ...PING]);
    await transport.writeFrame({ opcode, payload: both.subarray(0, 5), final: false });
    await transport.writeFrame({ opcode: OPCODE.continuation, payload: both.subarray(5) }).catch(() => {});
    for (let count = 0; count < 2; count++) {
      const arrival = await link.receive(5_000);
      told.push(
        arrival?.kind === "packet" ? arrival.packet.type : arrival?.kind === "closed" ? "closed" : "nothing",
      );
    }
  }
  return told.join(", ");
}

Deno.test("packets may span WebSocket frames, text frames end the connection, and mqtt is chosen", async () => {
  const right = await conversation();
  assert.equal(right, "101 mqtt, 400 undefined, CONNACK, PINGRESP, closed, closed");
  for (const { id } of WEBSOCKET_DEFECTS) assert.notEqual(await conversation(id), right, id);
});

Deno.test("a client that offers only another subprotocol is refused", async () => {
  const { broker, address } = await brokerWith();
  await using _broker = broker;
  const { answer, transport } = await dialWebSocket(address, ["chat"]);
  transport.close();
  assert.deepEqual({ status: answer.status, subprotocol: answer.subprotocol }, {
    status: 400,
    subprotocol: undefined,
  });
});
