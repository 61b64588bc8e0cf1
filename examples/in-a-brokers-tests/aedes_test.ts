/**
 * attest inside a broker's own tests: the broker runs in the test, attest runs its suites against the address, and the
 * test asserts on typed results. Run by `deno test -P examples/in-a-brokers-tests`.
 */
import { conform } from "@attest/attest";
// @ts-types="../../tools/brokers/aedes.d.ts"
import { Aedes } from "aedes";
import assert from "node:assert/strict";
import { createServer, type Server } from "node:net";

/** An aedes that listens on a free loopback port until it is disposed. */
class Listening implements AsyncDisposable {
  private constructor(readonly address: string, readonly broker: Aedes, readonly server: Server) {}

  static async start(): Promise<Listening> {
    const broker = await Aedes.createBroker({ id: "tested" });
    const server = createServer(broker.handle);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const at = server.address();
    assert.ok(at !== null && typeof at === "object");
    return new Listening(`mqtt://127.0.0.1:${at.port}`, broker, server);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await new Promise<void>((resolve) => this.broker.close(() => resolve()));
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }
}

Deno.test("this broker delivers by wildcards as MQTT 3.1.1 has it", async () => {
  await using aedes = await Listening.start();
  const result = await conform({
    targets: aedes.address,
    suites: ["mqtt/wildcards/*-matches", "mqtt/ping/answered"],
    protocols: ["3.1.1"],
  });
  const failed = result.cases.filter((one) => one.standing === "fail");
  assert.deepEqual(failed.map((one) => `${one.id}: ${one.reason ?? ""}`), []);
  assert.ok(result.totals.pass > 100, `${result.totals.pass} passed`);
  assert.equal(result.exit, 0);
});

Deno.test("what this broker is known to do otherwise is listed, and nothing else fails", async () => {
  await using aedes = await Listening.start();
  const result = await conform({
    targets: aedes.address,
    suites: ["mqtt/connect/protocol-level-is-unknown"],
    protocols: ["3.1.1"],
    expect: new URL("aedes.expect.yaml", import.meta.url).pathname,
  });
  assert.equal(result.exit, 0, result.reason);
  assert.ok(result.totals.expectedFail > 0);
});
