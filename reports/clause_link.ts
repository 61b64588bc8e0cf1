/** Where OASIS publishes each version's text. */
const TEXTS: Readonly<Record<string, string>> = {
  "3.1.1": "https://docs.oasis-open.org/mqtt/mqtt/v3.1.1/os/mqtt-v3.1.1-os.html",
  "5.0": "https://docs.oasis-open.org/mqtt/mqtt/v5.0/os/mqtt-v5.0-os.html",
};

/**
 * The address of a clause's paragraph in the published text, or undefined for a document that has no such page. The texts have
 * no anchor per clause, but each clause's paragraph carries its name, so the link is a text fragment (`#:~:text=`) of it.
 */
export function clauseLink(protocol: string, clause: string): string | undefined {
  const text = TEXTS[protocol];
  if (text === undefined || !/^MQTT-[0-9.]+-[0-9]+$/.test(clause)) return undefined;
  // In a text fragment a hyphen separates terms, so it is escaped although it is no reserved character of an address.
  return `${text}#:~:text=${encodeURIComponent(`[${clause}]`).replaceAll("-", "%2D")}`;
}
