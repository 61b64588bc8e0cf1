import { isProtocolVersion } from "../lib/mqtt/packet.ts";

/** Where OASIS publishes each version's text. */
const TEXTS: Readonly<Record<string, string>> = {
  "3.1.1": "https://docs.oasis-open.org/mqtt/mqtt/v3.1.1/os/mqtt-v3.1.1-os.html",
  "5.0": "https://docs.oasis-open.org/mqtt/mqtt/v5.0/os/mqtt-v5.0-os.html",
};

/**
 * The address of a clause's paragraph in the published text, or undefined for a document without such a page. The texts have no
 * anchor for each clause, but each paragraph contains the clause's name, so the link is a text fragment (`#:~:text=`).
 */
export function clauseLink(protocol: string, clause: string): string | undefined {
  // A module speaks 3.1.1 in the cases of its commands.
  const text = TEXTS[isProtocolVersion(protocol) ? protocol : "3.1.1"];
  if (text === undefined || !/^MQTT-[0-9.]+-[0-9]+$/.test(clause)) return undefined;
  // In a text fragment a hyphen separates terms, so escape it although addresses allow it.
  return `${text}#:~:text=${encodeURIComponent(`[${clause}]`).replaceAll("-", "%2D")}`;
}
