import { quoteEscaped } from "../ground/text.ts";
import { describe } from "../mqtt/describe.ts";
import type { Frame, Violation } from "../mqtt/frame.ts";

/** The most characters of a topic that are shown. */
const SHOWN_TOPIC = 40;

/** Describes a frame in one line. */
export function describeFrame(frame: Frame): string {
  if (frame.kind === "packet") return describe(frame.packet);
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
