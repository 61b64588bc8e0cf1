import assert from "node:assert/strict";
import { nearest, suggest } from "./nearest.ts";

Deno.test("nearest() finds a word with letters missing, wrong, swapped or in the other case", () => {
  const words = ["PUBLISH", "PUBACK", "wait", "keepAlive", "clientId"];
  assert.equal(nearest("PUBLSH", words), "PUBLISH");
  assert.equal(nearest("publish", words), "PUBLISH");
  assert.equal(nearest("wiat", words), "wait");
  assert.equal(nearest("keepalive", words), "keepAlive");
  assert.equal(nearest("client", words), "clientId");
});

Deno.test("nearest() finds nothing where nothing is near", () => {
  assert.equal(nearest("tomorrow", ["PUBLISH", "wait"]), undefined);
  assert.equal(nearest("c", ["a", "b"]), undefined);
  assert.equal(nearest("x".repeat(1_000), ["x".repeat(999)]), undefined);
});

Deno.test("suggest() lists the choices where none is near and they are few", () => {
  assert.equal(suggest("PUBLSH", ["PUBLISH", "PUBACK"]), "did you mean PUBLISH?");
  assert.equal(suggest("tomorrow", ["must", "should"]), "one of: must, should");
  assert.equal(suggest("tomorrow", ["within"]), "only within");
  assert.equal(suggest("tomorrow", []), undefined);
  assert.equal(suggest("tomorrow", Array.from({ length: 17 }, (_, n) => `${n}`)), undefined);
});
