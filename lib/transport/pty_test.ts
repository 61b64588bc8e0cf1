import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { openPty } from "./pty.ts";
import { SerialPort } from "./serial.ts";
import { noise, readAll } from "./test_bytes.ts";
import { writeAll } from "./transport.ts";

Deno.test("a pty and a serial port on it carry 100 kB of all byte values, both ways at once", async () => {
  const { master, path } = openPty();
  using device = master;
  using port = SerialPort.open(path);
  const data = noise(100_000);
  const [there, back] = await Promise.all([
    readAll(port, data.length),
    readAll(device, data.length),
    writeAll(device, data),
    writeAll(port, data),
  ]);
  deepStrictEqual(there, data);
  deepStrictEqual(back, data);
});

Deno.test("a pty's line stays up while hosts come and go", async () => {
  const { master, path } = openPty();
  using device = master;
  for (const text of ["one", "two"]) {
    using port = SerialPort.open(path);
    await writeAll(port, new TextEncoder().encode(text));
    strictEqual(new TextDecoder().decode(await readAll(device, 3)), text);
  }
});

Deno.test("a serial port reads null when the line hangs up, and a write fails", async () => {
  const { master, path } = openPty();
  using port = SerialPort.open(path);
  const reading = port.read(new Uint8Array(10));
  master.close();
  strictEqual(await reading, null);
  strictEqual(await port.read(new Uint8Array(10)), null);
  const failure = await port.write(Uint8Array.of(1)).catch((error: unknown) => error);
  strictEqual(String(failure), `TransportError: The serial port "${path}" hung up`);
});

Deno.test("close() ends a pending read, and a pending write", async () => {
  const { master, path } = openPty();
  using port = SerialPort.open(path);
  const reading = port.read(new Uint8Array(10));
  const writing = writeAll(port, noise(1_000_000)).catch((error: unknown) => error);
  port.close();
  port.close();
  strictEqual(await reading, null);
  strictEqual(String(await writing), `TransportError: The serial port "${path}" is closed here`);
  const deviceReads = readAll(master, 10_000_000);
  master.close();
  ok((await deviceReads).length < 1_000_000);
});
