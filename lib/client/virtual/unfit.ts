import { propertyNamed } from "../../mqtt/properties.ts";
import type { Draft, Loose, Property } from "../../mqtt/packet.ts";

/** Why 5.0 forbids a PUBLISH or a SUBSCRIBE that an application asks for, whatever its broker; undefined if it does not. */
export function unfitRequest(draft: Draft): string | undefined {
  if (draft.type !== "PUBLISH" && draft.type !== "SUBSCRIBE") return undefined;
  const { type, properties = [] } = draft;
  for (const one of properties) {
    const rule = propertyNamed(String(one.name));
    if (!rule?.owners.includes(type)) return `${type} has no ${one.name}`;
    const [least, most] = rule.range ?? [0, Infinity];
    if (typeof one.value === "number" && (one.value < least || one.value > most)) {
      return `${one.name} is out of range`;
    }
  }
  if (type === "PUBLISH") {
    if (properties.some(({ name }) => name === "subscriptionIdentifier")) return "a Subscription Identifier";
    return /[+#]/.test(textIn(properties, "responseTopic")) ? "a Response Topic with a wildcard" : undefined;
  }
  const shared = draft.subscriptions?.some(({ filter, noLocal }) =>
    noLocal === true && typeof filter === "string" && filter.startsWith("$share/")
  );
  return shared ? "No Local on a shared subscription" : undefined;
}

function textIn(properties: readonly Loose<Property>[], name: string): string {
  const value = properties.find((one) => one.name === name)?.value;
  return typeof value === "string" ? value : "";
}
