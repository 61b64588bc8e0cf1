import assert from "node:assert/strict";
import { loadProfile } from "../profile/load_profile.ts";
import type { Profile } from "../profile/profile.ts";
import { type Plan, planOf, type RunChoices } from "./plan.ts";

/** Reads the text of a profile, which must be valid. */
export function profileOf(text: string): Profile {
  const { profile, problems } = loadProfile(text, "test.yaml");
  assert.deepEqual(problems, []);
  assert.ok(profile);
  return profile;
}

/** Makes the plan of a profile's text, by default for one worker, one broker and the run `0000abcd`. */
export function testPlan(text: string, choices: Partial<RunChoices> = {}): Plan {
  return planOf(profileOf(text), {
    run: "0000abcd",
    seed: 1,
    brokers: [{ address: { kind: "mqtt", host: "127.0.0.1", port: 1883 } }],
    from: [],
    shard: { index: 1, of: 1 },
    workers: 1,
    ...choices,
  });
}
