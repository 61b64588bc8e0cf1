import { capacityOf } from "../../../suite/claim/capacities.ts";
import { announced, type Asking, connected, type Question, untilAll } from "../asking.ts";
import { cutAt } from "../cut.ts";
import { type CapacityFinding, limited, unknown, unlimited } from "../finding.ts";
import { greatest } from "../greatest.ts";
import type { ProbeClient } from "../probe_client.ts";
import { subscribed } from "../subscribing.ts";

/**
 * Asks how many filters one SUBSCRIBE may have, and how many subscriptions one client may have, each further
 * one by its own SUBSCRIBE. One client answers both if nothing is refused, because each subscription costs
 * some brokers a millisecond.
 */
export const SUBSCRIPTIONS: Question = {
  about: "filters in a packet, and subscriptions",
  sends: "subscriptions",
  async ask(asking) {
    await using client = await connected(asking);
    const inPacket = await askInPacket(asking, client);
    const { amount } = inPacket;
    if (amount?.atLeast) return [inPacket, await askSubscriptions(asking, client, amount.most)];
    await using another = await connected(asking);
    return [inPacket, await askSubscriptions(asking, another, 0)];
  },
};

async function askInPacket(asking: Asking, client: ProbeClient): Promise<CapacityFinding> {
  const name = "filtersInPacket";
  const most = Math.min(capacityOf(name)?.most ?? 1, roomFor(asking));
  const { codes, refusal } = await subscribed(asking, client, filters(asking, most));
  if (codes) return ofCodes(name, codes, most, refusal);
  if (refusal === undefined) return unknown(name, `a SUBSCRIBE with ${most} filters gets no answer`);
  const { works, fails } = await greatest(most, (n) => takes(asking, n));
  return works > 0 && fails !== undefined
    ? limited(name, works, `the broker ${refusal} for a SUBSCRIBE with ${fails} filters`)
    : unknown(name, `the broker ${refusal} for a SUBSCRIBE with ${most} filters`);
}

/** Asks for the subscriptions of a client that already has the first `has` of them. */
async function askSubscriptions(
  asking: Asking,
  client: ProbeClient,
  has: number,
): Promise<CapacityFinding> {
  const name = "subscriptions";
  const most = capacityOf(name)?.most ?? 1;
  const due = most - has;
  const before = client.count("SUBACK");
  const answered = () => client.count("SUBACK") - before;
  void client.send(
    ...filters(asking, most).slice(has).map((filter) => ({
      type: "SUBSCRIBE",
      packetId: client.nextId(),
      subscriptions: [{ filter, qos: 0 }],
    } as const)),
  );
  if (!await untilAll(asking, client, answered, due)) {
    return unknown(name, `${answered()} of ${due} SUBSCRIBEs were answered`);
  }
  const codes = client.answersOf("SUBACK").flatMap(({ reasons }) => reasons);
  return ofCodes(name, codes, most, "refuses further ones");
}

function ofCodes(
  name: "filtersInPacket" | "subscriptions",
  codes: readonly number[],
  most: number,
  refusal: string | undefined,
): CapacityFinding {
  const granted = new Set(codes.flatMap((code, at) => code < 0x80 ? [at] : []));
  if (granted.size >= most) return unlimited(name, most, `all of ${most} filters are granted`);
  const how = `${granted.size} of ${most} filters are granted; the broker ${refusal ?? "refuses the others"}`;
  return cutAt(granted, codes.length) === undefined ? unknown(name, how) : limited(name, granted.size, how);
}

async function takes(asking: Asking, count: number): Promise<boolean | undefined> {
  await using client = await connected(asking);
  const { codes, refusal } = await subscribed(asking, client, filters(asking, count));
  return codes ? codes.every((code) => code < 0x80) : refusal === undefined ? undefined : false;
}

function filters({ prefix }: Asking, count: number): readonly string[] {
  return Array.from({ length: count }, (_, at) => `${prefix}/n/${at}`);
}

/** Returns how many such filters a packet may contain according to CONNACK. */
function roomFor(asking: Asking): number {
  const size = announced(asking, "maximumPacketSize") ?? Infinity;
  const each = `${asking.prefix}/n/999`.length + 3;
  return Math.max(1, Math.floor((size - 20) / each));
}
