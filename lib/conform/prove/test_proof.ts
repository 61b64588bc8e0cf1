import type { RunEvent } from "../../run/event.ts";
import type { Suite } from "../../suite/file/model.ts";
import type { ConformOptions } from "../conform.ts";
import type { PlannedCase } from "../plan.ts";
import { brokerSuite, ecmtAlone, plannedFor, referenceTarget } from "../test_bench.ts";
import { type Defect, ProofBench } from "./proof_bench.ts";

/** A case that a lost PINGRESP breaks, and one that a lost PUBACK breaks. */
export const CASES = `
  - case: pinged
    purpose: a PINGREQ MUST be answered
    covers: { "3.1.1": [MQTT-3.12.4-1] }
    use: { connected: { lane: c } }
    steps: [c -> PINGREQ, c <- PINGRESP]
  - case: acknowledged
    purpose: a PUBLISH at QoS 1 MUST be acknowledged
    covers: { "3.1.1": [MQTT-4.3.2-2] }
    use: { connected: { lane: c } }
    steps: [c -> PUBLISH: { topic: $topic, qos: 1, packetId: 7 }, c <- PUBACK: { packetId: 7 }]
`;

export const PING_LOST: Defect = {
  id: "pingresp-lost",
  description: "answers no PINGREQ",
  clauses: ["MQTT-3.12.4-1"],
};
export const PUBACK_LOST: Defect = {
  id: "puback-lost",
  description: "acknowledges no PUBLISH",
  clauses: ["MQTT-4.3.2-2"],
};
/** A defect that none of {@link CASES} notices. */
export const WILL_LOST: Defect = { id: "will-lost", description: "publishes no will", clauses: [] };

/** A proof on the reference broker, and the events that it emits. */
export interface TestProof {
  readonly events: RunEvent[];
  readonly options: Omit<ConformOptions, "repeat" | "forMs">;
  readonly bench: ProofBench;
  readonly cases: readonly PlannedCase[];
  readonly stop: AbortController;
}

/** Creates a proof of these cases on the reference broker. */
export async function proofOf(cases: string | Suite): Promise<TestProof> {
  const suite = typeof cases === "string" ? await brokerSuite(cases) : cases;
  const events: RunEvent[] = [];
  const stop = new AbortController();
  const target = referenceTarget();
  const options = {
    targets: [target],
    plan: { suites: [suite], selection: {}, dialects: await ecmtAlone() },
    record: { version: "0", command: [], environment: {} },
    seed: 1,
    signal: stop.signal,
    emit: (event: RunEvent) => void events.push(event),
  };
  return {
    events,
    options,
    bench: new ProofBench(options, target, () => performance.now()),
    cases: await plannedFor(suite, target),
    stop,
  };
}

/** Returns the ids of cases without their suite. */
export function namesOf(cases: readonly (PlannedCase | { readonly id: string })[]): readonly string[] {
  return cases.map((one) => ("case" in one ? one.case.id : one.id).replace(/^demo\//, "")).sort();
}
