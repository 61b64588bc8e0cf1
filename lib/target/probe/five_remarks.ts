import type { Packet, PacketType } from "../../mqtt/packet.ts";
import { type Asking, clientId, connected, isAccepted } from "./asking.ts";
import type { Remark } from "./finding.ts";
import { type ProbeClient, withReason } from "./probe_client.ts";

/** The highest topic alias that the client accepts. */
const ALIASES = 10;
/** The answers to the client that may have a reason string. */
const EXPLAINED: readonly PacketType[] = ["CONNACK", "SUBACK", "UNSUBACK", "PUBACK"];

/** Observes optional behaviour of a 5.0 broker that no claim covers. Returns nothing for an older version. */
export async function remarksOnFive(asking: Asking): Promise<readonly Remark[]> {
  if (asking.version !== "5.0") return [];
  return (await Promise.all([askHabits(asking), askMethod(asking)])).flat();
}

/** Observes topic aliases, reason strings, Response Information, and the reason code of a message without a subscriber. */
async function askHabits(asking: Asking): Promise<readonly Remark[]> {
  await using client = await connected(asking, {
    properties: [
      { name: "topicAliasMaximum", value: ALIASES },
      { name: "requestResponseInformation", value: 1 },
    ],
  });
  if (!isAccepted(client)) return [];
  const topic = `${asking.prefix}/habits`;
  client.send(
    { type: "SUBSCRIBE", packetId: client.nextId(), subscriptions: [{ filter: topic, qos: 0 }] },
    { type: "PUBLISH", topic, payload: "1" },
    { type: "PUBLISH", topic, payload: "2" },
    { type: "UNSUBSCRIBE", packetId: client.nextId(), filters: [`${topic}/never`] },
    { type: "PUBLISH", topic: `${topic}/nobody`, qos: 1, packetId: client.nextId() },
  );
  const answered = () =>
    client.count("PUBACK") > 0 && client.count("UNSUBACK") > 0 && client.messages.length > 1;
  await client.until(answered, asking.times.patienceMs);
  return [
    { about: "topic aliases of its own", found: aliases(client) },
    { about: "reason strings and user properties in answers", found: explained(client) },
    {
      about: "Response Information, asked for,",
      found: has(client.connack, "responseInformation") ? "is given" : "is not given",
    },
    ...client.answersOf("PUBACK").slice(0, 1).map(({ reason }) => ({
      about: "a message that nobody subscribes to",
      found: `gets ${withReason("PUBACK", "5.0", reason)}`,
    })),
  ];
}

/** Observes the answer to a CONNECT with an unknown authentication method. */
async function askMethod(asking: Asking): Promise<readonly Remark[]> {
  const properties = [{ name: "authenticationMethod", value: `${clientId(asking)}-method` }];
  await using client = await connected(asking, { properties });
  const reason = client.connack?.reason;
  return [{
    about: "an unknown method of authentication",
    found: reason === undefined
      ? `gets no CONNACK${client.ending === undefined ? "" : `: the broker ${client.ending}`}`
      : `gets ${withReason("CONNACK", "5.0", reason)}`,
  }];
}

function aliases({ messages }: ProbeClient): string {
  if (messages.length === 0) return "were not seen, since no message came";
  return messages.some((message) => has(message, "topicAlias"))
    ? "are used for clients that take them"
    : `are not used for a client that takes ${ALIASES}`;
}

function explained(client: ProbeClient): string {
  const came = EXPLAINED.filter((type) => client.count(type) > 0);
  const found = came.filter((type) =>
    client.answersOf(type).some((one) => has(one, "reasonString") || has(one, "userProperty"))
  );
  return found.length > 0 ? `come in ${found.join(", ")}` : `come in none of ${came.join(", ")}`;
}

function has(packet: Packet | undefined, name: string): boolean {
  return packet !== undefined && "properties" in packet && packet.properties.some((one) => one.name === name);
}
