import assert from "node:assert/strict";
import { Broker, type BrokerOptions } from "../../broker/broker.ts";
import type { ProtocolVersion } from "../../mqtt/packet.ts";
import { connectTcp } from "../../transport/tcp.ts";
import { type Asking, type Question, timesFor } from "./asking.ts";
import { type Finding, findingText } from "./finding.ts";
import { InStep } from "./in_step.ts";
import { measuredTimes } from "./measured.ts";
import type { ProbeReach } from "./probe_client.ts";
import { Turns } from "./turns.ts";
import { askVersion } from "./versions.ts";

const never = new AbortController().signal;

/** How a test's probe reaches a broker. */
export function reachOf(port: number): ProbeReach {
  return { open: (signal) => connectTcp("127.0.0.1", port, { withinMs: 2_000, signal }) };
}

/** Changes to an asking, which may depend on how the broker is reached. */
type More = Partial<Asking> | ((reach: ProbeReach) => Partial<Asking>);

/** Asks the reference broker one question in one version. Returns the findings as a reader sees them. */
export async function answer(
  question: Question,
  options: BrokerOptions = {},
  version: ProtocolVersion = "3.1.1",
  more: More = {},
): Promise<readonly string[]> {
  return (await findings(question, options, version, more)).map((one) => findingText(one).trim());
}

async function findings(
  question: Question,
  options: BrokerOptions,
  version: ProtocolVersion,
  more: More,
): Promise<readonly Finding[]> {
  await using broker = await Broker.start(options);
  const reach = reachOf(broker.address.port);
  const changed = typeof more === "function" ? more(reach) : more;
  const { connack } = await askVersion(changed.reach ?? reach, version, "first", never);
  assert.ok(connack);
  let number = 0;
  const asking: Asking = {
    reach,
    version,
    prefix: "att",
    connack,
    largest: 100_000,
    times: timesFor(0),
    signal: never,
    outer: never,
    store: new Turns(),
    steps: new InStep(1),
    nextNumber: () => number++,
    ...changed,
  };
  return await question.ask({ ...asking, times: await measuredTimes(asking, 0) });
}
