import assert from "node:assert/strict";
import type { ProtocolClaims } from "../../run/event.ts";
import { loadProfile } from "./load_profile.ts";
import { unmetBy } from "./unmet.ts";

/** What a profile with these groups needs that a target with these claims does not have. */
function unmet(groups: string, claims: Partial<ProtocolClaims>): readonly string[] {
  const text = `profile: sample\ntitle: A sample\ngroups:\n${groups}\nstages: [{ hold: 1s }]\n`;
  const { profile, problems } = loadProfile(text, "sample.yaml");
  assert.deepEqual(problems, []);
  assert.ok(profile);
  return unmetBy(profile, [{ protocol: "3.1.1", supports: [], capacities: {}, ...claims }]);
}

const SUBSCRIBERS =
  "  - { group: subs, role: subscribe, clients: 1, session: kept, subscribe: [{ filter: a/+, qos: 2 }] }";
const PUBLISHERS =
  "  - { group: pubs, role: publish, clients: 1, publish: { topic: a/b, qos: 1, retain: true, rate: 1, payload: { size: 9000 } } }";

Deno.test("unmetBy() names what a profile needs and a target does not claim", () => {
  assert.deepEqual(unmet(SUBSCRIBERS, {}), ["qos2", "sessions", "wildcards"]);
  assert.deepEqual(unmet(PUBLISHERS, { supports: ["qos1"] }), ["retained"]);
  assert.deepEqual(unmet(PUBLISHERS, { supports: ["qos1", "retained"] }), []);
});

Deno.test("unmetBy() names payloads that are larger than the packets that a target takes", () => {
  const supports = ["qos1", "retained"];
  assert.deepEqual(unmet(PUBLISHERS, { supports, capacities: { largestPacket: "8000" } }), [
    "payloads of 9000 bytes in packets of at most 8000",
  ]);
  assert.deepEqual(unmet(PUBLISHERS, { supports, capacities: { largestPacket: "at least 8000" } }), []);
});

Deno.test("unmetBy() ignores a version that the target does not speak", () => {
  assert.deepEqual(unmet(SUBSCRIBERS, { protocol: "5.0" }), []);
});
