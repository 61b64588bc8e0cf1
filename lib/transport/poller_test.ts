import assert from "node:assert/strict";
import { writeAll } from "./transport.ts";
import { openPty } from "./pty.ts";
import { SerialPort } from "./serial.ts";

Deno.test("a line is heard however many others are waited for", async () => {
  const ptys = Array.from({ length: 40 }, () => openPty());
  const ports = ptys.map(({ path }) => SerialPort.open(path));
  // More waits than threads for blocking calls.
  const waits = [...ptys.map(({ master }) => master), ...ports].map((one) => one.read(new Uint8Array(8)));
  for (const [index, { master }] of ptys.entries()) {
    await writeAll(master, Uint8Array.of(index));
    assert.equal(await waits[ptys.length + index], 1);
  }
  for (const one of [...ports, ...ptys.map(({ master }) => master)]) one.close();
  assert.deepEqual(new Set(await Promise.all(waits)), new Set([null, 1]));
});
