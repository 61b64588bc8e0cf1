import assert from "node:assert/strict";
import { featureHint, FEATURES, isFeature } from "./features.ts";

Deno.test("isFeature() knows every feature, and words of the user's own", () => {
  assert.ok(FEATURES.every(({ name }) => isFeature(name)));
  assert.ok(isFeature("x-bridge"));
  assert.ok(!isFeature("x-"));
  assert.ok(!isFeature("qos3"));
});

Deno.test("featureHint() names the nearest feature, or how a word of one's own begins", () => {
  assert.equal(featureHint("retaned"), "did you mean retained?");
  assert.equal(featureHint("anything"), "a feature of your own begins with x-");
});
