import { encode } from "../../../mqtt/encode.ts";
import { connectTcp } from "../../../transport/tcp.ts";
import { type Transport, writeAll } from "../../../transport/transport.ts";
import { decodeHead, encodeFrame, OPCODE } from "../../../transport/websocket_frame.ts";
import { requestUpgrade } from "../../../transport/websocket_upgrade.ts";
import { Broker } from "../../broker.ts";
import { connectPacket } from "../../test_client.ts";

/** What a broker with a quirk sends, in words. */
export interface Carried {
  readonly quirk: string;
  /** Undefined if the usual outcome depends on the speed of the machine. */
  readonly usual: string | undefined;
  readonly unusual: string;
}

export const CARRIED: readonly Carried[] = [
  { quirk: "bytes-apart", usual: "1 read", unusual: "several reads" },
  { quirk: "pieces-at-random", usual: "1 read", unusual: "several reads" },
  { quirk: "output-gathered", usual: undefined, unusual: "1 read" },
  { quirk: "websocket-frames-small", usual: "binary 4", unusual: "binary 3, binary 1" },
  { quirk: "websocket-fragments", usual: "binary 4", unusual: "binary 3 to go on, continuation 1" },
  { quirk: "websocket-pings", usual: "binary 4", unusual: "ping 1, binary 4" },
  { quirk: "websocket-closes-silently", usual: "binary 4, close 2", unusual: "binary 4, end" },
];

const CONNECT = () => encode(connectPacket("5.0", { clientId: "a" }), "5.0").slice();
const CONNECT_3 = () => encode(connectPacket("3.1.1", { clientId: "a" }), "3.1.1").slice();
const PINGREQ = Uint8Array.of(0xc0, 0);
/** A packet that a client must not send. */
const WRONG = Uint8Array.of(0xd0, 0);

/** Returns what a broker with these quirks sends in the trial of one of them. */
export async function tryCarrying(quirk: string, quirks: readonly string[]): Promise<string> {
  await using broker = await Broker.start({
    quirks,
    also: [{ kind: "ws", host: "127.0.0.1", port: 0, path: "/mqtt" }],
  });
  const { port } = broker.address;
  if (quirk === "output-gathered") return await twoPings(port);
  if (!quirk.startsWith("websocket-")) return await reads(port);
  const [, ws] = broker.addresses;
  if (ws?.kind !== "ws") throw new Error("The broker does not listen for WebSocket");
  return await frames(ws.port, quirk === "websocket-closes-silently");
}

/** Returns in how many reads a CONNACK arrives. */
async function reads(port: number): Promise<string> {
  using client = await connectTcp("127.0.0.1", port);
  await writeAll(client, CONNECT());
  return await counted(client, (bytes) => bytes.length >= 2 && bytes.length === 2 + (bytes[1] ?? 0));
}

/** Returns in how many reads the answers to two PINGREQs arrive, the second of which is sent later. */
async function twoPings(port: number): Promise<string> {
  using client = await connectTcp("127.0.0.1", port);
  await writeAll(client, CONNECT_3());
  await client.read(new Uint8Array(4));
  await writeAll(client, PINGREQ);
  await new Promise((resolve) => setTimeout(resolve, 5));
  await writeAll(client, PINGREQ);
  return await counted(client, (bytes) => bytes.length === 4);
}

async function counted(client: Transport, whole: (bytes: readonly number[]) => boolean): Promise<string> {
  const got: number[] = [];
  const buffer = new Uint8Array(1_000);
  let count = 0;
  while (!whole(got)) {
    const size = await client.read(buffer);
    if (size === null) return "the end";
    got.push(...buffer.subarray(0, size));
    count++;
  }
  return count === 1 ? "1 read" : "several reads";
}

const NAMES: ReadonlyMap<number, string> = new Map(
  Object.entries(OPCODE).map(([name, code]): [number, string] => [code, name]),
);

/** Returns the frames in which a CONNACK arrives, and with `toEnd` also what arrives after a wrong packet. */
async function frames(port: number, toEnd: boolean): Promise<string> {
  using client = await connectTcp("127.0.0.1", port);
  const authority = `127.0.0.1:${port}`;
  await requestUpgrade(client, { authority, path: "/mqtt", subprotocols: ["mqtt"] });
  const mask = new Uint8Array(4);
  await writeAll(client, encodeFrame({ opcode: OPCODE.binary, payload: CONNECT_3(), mask }));
  if (toEnd) await writeAll(client, encodeFrame({ opcode: OPCODE.binary, payload: WRONG, mask }));
  const seen: string[] = [];
  let rest: number[] = [];
  let payload = 0;
  const buffer = new Uint8Array(1_000);
  for (;;) {
    const head = decodeHead(Uint8Array.from(rest));
    if (head && rest.length >= head.length + head.size) {
      rest = rest.slice(head.length + head.size);
      seen.push(`${NAMES.get(head.opcode)} ${head.size}${head.final ? "" : " to go on"}`);
      if (head.opcode < OPCODE.close) payload += head.size;
      if (head.opcode === OPCODE.close || (payload === 4 && !toEnd)) return seen.join(", ");
      continue;
    }
    const size = await client.read(buffer);
    if (size === null) return [...seen, "end"].join(", ");
    rest.push(...buffer.subarray(0, size));
  }
}
