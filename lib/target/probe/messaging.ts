/** Questions about messages: QoS, retained ones, wildcards, `$`-topics, shared subscriptions, wills, sessions. */
import type { ConnectFields, QoS } from "../../mqtt/packet.ts";
import { ProbeClient, type Reply } from "./client.ts";
import { isAccepted } from "./connecting.ts";
import { type Asking, feature, type Observation } from "./observation.ts";

/** Which QoS are granted, and delivered. */
export async function askQos(asking: Asking): Promise<readonly Observation[]> {
  const one = async (qos: QoS) => {
    const topic = `${asking.prefix}/qos${qos}`;
    await using pair = await Pair.connect(asking, `q${qos}`);
    const granted = grantedBy(await pair.sub.subscribe(topic, qos));
    const answer = await pair.pub.publish(topic, "m", { qos });
    const came = await pair.sub.until((messages) => messages.some((message) => message.topic === topic));
    const arrived = pair.sub.messages.find((message) => message.topic === topic);
    const there = granted === qos && typeof answer !== "string" && came && arrived?.qos === qos;
    const what = there
      ? "is granted, acknowledged and delivered"
      : granted !== qos
      ? `is not granted: the SUBACK says ${granted === undefined ? "nothing" : granted}`
      : typeof answer === "string"
      ? `is not acknowledged: a PUBLISH ${
        answer === "silent" ? "gets no answer" : "gets the connection closed"
      }`
      : came
      ? `is granted, and delivered at QoS ${arrived?.qos ?? 0}`
      : "is granted, and the message does not arrive";
    return { there, what };
  };
  const [zero, first, second] = await Promise.all([one(0), one(1), one(2)]);
  return [
    { about: "QoS 0", found: zero.what, value: zero.there },
    feature("qos1", first.there, "QoS 1", first.what),
    feature("qos2", second.there, "QoS 2", second.what),
  ];
}

/** Whether the last message of a topic is kept. */
export async function askRetained(asking: Asking): Promise<readonly Observation[]> {
  const topic = `${asking.prefix}/retained`;
  await using pair = await Pair.connect(asking, "ret");
  const answer = await pair.pub.publish(topic, "m", { retain: true });
  await pair.sub.subscribe(topic, 0);
  const there = await pair.sub.until((messages) => messages.some((one) => one.topic === topic && one.retain));
  if (typeof answer !== "string") await pair.pub.publish(topic, "", { retain: true });
  return [feature(
    "retained",
    there,
    "retained messages",
    there
      ? "are kept, and sent to a new subscription"
      : typeof answer === "string"
      ? "are refused: the connection ends"
      : "are not kept: a new subscription gets none",
  )];
}

/** Whether filters may have wildcards. */
export async function askWildcards(asking: Asking): Promise<readonly Observation[]> {
  const topic = `${asking.prefix}/wild/card`;
  const filters = [`${asking.prefix}/+/card`, `${asking.prefix}/#`];
  const delivered = await Promise.all(filters.map(async (filter, index) => {
    await using pair = await Pair.connect(asking, `w${index}`);
    if (grantedBy(await pair.sub.subscribe(filter, 0)) !== 0) return false;
    await pair.pub.publish(topic, `w${index}`);
    return await pair.sub.until((messages) => messages.some((one) => one.topic === topic));
  }));
  const there = delivered.every(Boolean);
  const wrong = filters.filter((_, index) => !delivered[index]).map((filter) =>
    filter.slice(asking.prefix.length + 1)
  );
  return [feature(
    "wildcards",
    there,
    "wildcards",
    there
      ? "+ and # are granted and deliver"
      : `${wrong.join(" and ")} ${wrong.length > 1 ? "do" : "does"} not deliver`,
  )];
}

/** Whether clients can use topics that begin with a dollar sign, and whether `$SYS` has messages. */
export async function askDollarTopics(asking: Asking): Promise<readonly Observation[]> {
  await using pair = await Pair.connect(asking, "dol");
  const topic = `$${asking.prefix}/own`;
  const granted = grantedBy(await pair.sub.subscribe(topic, 0));
  const answer = await pair.pub.publish(topic, "m");
  const own = granted === 0 && typeof answer !== "string" &&
    await pair.sub.until((messages) => messages.some((one) => one.topic === topic));
  await using system = await Pair.connect(asking, "sys");
  const sysGranted = grantedBy(await system.sub.subscribe("$SYS/#", 0));
  const tells = await system.sub.until((messages) => messages.some((one) => one.topic.startsWith("$SYS/")));
  return [
    feature(
      "dollar-topics",
      own,
      "topics that begin with $",
      own ? "carry messages among clients" : "do not carry messages among clients, which the standard allows",
    ),
    {
      about: "$SYS",
      found: tells
        ? "has messages of the broker's own"
        : sysGranted === 0
        ? "is granted, and nothing came"
        : "is refused",
      value: tells,
    },
  ];
}

