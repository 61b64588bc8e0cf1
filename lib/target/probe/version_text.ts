import { type Asking, connected } from "./asking.ts";
import { subscribed } from "./subscribing.ts";

/** The topics at which brokers publish their version: Mosquitto and similar ones, and EMQX. */
const TOPICS = ["$SYS/broker/version", "$SYS/brokers/+/version"];
/** The length at which a version text is cut. */
const LONGEST = 200;

/**
 * Returns the broker's name and version from a retained message, or undefined if there is none. Throws
 * TransportError.
 */
export async function versionText(asking: Asking): Promise<string | undefined> {
  await using client = await connected(asking);
  const { codes } = await subscribed(asking, client, TOPICS);
  if (!codes?.some((code) => code < 0x80)) return undefined;
  await client.until(() => client.messages.length > 0, 2 * asking.times.graceMs);
  const told = client.messages.find(({ topic }) => topic.startsWith("$SYS/"));
  if (!told) return undefined;
  return new TextDecoder().decode(told.payload).trim().slice(0, LONGEST) || undefined;
}
