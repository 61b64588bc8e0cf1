import type { PlannedGroup } from "../plan/plan.ts";
import { type Marked, type ReadMark, readMark, readMarkBeside, TEXT_MARK } from "./mark.ts";
import { propertiesAt } from "./property_length.ts";

/** The user property that carries the mark if the payload does not. */
export const MARK_PROPERTY = "attest";

/** The identifiers of the properties of a PUBLISH with a fixed length, and that length. [MQTT-2.2.2] */
const FIXED: ReadonlyMap<number, number> = new Map([[0x01, 1], [0x02, 4], [0x23, 2]]);
const USER_PROPERTY = 0x26;
const SUBSCRIPTION_ID = 0x0b;
const NAME = new TextEncoder().encode(MARK_PROPERTY);

/** Where messages of a plan may carry marks outside their payloads. */
export interface MarkPlaces {
  readonly topic: boolean;
  readonly userProperty: boolean;
}

/** Returns where the messages of a plan carry marks; undefined if all payloads contain them. */
export function markPlaces(groups: readonly PlannedGroup[]): MarkPlaces | undefined {
  const marks = groups.flatMap(({ publish }) =>
    publish?.payload.kind === "exact" ? [publish.payload.mark] : []
  );
  if (marks.length === 0) return undefined;
  return { topic: marks.includes("topic"), userProperty: marks.includes("user-property") };
}

/** The offset of a mark that is the last level of the topic from `from` to `to`; -1 if the topic is too short. */
function markInTopic(from: number, to: number): number {
  return to - from > TEXT_MARK ? to - TEXT_MARK : -1;
}

/** The offset of the mark among the properties from `from` to `to`; -1 if none of them contains one. */
function markInProperties(bytes: Uint8Array, from: number, to: number): number {
  let at = from;
  const length = () => 2 + ((bytes[at] ?? 0) << 8 | (bytes[at + 1] ?? 0));
  while (at < to) {
    const id = bytes[at++] ?? 0;
    if (id === USER_PROPERTY) {
      const name = at + 2;
      const isMark = length() === 2 + NAME.length &&
        NAME.every((byte, index) => bytes[name + index] === byte);
      at += length();
      if (isMark && length() === 2 + TEXT_MARK) return at + 2;
      at += length();
    } else if (id === SUBSCRIPTION_ID) {
      while ((bytes[at++] ?? 0) >= 0x80 && at < to);
    } else at += FIXED.get(id) ?? length();
  }
  return -1;
}

/**
 * Reads the mark of a PUBLISH with the body at `body`, its properties at `properties` and its payload from `at` to `end`: in the
 * topic, in the properties, or in the payload.
 */
export function readPlaced(
  places: MarkPlaces,
  bytes: Uint8Array,
  body: number,
  properties: number,
  at: number,
  end: number,
  into: ReadMark,
): Marked {
  let marked: Marked = "foreign";
  if (places.topic) {
    const topicEnd = body + 2 + ((bytes[body] ?? 0) << 8 | (bytes[body + 1] ?? 0));
    marked = readMarkBeside(bytes, markInTopic(body + 2, topicEnd), at, end, into);
  }
  if (marked === "foreign" && places.userProperty) {
    const found = markInProperties(bytes, propertiesAt(bytes, properties), at);
    marked = readMarkBeside(bytes, found, at, end, into);
  }
  return marked === "foreign" ? readMark(bytes, at, end, into) : marked;
}
