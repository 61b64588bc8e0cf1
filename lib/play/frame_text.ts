import { quoteEscaped } from "../ground/text.ts";
import type { Frame, Violation } from "../mqtt/frame.ts";
import { packetTerms } from "./packet_terms.ts";

/** The most characters of a topic that are shown. */
const SHOWN_TOPIC = 40;

/** A frame in one line, in the terms of the protocol where that is given. */
export function describeFrame(frame: Frame, protocol?: string): string {
  if (frame.kind === "packet") return packetTerms(frame.packet, protocol);
  if (frame.kind === "oversized") {
    const topic = frame.begin ? ` ${quoteEscaped(frame.begin.topic, SHOWN_TOPIC)}` : "";
    return `${
      frame.type ?? "packet of a reserved type"
    }${topic} of ${frame.size} bytes, more than this case has sent`;
  }
  if (frame.kind === "malformed") return `malformed ${frame.type ?? "packet of a reserved type"}`;
  return "bytes that are not a packet";
}

/** Describes a broken rule in one line, with its clause and byte offset. */
export function describeViolation({ clause, rule, message, offset }: Violation): string {
  return `${clause ?? rule}: ${message} (byte ${offset})`;
}
