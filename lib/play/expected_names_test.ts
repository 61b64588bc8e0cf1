import assert from "node:assert/strict";
import { stepsOf } from "../suite/test_suite.ts";
import { expectedNames } from "./expected_names.ts";

Deno.test("the expected packets and prefixes are named at any depth of steps", async () => {
  const mqtt = await stepsOf([
    "c -> CONNECT",
    "c <- CONNACK",
    "all: [c <- SUBACK, c <- one of: [PUBLISH, closed]]",
    "repeat: { times: 2, steps: [c -> PINGREQ, c <- PINGRESP] }",
    "c <- nothing",
  ]);
  assert.deepEqual([...expectedNames(mqtt)].sort(), ["CONNACK", "PINGRESP", "PUBLISH", "SUBACK"]);
  const at = await stepsOf(["dte -> AT+ECMTCONN?", "dte <- +ECMTCONN: [0, 3]", "dte <- OK"], "at");
  assert.deepEqual([...expectedNames(at)], ["+ECMTCONN"]);
  assert.deepEqual([...expectedNames([])], []);
});