/**
 * Whether `$share` gives each message to one of two subscribers: in 5.0, and in older versions, which do not define it.
 */
export async function askShared(asking: Asking): Promise<readonly Observation[]> {
  const observations: Observation[] = [];
  if (asking.version === "5.0" || asking.speaks5) {
    const { there, found } = await shares({ ...asking, version: "5.0" });
    observations.push(feature("shared-subscriptions", there, "shared subscriptions in 5.0", found));
  }
  if (asking.version === "5.0") return observations;
  const { there, found } = await shares(asking);
  return [...observations, { about: `shared subscriptions in ${asking.version}`, found, value: there }];
}

async function shares(asking: Asking): Promise<{ readonly there: boolean; readonly found: string }> {
  const name = `sh${asking.version.replaceAll(".", "")}`;
  const topic = `${asking.prefix}/${name}`;
  const filter = `$share/${asking.prefix}/${topic}`;
  await using pair = await Pair.connect(asking, name);
  await using other = await connected(asking, `${name}o`);
  const granted = [await pair.sub.subscribe(filter, 0), await other.subscribe(filter, 0)].map(grantedBy);
  const messages = 4;
  for (let n = 0; n < messages; n++) await pair.pub.publish(topic, `m${n}`);
  await Promise.all([pair.sub.ping(), other.ping()]);
  const [one, two] = [pair.sub.messages.length, other.messages.length];
  const there = granted.every((code) => code === 0) && one + two === messages;
  return {
    there,
    found: there
      ? `share: two subscribers got ${one} and ${two} of ${messages} messages`
      : granted.some((code) => code !== 0)
      ? "are refused"
      : `do not share: two subscribers got ${one + two} of ${messages} messages`,
  };
}

/** Whether a will is published when a connection is cut. */
export async function askWills(asking: Asking): Promise<readonly Observation[]> {
  const topic = `${asking.prefix}/will`;
  await using watcher = await connected(asking, "wsub");
  await watcher.subscribe(topic, 0);
  const dying = await ProbeClient.connect(asking.reach, asking.version, {
    clientId: `${asking.prefix}dying`,
    will: { topic, payload: "gone", qos: 0, retain: false },
  });
  await using _ = dying;
  const accepted = isAccepted(dying.answer);
  dying.client.drop();
  const there = accepted && await watcher.until((messages) => messages.some((one) => one.topic === topic));
  return [feature(
    "wills",
    there,
    "wills",
    there
      ? "are published when a connection is cut"
      : accepted
      ? "do not come when a connection is cut"
      : "are refused: the CONNECT was not accepted",
  )];
}

/** Whether a session is kept while its client is away, with its subscriptions and messages. */
export async function askSessions(asking: Asking): Promise<readonly Observation[]> {
  const topic = `${asking.prefix}/session`;
  const fields: ConnectFields = {
    clientId: `${asking.prefix}session`,
    cleanStart: false,
    properties: [{ name: "sessionExpiryInterval", value: 60 }],
  };
  const open = () => ProbeClient.connect(asking.reach, asking.version, fields);
  try {
    {
      await using first = await open();
      await first.client.subscribe(topic, 1);
      await first.client.leave();
    }
    await using other = await connected(asking, "sespub");
    await other.publish(topic, "kept", { qos: 1 });
    await using again = await open();
    const present = typeof again.answer !== "string" && again.answer.reason === 0 &&
      again.answer.sessionPresent;
    const came = await again.client.until((messages) => messages.some((one) => one.topic === topic));
    // 3.1 has no flag that tells of a session.
    const there = came && (present || asking.version === "3.1");
    await again.client.leave();
    return [feature(
      "sessions",
      there,
      "kept sessions",
      there
        ? "are kept with their subscriptions and queued messages"
        : came
        ? "are kept, but CONNACK does not say so"
        : present
        ? "are kept, but the message that came meanwhile is lost"
        : "are not kept",
    )];
  } finally {
    // The session of a client that never returns must not stay behind.
    await using last = await ProbeClient.connect(asking.reach, asking.version, {
      ...fields,
      cleanStart: true,
      properties: [],
    });
    await last.client.leave();
  }
}

/** A subscriber and a publisher. */
class Pair implements AsyncDisposable {
  private constructor(readonly sub: ProbeClient, readonly pub: ProbeClient) {}

  static async connect(asking: Asking, name: string): Promise<Pair> {
    const [sub, pub] = await Promise.all([connected(asking, `${name}s`), connected(asking, `${name}p`)]);
    return new Pair(sub, pub);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const client of [this.sub, this.pub]) {
      await client.leave();
      await client[Symbol.asyncDispose]();
    }
  }
}

async function connected(asking: Asking, name: string): Promise<ProbeClient> {
  const { client } = await ProbeClient.connect(asking.reach, asking.version, {
    clientId: `${asking.prefix}${name}`,
  });
  return client;
}

function grantedBy(answer: Reply<"SUBACK">): number | undefined {
  return typeof answer === "string" ? undefined : answer.reasons[0];
}
