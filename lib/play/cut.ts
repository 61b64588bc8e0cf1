import type { MqttLink } from "../link/mqtt_link.ts";
import { OPCODE } from "../transport/websocket_frame.ts";

/**
 * How to split bytes: into writes of these sizes, into single bytes, or into WebSocket messages, or frames of
 * one message, of these sizes. The last piece takes the rest.
 */
export type Cut =
  | readonly number[]
  | "bytewise"
  | { readonly sizes: readonly number[]; readonly as: "frames" | "fragments" }
  | undefined;

/**
 * Sends bytes, split as given. Throws what the transport throws, and TransportError for frames on a
 * connection without frames.
 */
export async function sendCut(link: MqttLink, bytes: Uint8Array, cut: Cut): Promise<void> {
  if (cut === undefined) return await link.sendBytes(bytes);
  if (cut === "bytewise" || !("as" in cut)) {
    for (const piece of pieces(bytes, cut)) await link.sendBytes(piece);
    return;
  }
  const parts = [...pieces(bytes, cut.sizes)];
  for (const [index, payload] of parts.entries()) {
    const fragment = cut.as === "fragments";
    await link.sendFrame({
      opcode: fragment && index > 0 ? OPCODE.continuation : OPCODE.binary,
      payload,
      final: !fragment || index === parts.length - 1,
    });
  }
}

function* pieces(bytes: Uint8Array, cut: readonly number[] | "bytewise"): Generator<Uint8Array> {
  let at = 0;
  const sizes = cut === "bytewise" ? Array.from(bytes, () => 1) : cut;
  for (const size of sizes) {
    if (at >= bytes.length) return;
    yield bytes.subarray(at, at + size);
    at += size;
  }
  if (at < bytes.length) yield bytes.subarray(at);
}
