import assert from "node:assert/strict";
import { masked } from "./run_parts.ts";

Deno.test("secrets of the command line are masked in the record", () => {
  assert.equal(masked("brokerPassword=s3cret"), "brokerPassword=***");
  assert.equal(masked("--set=apiToken=a=b\nc"), "--set=apiToken=***");
  assert.equal(masked("openFailed=-1"), "openFailed=-1");
  assert.equal(masked("mqtt/password"), "mqtt/password");
});
