import { type Asking, connected } from "./asking.ts";
import { subscribed } from "./subscribing.ts";

/** Where brokers say which they are: Mosquitto and others like it, and EMQX. */
const TOPICS = ["$SYS/broker/version", "$SYS/brokers/+/version"];
/** Longer ones are cut. */
const LONGEST = 200;

/** What the broker says that it is, in a retained message; undefined where there is none. Throws TransportError. */
export async function versionText(asking: Asking): Promise<string | undefined> {
  await using client = await connected(asking);
  const { codes } = await subscribed(asking, client, TOPICS);
  if (!codes?.some((code) => code < 0x80)) return undefined;
  await client.until(() => client.messages.length > 0, 2 * asking.times.graceMs);
  const told = client.messages.find(({ topic }) => topic.startsWith("$SYS/"));
  if (!told) return undefined;
  return new TextDecoder().decode(told.payload).trim().slice(0, LONGEST) || undefined;
}
