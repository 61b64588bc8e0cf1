import { quoteEscaped } from "../ground/text.ts";

/** A fault of a topic name or topic filter. */
export interface TopicFault {
  readonly rule:
    | "topic-empty"
    | "topic-wildcard"
    | "filter-empty"
    | "filter-multi-level"
    | "filter-single-level"
    | "share-name-empty"
    | "share-name-wildcard"
    | "share-without-filter"
    | "utf8-nul"
    | "text-too-long";
  /** One sentence. */
  readonly message: string;
}

/** The most bytes in a topic name or filter. */
const TOPIC_BYTES = 65_535;
const SHARE = "$share/";

/**
 * Returns the fault of a topic name: it is empty [MQTT-4.7.3-1], contains a wildcard [MQTT-4.7.1-1 in 3.1.1,
 * MQTT-4.7.0-1 in 5.0], contains U+0000 [MQTT-4.7.3-2] or has more than 65,535 bytes [MQTT-4.7.3-3].
 */
export function topicNameFault(topic: string): TopicFault | undefined {
  if (topic === "") {
    return { rule: "topic-empty", message: "The topic name is empty; it needs at least one character" };
  }
  if (topic.includes("+") || topic.includes("#")) {
    const message = `The topic name ${
      quoteEscaped(topic)
    } contains a wildcard; "+" and "#" are for filters only`;
    return { rule: "topic-wildcard", message };
  }
  return textFault(topic, "topic name");
}

/**
 * Returns the fault of a topic filter: it is empty [MQTT-4.7.3-1], has "#" other than alone in the last level
 * [MQTT-4.7.1-2 in 3.1.1, MQTT-4.7.1-1 in 5.0], has "+" next to other characters of a level [MQTT-4.7.1-3,
 * MQTT-4.7.1-2], contains U+0000 [MQTT-4.7.3-2] or has more than 65,535 bytes [MQTT-4.7.3-3]. With `shared`,
 * as in 5.0, a filter that begins with `$share/` needs a share name and then a filter [MQTT-4.8.2-1,
 * MQTT-4.8.2-2].
 */
export function topicFilterFault(filter: string, shared = false): TopicFault | undefined {
  if (shared && filter.startsWith(SHARE)) return sharedFault(filter);
  if (filter === "") {
    return { rule: "filter-empty", message: "The topic filter is empty; it needs at least one character" };
  }
  const hash = filter.indexOf("#");
  if (hash >= 0 && (hash !== filter.length - 1 || (hash > 0 && filter[hash - 1] !== "/"))) {
    const message = `"#" in the topic filter ${quoteEscaped(filter)} is not alone in the last level`;
    return { rule: "filter-multi-level", message };
  }
  for (let plus = filter.indexOf("+"); plus >= 0; plus = filter.indexOf("+", plus + 1)) {
    const before = filter[plus - 1] ?? "/";
    const after = filter[plus + 1] ?? "/";
    if (before !== "/" || after !== "/") {
      const message = `"+" in the topic filter ${quoteEscaped(filter)} does not fill its whole level`;
      return { rule: "filter-single-level", message };
    }
  }
  return textFault(filter, "topic filter");
}

function sharedFault(filter: string): TopicFault | undefined {
  const slash = filter.indexOf("/", SHARE.length);
  const name = filter.slice(SHARE.length, slash < 0 ? filter.length : slash);
  const quoted = quoteEscaped(filter);
  if (name === "") {
    return { rule: "share-name-empty", message: `The shared subscription ${quoted} has an empty share name` };
  }
  if (name.includes("+") || name.includes("#")) {
    return { rule: "share-name-wildcard", message: `The share name of ${quoted} contains a wildcard` };
  }
  if (slash < 0 || slash === filter.length - 1) {
    const message = `The shared subscription ${quoted} has no topic filter after its share name`;
    return { rule: "share-without-filter", message };
  }
  return topicFilterFault(filter.slice(slash + 1)) ?? textFault(filter, "topic filter");
}

function textFault(text: string, what: string): TopicFault | undefined {
  if (text.includes("\0")) {
    return { rule: "utf8-nul", message: `The ${what} contains U+0000, which no text may contain` };
  }
  if (text.length * 3 > TOPIC_BYTES && new TextEncoder().encode(text).length > TOPIC_BYTES) {
    return { rule: "text-too-long", message: `The ${what} has more than ${TOPIC_BYTES} bytes` };
  }
  return undefined;
}

/** Returns the message of {@link topicNameFault}, or undefined for a valid topic name. */
export function topicNameProblem(topic: string): string | undefined {
  return topicNameFault(topic)?.message;
}

/** Returns the message of {@link topicFilterFault}, or undefined for a valid topic filter. */
export function topicFilterProblem(filter: string, shared = false): string | undefined {
  return topicFilterFault(filter, shared)?.message;
}

/**
 * Returns the group and the filter of a shared subscription, `$share/GROUP/FILTER`, or undefined for any
 * other filter.
 */
export function sharedFilter(
  filter: string,
): { readonly group: string; readonly filter: string } | undefined {
  if (!filter.startsWith(SHARE) || sharedFault(filter)) return undefined;
  const slash = filter.indexOf("/", SHARE.length);
  return { group: filter.slice(SHARE.length, slash), filter: filter.slice(slash + 1) };
}

/**
 * Whether a valid topic name matches a valid filter. Levels are compared character by character
 * [MQTT-4.7.3-4]; "+" matches one level, even an empty one; "#" matches the level above and all below;
 * neither matches as the first level if the topic name begins with "$" [MQTT-4.7.2-1]. A shared subscription
 * is matched by its inner filter; see {@link sharedFilter}.
 */
export function matches(filter: string, topic: string): boolean {
  if (topic.startsWith("$") && (filter.startsWith("+") || filter.startsWith("#"))) return false;
  let f = 0;
  let t = 0;
  for (;;) {
    if (filter[f] === "#") return true;
    const filterEnd = levelEnd(filter, f);
    const topicEnd = levelEnd(topic, t);
    const single = filter[f] === "+" && filterEnd === f + 1;
    if (!single) {
      if (filterEnd - f !== topicEnd - t || !filter.startsWith(topic.slice(t, topicEnd), f)) return false;
    }
    const filterDone = filterEnd === filter.length;
    if (topicEnd === topic.length) return filterDone || filter.slice(filterEnd) === "/#";
    if (filterDone) return false;
    f = filterEnd + 1;
    t = topicEnd + 1;
  }
}

function levelEnd(text: string, from: number): number {
  const slash = text.indexOf("/", from);
  return slash < 0 ? text.length : slash;
}
