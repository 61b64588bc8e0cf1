import { hooksOf, QUIRKS } from "../../../broker/quirks.ts";
import type { RunEvent } from "../../../run/event.ts";
import { brokerSuite, ecmtAlone } from "../../test_bench.ts";
import type { Quirk } from "./quirk.ts";
import type { QuirkBenchOptions } from "./quirk_bench.ts";

/**
 * A case that any broker passes, and one that mistakes a choice of the standard for a requirement: brokers
 * may grant less.
 */
export const CASES = `
  - case: answered
    purpose: a PINGREQ MUST be answered
    use: { connected: { lane: c } }
    steps: [c -> PINGREQ, c <- PINGRESP]
  - case: accusing
    purpose: a subscription MUST be granted at QoS 2
    use: { connected: { lane: c } }
    steps: [c -> SUBSCRIBE: { packetId: 7, filter: $topic, qos: 2 }, c <- SUBACK: { packetId: 7, reason: 2 }]
`;

/** A quirk of the reference broker, in the form of a proof. */
export function quirk(id: string, points?: readonly string[]): Quirk {
  const found = QUIRKS.find((one) => one.id === id);
  if (!found) throw new Error(`unknown quirk "${id}"`);
  const { about, protocols, lacks, values } = found;
  return { id, about, protocols, lacks, values, points: points ?? hooksOf(found) };
}

/** Options of a proof with quirks, and the events that it emits. */
export async function quirkOptions(cases = CASES, protocols = '["3.1.1", "5.0"]') {
  const events: RunEvent[] = [];
  const stop = new AbortController();
  const options: QuirkBenchOptions = {
    plan: { suites: [await brokerSuite(cases, protocols)], selection: {}, dialects: await ecmtAlone() },
    seed: 1,
    emit: (event) => void events.push(event),
    signal: stop.signal,
  };
  return { options, events, stop };
}
