import assert from "node:assert/strict";
import { Broker } from "../../broker/broker.ts";
import { targetOfAddress } from "../../target/reach.ts";
import { loadTarget, type TargetFile } from "../../target/target_file.ts";
import { loadBroker, placeText } from "./load_broker.ts";

const SIGNAL = new AbortController().signal;

function targetOf(text: string): TargetFile {
  const { target } = loadTarget(`target: own\ntitle: Own\n${text}\n`, "own.yaml");
  assert.ok(target);
  return target;
}

Deno.test("a broker is reached at its address", async () => {
  await using reference = await Broker.start();
  const address = `mqtt://127.0.0.1:${reference.address.port}`;
  await using broker = await loadBroker(targetOfAddress(address), SIGNAL);
  assert.deepEqual([placeText(broker.place), broker.pid], [address, undefined]);
});

Deno.test("a module is not a broker, and the reference broker accepts a load over mqtt only", async () => {
  await assert.rejects(
    loadBroker(targetOf("tests: module\nstart: { embedded: virtual-module }"), SIGNAL),
    /The target "own" is a module; a load needs a broker/,
  );
  await assert.rejects(
    loadBroker(targetOf("tests: broker\nstart: { embedded: reference-broker, over: ws }"), SIGNAL),
    /only over mqtt, and the target "own" says ws/,
  );
});

Deno.test("the reference broker runs in a process of its own and ends with the load", async () => {
  const broker = await loadBroker(targetOf("tests: broker\nstart: { embedded: reference-broker }"), SIGNAL);
  assert.ok(broker.pid !== undefined && broker.pid !== Deno.pid);
  const { address } = broker.place;
  assert.equal(address.kind, "mqtt");
  await broker[Symbol.asyncDispose]();
  if (address.kind === "mqtt") {
    await assert.rejects(
      Deno.connect({ hostname: address.host, port: address.port }),
      Deno.errors.ConnectionRefused,
    );
  }
});
