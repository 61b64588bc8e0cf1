import type { Cursor } from "./cursor.ts";
import type { Property, PropertyValue } from "./packet.ts";
import { type PropertyOwner, type PropertyRule, propertyWithId } from "./properties.ts";

const NONE: readonly Property[] = Object.freeze([]);

/**
 * Reads a property length and its properties [5.0 section 2.2.2]. In 3.x there are none, and it reads
 * nothing.
 */
export function readProperties(cursor: Cursor, owner: PropertyOwner): readonly Property[] {
  if (cursor.version !== "5.0") return NONE;
  const at = cursor.at;
  if (cursor.left === 0) {
    cursor.violate(
      "property-length-missing",
      at,
      `The ${owner} ends before its property length, which may be 0 but not absent`,
    );
    return NONE;
  }
  const size = cursor.variable("The property length");
  if (size === 0) return NONE;
  if (size > cursor.left) {
    cursor.fail(
      "property-length-too-large",
      at,
      `The property length is ${size}, but only ${cursor.left} bytes are left`,
    );
    return NONE;
  }
  const end = cursor.end;
  cursor.end = cursor.at + size;
  cursor.inProperties = true;
  const properties = readList(cursor, owner);
  cursor.end = end;
  cursor.inProperties = false;
  return properties;
}

function readList(cursor: Cursor, owner: PropertyOwner): Property[] {
  const properties: Property[] = [];
  let seen = 0;
  while (cursor.left > 0 && !cursor.failed) {
    const at = cursor.at;
    const id = cursor.variable("The property identifier");
    const rule = propertyWithId(id);
    if (!rule) {
      cursor.fail("property-unknown", at, `The property identifier ${id} is not defined`);
      break;
    }
    const value = readValue(cursor, rule, at);
    if (cursor.failed) break;
    if (!rule.owners.includes(owner)) {
      cursor.violate("property-misplaced", at, `${rule.name} is not a property of ${owner}`);
    } else if ((seen & rule.bit) !== 0 && !rule.repeats.includes(owner)) {
      cursor.violate("property-twice", at, `${rule.name} occurs more than once; it may occur once`);
    } else if (rule.name === "subscriptionIdentifier" && owner === "PUBLISH" && cursor.sender === "client") {
      cursor.violate(
        "property-misplaced",
        at,
        "subscriptionIdentifier is not a property of a client's PUBLISH",
      );
    } else if (
      rule.name === "sessionExpiryInterval" && owner === "DISCONNECT" && cursor.sender === "server"
    ) {
      cursor.violate(
        "property-misplaced",
        at,
        "sessionExpiryInterval is not a property of a server's DISCONNECT",
      );
    }
    seen |= rule.bit;
    properties.push({ name: rule.name, value });
  }
  return properties;
}

function readValue(cursor: Cursor, rule: PropertyRule, at: number): PropertyValue {
  switch (rule.type) {
    case "byte":
      return inRange(cursor, rule, at, cursor.byte(rule.name));
    case "two-byte":
      return inRange(cursor, rule, at, cursor.twoBytes(rule.name));
    case "four-byte":
      return inRange(cursor, rule, at, cursor.fourBytes(rule.name));
    case "variable":
      return inRange(cursor, rule, at, cursor.variable(rule.name));
    case "binary":
      return cursor.data(rule.name);
    case "pair":
      return [cursor.text(rule.name), cursor.text(rule.name)];
    case "text": {
      const text = cursor.text(rule.name);
      if (rule.name === "responseTopic" && (text.includes("+") || text.includes("#"))) {
        cursor.violate(
          "response-topic-wildcard",
          at,
          "The response topic contains a wildcard; it must be a topic name",
        );
      }
      return text;
    }
  }
}

function inRange(cursor: Cursor, rule: PropertyRule, at: number, value: number): number {
  const [least, most] = rule.range ?? [0, Infinity];
  if (value >= least && value <= most) return value;
  cursor.violate(
    rule.name === "topicAlias" ? "topic-alias-zero" : "property-range",
    at,
    `${rule.name} is ${value}; it must be ${least} to ${most}`,
  );
  return value;
}
