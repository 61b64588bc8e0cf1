import assert from "node:assert/strict";
import { Broker } from "../../broker/broker.ts";
import type { LoadResult } from "../../run/load_result.ts";
import { targetOfAddress } from "../../target/reach.ts";
import { loadTarget, type TargetFile } from "../../target/target_file.ts";
import { loadProfile } from "../profile/load_profile.ts";
import { loaded } from "./test_bench.ts";
import { MOSQUITTO, mosquittoIsThere } from "./test_mosquitto.ts";

/** A profile that ships, with some of its values replaced. */
async function shipped(name: string, set: Readonly<Record<string, string>>) {
  const text = await Deno.readTextFile(new URL(`../../../suites/load/${name}.yaml`, import.meta.url));
  const { profile, problems } = loadProfile(text, `suites/load/${name}.yaml`, new Map(Object.entries(set)));
  assert.deepEqual(problems, []);
  assert.ok(profile);
  return profile;
}

/** Runs a profile that ships on targets, and returns its result, whose counts and promises must hold. */
async function held(
  name: string,
  set: Readonly<Record<string, string>>,
  targets: readonly TargetFile[],
): Promise<LoadResult> {
  const [first] = targets;
  assert.ok(first);
  const { result } = await loaded("", first, { profile: await shipped(name, set), targets });
  // No time is asserted: a busy machine misses it, which is reported separately as the generator's limit.
  const counted = result.thresholds.filter(({ expression }) => !/\.p\d/.test(expression));
  const broken = [...counted, ...result.promises].filter(({ verdict }) => verdict === "fail");
  assert.deepEqual(broken, [], JSON.stringify(result.reasons));
  return result;
}

function reference(broker: Broker): TargetFile {
  return { ...targetOfAddress(`mqtt://127.0.0.1:${broker.address.port}`), asks: undefined };
}

/** The reference broker, and Mosquitto if it is installed. */
async function onBoth(run: (target: TargetFile) => Promise<void>): Promise<void> {
  await using broker = await Broker.start();
  await run(reference(broker));
  if (mosquittoIsThere && MOSQUITTO) await run(MOSQUITTO);
}

const FLEET = { devices: "30", rate: "2", reconnects: "1000%", away: "50ms", settle: "0s", seconds: "3s" };

function addsUp({ counts }: LoadResult): void {
  const { sent = 0, acknowledged, received, due } = counts;
  assert.equal(sent, 180);
  assert.deepEqual([acknowledged, received, due], [sent, sent, sent]);
  const { "connect.succeeded": succeeded, "connect.again": again = 0, "connect.left": left = 0 } = counts;
  assert.ok(again > 0 && again <= left, `${again} ${left}`);
  assert.equal(succeeded, 35 + again);
}

Deno.test({
  name: "fleet-telemetry on Mosquitto: messages, reconnects and certificates add up",
  ignore: !mosquittoIsThere,
  async fn() {
    const file = new URL("../../../suites/targets/mosquitto-tls.yaml", import.meta.url);
    const { target } = loadTarget(await Deno.readTextFile(file), file.pathname);
    assert.ok(target);
    const result = await held("fleet-telemetry", FLEET, [target]);
    addsUp(result);
    assert.equal(result.counts.certificates, 35);
  },
});

Deno.test("fleet-telemetry without certificates adds up on the reference broker", async () => {
  await using broker = await Broker.start();
  addsUp(await held("fleet-telemetry", { ...FLEET, certificates: "false" }, [reference(broker)]));
});

Deno.test("firmware-rollout ends once each device has its file, and not before", async () => {
  await onBoth(async (target) => {
    const { counts, endedEarly } = await held("firmware-rollout", { devices: "10", bytes: "100000" }, [
      target,
    ]);
    assert.deepEqual([counts.sent, counts.retained, counts.awaited], [1, 10, undefined]);
    assert.equal(endedEarly, "All messages for which the profile waits have arrived");
  });
});

Deno.test("command-and-response: each command has its answer, after the think time", async () => {
  await onBoth(async (target) => {
    const set = { operators: "2", devices: "10", rate: "50", seconds: "1s" };
    const { counts, timings } = await held("command-and-response", set, [target]);
    assert.deepEqual([counts.requests, counts.responses], [50, 50]);
    assert.equal(timings.response?.count, 50);
  });
});

Deno.test({
  name: "regional-failover: the clients of the stopped broker move to the other one, and nothing is lost",
  ignore: !mosquittoIsThere,
  async fn() {
    assert.ok(MOSQUITTO);
    await using south = await Broker.start();
    const { counts } = await held("regional-failover", { stop: "1s", seconds: "3s" }, [
      MOSQUITTO,
      reference(south),
    ]);
    assert.equal(counts["connect.succeeded"], 400);
    // What the first broker had acknowledged and not delivered when it stopped is no longer expected.
    assert.deepEqual([counts.sent, counts.due], [900, counts.received]);
  },
});

Deno.test("a profile that needs two targets is not run on one", async () => {
  await using broker = await Broker.start();
  const profile = await shipped("regional-failover", {});
  await assert.rejects(
    loaded("", broker.address.port, { profile }),
    /needs 2 targets, and there is 1 target; repeat --target for each broker/,
  );
});
