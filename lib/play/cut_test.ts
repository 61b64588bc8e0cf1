import assert from "node:assert/strict";
import { MqttLink } from "../link/mqtt_link.ts";
import { dial } from "../transport/dial.ts";
import type { TransportError } from "../transport/error.ts";
import { readAll } from "../transport/test_bytes.ts";
import type { Transport } from "../transport/transport.ts";
import { applyMask, decodeHead, OPCODE } from "../transport/websocket_frame.ts";
import { answerUpgrade } from "../transport/websocket_upgrade.ts";
import { type Cut, sendCut } from "./cut.ts";

const BYTES = Uint8Array.of(1, 2, 3, 4, 5);

/** Returns the writes in which the bytes are sent. A real connection would join them again. */
async function writes(cut: Cut, bytes = BYTES): Promise<readonly string[]> {
  const written: string[] = [];
  const pending = Promise.withResolvers<null>();
  const recording: Transport = {
    read: () => pending.promise,
    write: (bytes) => Promise.resolve((written.push(bytes.toHex()), bytes.length)),
    close: () => pending.resolve(null),
    [Symbol.dispose]() {},
  };
  await using link = new MqttLink(recording, { version: "3.1.1" });
  await sendCut(link, bytes, cut);
  return written;
}

/** Returns the frames in which a WebSocket sends the bytes: opcode, `fin` if it ends its message, payload. */
async function frames(cut: Cut, size: number): Promise<readonly string[]> {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const [server, transport] = await Promise.all([
    listener.accept().then(async (conn) => {
      await answerUpgrade(conn, () => ({ status: 101, subprotocol: "mqtt" }));
      return conn;
    }),
    dial({ kind: "ws", host: "127.0.0.1", port: listener.addr.port, path: "/mqtt" }),
  ]);
  using _server = server;
  await using link = new MqttLink(transport, { version: "3.1.1" });
  await sendCut(link, BYTES, cut);
  const found: string[] = [];
  let bytes = await readAll(server, size);
  for (let head = decodeHead(bytes); head; head = decodeHead(bytes)) {
    const payload = bytes.slice(head.length, head.length + head.size);
    applyMask(payload, head.mask ?? new Uint8Array(4), 0);
    found.push(`${head.opcode}${head.final ? " fin" : ""} ${payload.toHex()}`);
    bytes = bytes.subarray(head.length + head.size);
  }
  return found;
}

Deno.test("bytes that are not cut are one write", async () => {
  assert.deepEqual(await writes(undefined), ["0102030405"]);
});

Deno.test("bytes are cut into pieces of the sizes, and the rest is the last piece", async () => {
  assert.deepEqual(await writes([1, 3]), ["01", "020304", "05"]);
  assert.deepEqual(await writes([2, 3]), ["0102", "030405"]);
  assert.deepEqual(await writes([]), ["0102030405"]);
});

Deno.test("sizes beyond the end of the bytes write nothing empty, also no empty frame", async () => {
  assert.deepEqual(await writes([4, 9, 9]), ["01020304", "05"]);
  const whole = await frames({ sizes: [5, 1, 1], as: "frames" }, 2 + 4 + 5);
  assert.deepEqual(whole, [`${OPCODE.binary} fin 0102030405`]);
  const last = await frames({ sizes: [2, 9, 9], as: "fragments" }, 2 * (2 + 4) + 5);
  assert.deepEqual(last, [`${OPCODE.binary} 0102`, `${OPCODE.continuation} fin 030405`]);
});

Deno.test("bytewise is a write for each byte", async () => {
  assert.deepEqual(await writes("bytewise"), ["01", "02", "03", "04", "05"]);
});

Deno.test("frames are messages of their own, fragments are frames of one message", async () => {
  const frame = 2 + 4;
  assert.deepEqual(await frames({ sizes: [1, 2], as: "frames" }, 3 * frame + 5), [
    `${OPCODE.binary} fin 01`,
    `${OPCODE.binary} fin 0203`,
    `${OPCODE.binary} fin 0405`,
  ]);
  assert.deepEqual(await frames({ sizes: [1, 2], as: "fragments" }, 3 * frame + 5), [
    `${OPCODE.binary} 01`,
    `${OPCODE.continuation} 0203`,
    `${OPCODE.continuation} fin 0405`,
  ]);
});

Deno.test("a connection that is not a WebSocket has no frames to split into", async () => {
  await assert.rejects(
    writes({ sizes: [1], as: "frames" }),
    (error: TransportError) => error.fault === "unsupported",
  );
});
