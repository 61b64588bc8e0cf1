/** Questions about limits: how large, how long, how many. */
import { ProbeClient } from "./client.ts";
import { type Asking, feature, greatest, type Observation } from "./observation.ts";

/** The largest payload that comes through, up to the one that is allowed to be tried. */
export async function askSizes(asking: Asking): Promise<readonly Observation[]> {
  const comesThrough = async (size: number) => {
    const topic = `${asking.prefix}/size${size}`;
    await using pub = await connected(asking, `sizep${size}`);
    await using sub = await connected(asking, `sizes${size}`);
    await sub.subscribe(topic, 0);
    if (typeof await pub.publish(topic, new Uint8Array(size)) === "string") return false;
    return await sub.until((messages) => messages.some((one) => one.payload.length === size));
  };
  const largest = await greatest(1, asking.largest, comesThrough);
  const found = largest === undefined
    ? "not even one byte comes through"
    : largest === asking.largest
    ? `${largest} bytes come through, the most that was tried`
    : `${largest} bytes come through, and one more does not`;
  // With less than that the feature can't be judged.
  const told = asking.largest >= LARGE
    ? feature("large-packets", (largest ?? 0) >= LARGE, "payload", found)
    : { about: "payload", found };
  return [largest === undefined ? told : { ...told, value: largest }];
}

/** How long a topic, and how deep, may be. */
export async function askTopics(asking: Asking): Promise<readonly Observation[]> {
  const works = (label: string, topicOf: (n: number) => string) => async (n: number) => {
    const topic = topicOf(n);
    await using sub = await connected(asking, `${label}s${n}`);
    await using pub = await connected(asking, `${label}p${n}`);
    const granted = await sub.subscribe(topic, 0);
    if (typeof granted === "string" || granted.reasons[0] !== 0) return false;
    if (typeof await pub.publish(topic, "m") === "string") return false;
    return await sub.until((messages) => messages.some((one) => one.topic === topic), SHORT_MS);
  };
  const [length, levels] = await Promise.all([
    greatest(64, 65_535, works("len", (n) => `${asking.prefix}/`.padEnd(n, "x"))),
    greatest(
      8,
      1_000,
      works("deep", (n) => [asking.prefix, ...Array.from({ length: n - 1 }, () => "l")].join("/")),
    ),
  ]);
  return [{
    about: "topic length",
    found: length === undefined ? "not even 64 bytes come through" : `up to ${length} bytes come through`,
    value: length,
  }, {
    about: "topic levels",
    found: levels === undefined
      ? "not even 8 levels come through"
      : `${levels === 1_000 ? "1000, the most that was tried," : `up to ${levels}`} come through`,
    value: levels,
  }];
}

/** How many messages the broker sends before their acknowledgements come. */
export async function askInFlight(asking: Asking): Promise<readonly Observation[]> {
  const topic = `${asking.prefix}/flight`;
  await using pub = await connected(asking, "flightp");
  await using sub = await connected(asking, "flights");
  sub.acknowledging = false;
  await sub.subscribe(topic, 1);
  for (let n = 0; n < BURST; n++) {
    if (typeof await pub.publish(topic, `m${n}`, { qos: 1 }) === "string") break;
  }
  // The broker has sent all that it will send before it answers a later ping.
  await sub.ping();
  const inFlight = sub.messages.length;
  const found = inFlight >= BURST
    ? `all ${BURST} of a burst at QoS 1 are sent without an acknowledgement`
    : `${inFlight} of ${BURST} at QoS 1 are sent before the first acknowledgement`;
  return [{ ...feature("several-in-flight", inFlight > 1, "messages in flight", found), value: inFlight }];
}

const BURST = 200;
/** Bytes of a payload that makes a packet large: with it the remaining length takes its fourth byte. */
const LARGE = 2_097_152;
/** Milliseconds for a message that has to pass a broker on a path that was open before. */
const SHORT_MS = 1_000;

async function connected(asking: Asking, name: string): Promise<ProbeClient> {
  const { client } = await ProbeClient.connect(asking.reach, asking.version, {
    clientId: `${asking.prefix}${name}`,
  });
  return client;
}
