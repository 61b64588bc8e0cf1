import type { Counts } from "./metrics.ts";

/** A promise of QoS and session, or a sum that must add up. */
export interface PromiseResult {
  /** The name of the promise. */
  readonly name: string;
  /** `skip` if nothing happened that it is about. */
  readonly verdict: "pass" | "fail" | "skip";
  /** How often it was broken, or by how much the sum is wrong. */
  readonly broken: number;
  /** The promise in one sentence. */
  readonly text: string;
}

/** Judges what MQTT promises at each QoS, and the sums that must add up. */
export function promises(counts: Counts): readonly PromiseResult[] {
  const of = (name: keyof Counts) => counts[name] ?? 0;
  const none = (name: string, broken: number, judged: number, text: string): PromiseResult => ({
    name,
    verdict: broken !== 0 ? "fail" : judged === 0 ? "skip" : "pass",
    broken,
    text,
  });
  const [due, received, sent] = [of("due"), of("received"), of("sent")];
  const connected = of("connect.succeeded");
  return [
    none(
      "no loss at QoS 1 and 2",
      of("lost.promised"),
      due,
      "every delivery that QoS and session promise arrived",
    ),
    none(
      "no duplicate at QoS 0 and 2",
      of("duplicated.promised"),
      received,
      "no message arrived twice if QoS forbids it",
    ),
    none(
      "order",
      of("reordered"),
      received,
      "messages of one publisher on one topic arrived in the order they were sent",
    ),
    none(
      "payloads unchanged",
      of("corrupted"),
      received,
      "every payload has the checksum that it was sent with",
    ),
    none(
      "only what was subscribed",
      of("unexpected"),
      connected,
      "nothing arrived that matches no subscription",
    ),
    none(
      "exactly once at QoS 2",
      of("fault.qos2-duplicate"),
      received,
      "no QoS 2 message arrived again after its PUBCOMP",
    ),
    none(
      "packet ids",
      of("fault.packet-id-reuse"),
      received,
      "no packet id was used again while in flight",
    ),
    none(
      "receive maximum",
      of("fault.receive-maximum"),
      received,
      "never more in flight than the client accepts",
    ),
    none(
      "retain flag",
      of("fault.retain-flag"),
      received,
      "no retain flag on a delivery to an established subscription",
    ),
    none("protocol", of("fault.protocol"), connected, "the protocol allows every packet"),
    none(
      "sent adds up",
      sent - of("unconfirmed") - of("acknowledged") - of("failed") - of("unanswered"),
      sent,
      "sent = unconfirmed (QoS 0) + acknowledged + failed + unanswered",
    ),
    none("planned adds up", of("planned") - sent - of("unsent"), of("planned"), "planned = sent + unsent"),
    none("received adds up", due - received - of("lost"), due, "due = received + lost"),
  ];
}
