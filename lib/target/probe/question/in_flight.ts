import { capacityOf } from "../../../suite/claim/capacities.ts";
import { type Asking, connected, type Question, untilAll } from "../asking.ts";
import { type CapacityFinding, claimed, limited, notClaimed, unknown, unlimited } from "../finding.ts";
import type { ProbeClient } from "../probe_client.ts";
import { published } from "../publishing.ts";
import { filtersFor, subscribed } from "../subscribing.ts";

/** Asks how many messages the broker sends a client before their acknowledgements come. */
export const IN_FLIGHT: Question = {
  about: "messages in flight",
  sends: "messages",
  async ask(asking) {
    const most = capacityOf("inFlight")?.most ?? 1;
    const [sub, witness, pub] = await Promise.all([connected(asking), connected(asking), connected(asking)]);
    await using _ = sub;
    await using __ = witness;
    await using ___ = pub;
    sub.acknowledging = false;
    const root = `${asking.prefix}/f`;
    const filters = filtersFor(asking, root, ["a"]);
    const [{ codes }] = await Promise.all([
      subscribed(asking, sub, filters, 1),
      subscribed(asking, witness, filters, 1),
    ]);
    if (codes?.[0] !== 1) return [unknown("inFlight", "no subscription is granted QoS 1")];
    const messages = Array.from({ length: most }, (_, at) => ({ topic: `${root}/a`, payload: String(at) }));
    const { count } = await published(asking, pub, messages, 1);
    const came = () => sub.messages.length;
    if (came() < count) await pastAll(asking, sub, witness, count);
    const inFlight = came();
    const several = inFlight > 1
      ? claimed("several-in-flight", `${inFlight} messages came before the first was acknowledged`)
      : notClaimed("several-in-flight", "no second message came before the first was acknowledged");
    return [several, await amountOf(asking, sub, inFlight, count, came)];
  },
};

/**
 * Waits until a client that acknowledges its messages has all of them, so only the other client's window
 * limits its messages.
 */
async function pastAll(asking: Asking, sub: ProbeClient, witness: ProbeClient, count: number): Promise<void> {
  await untilAll(asking, witness, () => witness.messages.length, count);
  void sub.send({ type: "PINGREQ" });
  await sub.until(() => sub.count("PINGRESP") > 0, asking.times.patienceMs);
  await sub.quiet(asking.times.quietMs, count);
}

/** Returns the window, if the messages beyond it come once the others are acknowledged. */
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
