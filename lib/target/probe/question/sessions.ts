import type { ConnectFields, Property } from "../../../mqtt/packet.ts";
import { capacityOf } from "../../../suite/claim/capacities.ts";
import { type Asking, clientId, connected, isAccepted, type Question } from "../asking.ts";
import { cutAt } from "../cut.ts";
import {
  type CapacityFinding,
  claimedUnless,
  type Finding,
  limited,
  unknown,
  unlimited,
} from "../finding.ts";
import { type ProbeClient, withReason } from "../probe_client.ts";
import { published } from "../publishing.ts";
import { filtersFor, subscribed } from "../subscribing.ts";

/** The Session Expiry Interval of a 5.0 session in seconds. */
const EXPIRY = 60;

/** Asks whether a CONNECT for a persistent session is accepted. The suites test whether the session is kept. */
export const SESSIONS: Question = {
  about: "sessions",
  async ask(asking) {
    return await inSession(
      asking,
      (first) => Promise.resolve([claimedUnless("sessions", refusalOf(first), "a session is not refused")]),
    );
  },
};

/** Asks how many messages are queued for an offline client that has a subscription with a wildcard. */
export const QUEUED: Question = {
  about: "queued messages",
  sends: "messages",
  async ask(asking) {
    return await inSession(
      asking,
      async (first, fields) => refusalOf(first) === undefined ? [await askQueued(asking, first, fields)] : [],
    );
  },
};

/** Does something with a client that has a session, and then ends the session. */
async function inSession<T>(
  asking: Asking,
  work: (first: ProbeClient, fields: ConnectFields) => Promise<T>,
): Promise<T> {
  const properties: readonly Property[] = [{ name: "sessionExpiryInterval", value: EXPIRY }];
  const fields: ConnectFields = { clientId: clientId(asking), cleanStart: false, properties };
  await using first = await connected(asking, fields);
  try {
    return await work(first, fields);
  } finally {
    // The session of a client that never returns must not remain on the broker.
    const afterwards = { ...asking, signal: asking.outer };
    await using last = await connected(afterwards, { clientId: fields.clientId, cleanStart: true });
    await last.leave();
  }
}

function refusalOf(client: ProbeClient): string | undefined {
  const { connack } = client;
  const expiry = connack?.properties.find(({ name }) => name === "sessionExpiryInterval")?.value;
  if (expiry === 0) return "CONNACK announces a Session Expiry Interval of 0";
  if (isAccepted(client) !== false) return undefined;
  const answer = connack ? `answers ${withReason("CONNACK", client.version, connack.reason)}` : client.ending;
  return `the broker ${answer ?? ""} to a CONNECT that requests a session`;
}

async function askQueued(asking: Asking, first: ProbeClient, fields: ConnectFields): Promise<Finding> {
  const name = "queued";
  const most = capacityOf(name)?.most ?? 1;
  const { codes } = await subscribed(asking, first, filtersFor(asking, `${asking.prefix}/u`, ["a"]), 1);
  if (codes?.[0] !== 1) return unknown(name, "no subscription is granted QoS 1");
  await first.leave();
  await using pub = await connected(asking);
  const topic = `${asking.prefix}/u/a`;
  const messages = Array.from({ length: most }, (_, at) => ({ topic, payload: String(at) }));
  const { count, late } = await published(asking, pub, messages, 1);
  if (late || count < most) return unknown(name, `${count} of ${most} messages were accepted`);
  await using again = await connected(asking, fields);
  return await askCame(asking, again, pub, most);
}

async function askCame(
  asking: Asking,
  sub: ProbeClient,
  pub: ProbeClient,
  most: number,
): Promise<CapacityFinding> {
  const name = "queued";
  await sub.until(() => sub.messages.length > 0, asking.times.patienceMs);
  await sub.quiet(asking.times.quietMs, most);
  const came = () => new Set(sub.messages.map(({ payload }) => Number(new TextDecoder().decode(payload))));
  const numbers = came();
  if (numbers.size >= most) return unlimited(name, most, `all of ${most} messages came`);
  // One more message, queued after all the others, shows that nothing else comes.
  await published(asking, pub, [{ topic: `${asking.prefix}/u/a`, payload: String(most) }], 1);
  if (!await sub.until(() => came().has(most), asking.times.patienceMs)) {
    return unknown(name, `${numbers.size} of ${most} messages came, and none after them`);
  }
  const all = came();
  all.delete(most);
  if (all.size >= most) return unlimited(name, most, `all of ${most} messages came`);
  const how = `${all.size} of ${most} messages came`;
  return cutAt(all, most) === undefined
    ? unknown(name, `${how}, which is not a limit`)
    : limited(name, all.size, how);
}
