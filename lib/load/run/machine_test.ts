import assert from "node:assert/strict";
import { cpuSecondsOf, limitsOf, ownCpuSeconds, readMachine } from "./machine.ts";

Deno.test("limitsOf() says what is known of a machine", () => {
  assert.deepEqual(limitsOf({}), {});
  assert.deepEqual(
    limitsOf({ cpu: "A chip", descriptors: 1_024, ports: { from: 1, to: 9 }, memory: 2_500_000_000 }),
    { cpu: "A chip", descriptors: "1024", ports: "1-9", memory: "2500 MB" },
  );
});

Deno.test(
  "readMachine() reads the limits of this machine",
  { ignore: Deno.build.os !== "linux" },
  async () => {
    const { descriptors, ports, memory, kernel } = await readMachine();
    assert.ok((descriptors ?? 0) > 0);
    assert.ok((ports?.to ?? 0) > (ports?.from ?? Infinity));
    assert.ok((memory ?? 0) > 1_000_000);
    assert.match(kernel ?? "", /^\d+\./);
  },
);

Deno.test("CPU times are read, and unknown for a process that is not there", async () => {
  assert.ok(ownCpuSeconds() > 0);
  assert.equal(await cpuSecondsOf(2 ** 30), undefined);
});
