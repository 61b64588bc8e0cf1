import { Decoder } from "../lib/mqtt/decode.ts";
import { isProtocolVersion, type ProtocolVersion } from "../lib/mqtt/packet.ts";
import type { ChartEntry } from "../lib/run/event.ts";

/** How a chart marks a packet that a case made malformed, and raw bytes. */
const WRONG = / \(wrong on purpose\)$/;
const RAW = /^\d+ raw bytes$/;

/**
 * The comment in a capture on bytes that a case sent malformed on purpose, so a reader can tell them from a fault of attest;
 * undefined for all other bytes. `protocol` is the protocol of the case.
 */
export function malformedComment(
  { direction, text }: Pick<ChartEntry, "direction" | "text">,
  bytes: Uint8Array,
  size: number,
  protocol: string,
): string | undefined {
  if (direction !== "sent") return undefined;
  const wrong = WRONG.test(text);
  if (!wrong && !RAW.test(text)) return undefined;
  // The journal keeps only the first bytes of a packet, so its end would look truncated.
  const whole = bytes.length >= size;
  const found = whole ? fault(bytes, isProtocolVersion(protocol) ? protocol : "3.1.1") : undefined;
  if (found === undefined && !wrong) return undefined;
  return `sent malformed on purpose: ${found ?? "the case tests how the target handles it"}`;
}

/** The first rule that the bytes break by themselves; undefined if they are complete packets that break none. */
function fault(bytes: Uint8Array, version: ProtocolVersion): string | undefined {
  const decoder = new Decoder({ version, maximumPacketSize: Infinity });
  decoder.push(bytes);
  let read = 0;
  for (let frame = decoder.next(); frame !== undefined; frame = decoder.next()) {
    read += frame.raw.length;
    const [violation] = frame.violations;
    if (violation !== undefined) return violation.message;
    if (frame.kind === "broken") break;
  }
  if (read >= bytes.length) return undefined;
  const left = bytes.length - read;
  return `${left} ${
    left === 1 ? "byte is" : "bytes are"
  } a part of a packet; the rest is sent separately, or never`;
}
