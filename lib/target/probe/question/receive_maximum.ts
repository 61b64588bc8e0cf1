import { capacityOf } from "../../../suite/claim/capacities.ts";
import { announced, type Asking, connected, type Question, untilAll } from "../asking.ts";
import { type CapacityFinding, limited, notShown, unknown, unlimited } from "../finding.ts";
import type { ProbeClient } from "../probe_client.ts";

const NAME = "receiveMaximum";
/** The Receive Maximum if CONNACK has none. */
const UNNAMED = 65_535;

/** Asks how many messages a client may have in flight: by CONNACK, or in 3.x by incomplete handshakes. */
export const RECEIVE_MAXIMUM: Question = {
  about: "messages in flight from a client",
  sends: "messages",
  async ask(asking) {
    const most = announced(asking, NAME);
    if (most !== undefined) return [limited(NAME, most, `CONNACK announces Receive Maximum ${most}`)];
    if (asking.version === "5.0") return [unlimited(NAME, UNNAMED, "CONNACK has no other Receive Maximum")];
    return [await askHandshakes(asking)];
  },
};

async function askHandshakes(asking: Asking): Promise<CapacityFinding> {
  const most = capacityOf(NAME)?.most ?? 1;
  await using client = await connected(asking);
  await begin(asking, client, most);
  const answered = client.count("PUBREC");
  if (answered >= most) return unlimited(NAME, most, `${most} handshakes start before one is completed`);
  if (client.ending !== undefined) return await oneByOne(asking, client.ending, most);
  if (answered === 0) {
    return client.count("PUBACK") > 0
      ? notShown(NAME, "a PUBLISH at QoS 2 is answered by PUBACK")
      : unknown(NAME, "a PUBLISH at QoS 2 gets no PUBREC");
  }
  // If the broker has a limit, it answers the waiting ones once others are completed.
  void client.send(
    ...client.answersOf("PUBREC").map(({ packetId }) => ({ type: "PUBREL", packetId } as const)),
  );
  await client.until(() => client.count("PUBREC") > answered, asking.times.patienceMs);
  const how = `${answered} of ${most} handshakes start before one is completed`;
  return client.count("PUBREC") > answered ? limited(NAME, answered, how) : unknown(NAME, how);
}

/** Counts one at a time, because a closing connection may lose answers. */
async function oneByOne(asking: Asking, ending: string, most: number): Promise<CapacityFinding> {
  await using client = await connected(asking);
  let answered = 0;
  while (answered < most && await begin(asking, client, 1)) answered++;
  if (answered === 0) return unknown(NAME, `the broker ${ending} for a PUBLISH at QoS 2`);
  return client.ending !== undefined
    ? limited(NAME, answered, `after ${answered} handshakes the broker ${client.ending}`)
    : unknown(NAME, `the broker ${ending} during ${most} handshakes, but not if they start one by one`);
}

async function begin(asking: Asking, client: ProbeClient, count: number): Promise<boolean> {
  const due = client.count("PUBREC") + count;
  const topic = `${asking.prefix}/h`;
  void client.send(
    ...Array.from(
      { length: count },
      () => ({ type: "PUBLISH", qos: 2, packetId: client.nextId(), topic, payload: "m" } as const),
    ),
  );
  // A broker without QoS 2 may accept the message at QoS 1, and then no PUBREC comes.
  await untilAll(asking, client, () => client.count("PUBREC") + client.count("PUBACK"), due);
  return client.count("PUBREC") >= due;
}
