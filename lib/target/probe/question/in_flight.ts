import { capacityOf } from "../../../suite/claim/capacities.ts";
import { type Asking, connected, type Question } from "../asking.ts";
import { type CapacityFinding, claimed, limited, notClaimed, unknown, unlimited } from "../finding.ts";
import type { ProbeClient } from "../probe_client.ts";
import { published } from "../publishing.ts";
import { filtersFor, subscribed } from "../subscribing.ts";

/** How many messages the broker sends a client before their acknowledgements come. */
export const IN_FLIGHT: Question = {
  about: "messages in flight",
  sends: "messages",
  async ask(asking) {
    const most = capacityOf("inFlight")?.most ?? 1;
    const [sub, pub] = await Promise.all([connected(asking), connected(asking)]);
    await using _ = sub;
    await using __ = pub;
    sub.acknowledging = false;
    const root = `${asking.prefix}/f`;
    const { codes } = await subscribed(asking, sub, filtersFor(asking, root, ["a", "last"]), 1);
    if (codes?.[0] !== 1) return [unknown("inFlight", "no subscription is granted QoS 1")];
    const messages = Array.from({ length: most }, (_, at) => ({ topic: `${root}/a`, payload: String(at) }));
    const { count } = await published(asking, pub, messages, 1);
    const came = () => sub.messages.filter(({ qos }) => qos > 0).length;
    if (came() < count) {
      // A message at QoS 0 passes a full window on most brokers, and tells that no more comes.
      await published(asking, pub, [{ topic: `${root}/last`, payload: "" }], 0);
      const last = () => sub.messages.some(({ qos }) => qos === 0);
      await sub.until(() => came() >= count || last(), asking.times.patienceMs);
      await sub.quiet(asking.times.quietMs);
    }
    const inFlight = came();
    const several = inFlight > 1
      ? claimed("several-in-flight", `${inFlight} messages came before the first was acknowledged`)
      : notClaimed("several-in-flight", "no second message came before the first was acknowledged");
    return [several, await amountOf(asking, sub, inFlight, count, came)];
  },
};

/** The window, if the messages beyond it come once the others are acknowledged. */
async function amountOf(
  asking: Asking,
  sub: ProbeClient,
  inFlight: number,
  sent: number,
  came: () => number,
): Promise<CapacityFinding> {
  const name = "inFlight";
  if (inFlight === 0) return unknown(name, `none of ${sent} messages came`);
  if (inFlight >= sent) return unlimited(name, sent, `all of ${sent} came without an acknowledgement`);
  sub.acknowledgeAll();
  const all = await sub.until(() => came() >= sent, asking.times.patienceMs);
  const how = `${inFlight} of ${sent} came without an acknowledgement`;
  return all ? limited(name, inFlight, how) : unknown(name, `${how}, and ${came()} with them`);
}
