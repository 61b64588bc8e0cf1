import assert from "node:assert/strict";
import { loadProfile } from "./load_profile.ts";
import { planOf } from "../plan/plan.ts";
import { shortages } from "../run/preflight.ts";

const FOLDER = new URL("../../../suites/load/", import.meta.url);

/** A small machine as Linux ships: no profile may need more by default. */
const MACHINE = { descriptors: 16_384, ports: { from: 32_768, to: 60_999 }, memory: 2e9 };

/** The eight use cases of the Open MQTT Benchmark Suite, by their names there. */
const BENCHMARK_SUITE: Readonly<Record<string, string>> = {
  "connection-basic": "conn-tcp-10k-100",
  "connection-enterprise": "conn-tcp-1M-5K",
  "fan-out-basic": "fanout-1-1k-1-1K",
  "fan-out-enterprise": "fanout-5-1000-5-250K",
  "point-to-point-basic": "p2p-1K-1K-1K-1K",
  "point-to-point-enterprise": "p2p-50K-50K-50K-50K",
  "fan-in-basic": "sharedsub-1K-5-1K-1K",
  "fan-in-enterprise": "sharedsub-50K-500-50K-50K",
};

function shipped(name: string) {
  const { profile, problems } = loadProfile(
    Deno.readTextFileSync(new URL(name, FOLDER)),
    `suites/load/${name}`,
  );
  assert.ok(profile, problems.map(({ message }) => message).join("; "));
  return profile;
}

const names = [...Deno.readDirSync(FOLDER)].map(({ name }) => name).sort();

for (const name of names) {
  Deno.test(`suites/load/${name} says what it shows, has thresholds, and fits a small machine`, () => {
    const profile = shipped(name);
    assert.ok(profile.about.length > 60, "about: says what it shows");
    assert.ok(profile.thresholds.length > 0);
    const choices = {
      run: "00000000",
      seed: 1,
      brokers: [{ address: { kind: "mqtt" as const, host: "127.0.0.1", port: 1883 } }],
      from: [],
      shard: { index: 1, of: 1 },
      workers: 2,
    };
    assert.deepEqual(shortages(planOf(profile, choices), MACHINE), []);
  });
}

Deno.test("the use cases of the Open MQTT Benchmark Suite are all there, with its names and its payloads", () => {
  for (const [name, original] of Object.entries(BENCHMARK_SUITE)) {
    const profile = shipped(`${name}.yaml`);
    assert.ok(profile.title.includes(`(${original})`), `${name}: ${profile.title}`);
    for (const { publish, subscribe, keepAlive } of profile.groups) {
      assert.equal(keepAlive, 300);
      assert.ok(subscribe.every(({ qos }) => qos === 1));
      if (!publish) continue;
      assert.equal(publish.qos, 1);
      assert.deepEqual(publish.payload, { kind: "bytes", sizes: [{ size: 16, weight: 1 }] });
    }
  }
});
