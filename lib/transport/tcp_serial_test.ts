import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { openPty } from "./pty.ts";
import { connectTcp } from "./tcp.ts";
import { connectTcpSerial } from "./tcp_serial.ts";
import { readAll } from "./test_bytes.ts";
import { type Transport, writeAll } from "./transport.ts";

const SER2NET = "/usr/sbin/ser2net";

async function installed(): Promise<boolean> {
  try {
    await new Deno.Command(SER2NET, { args: ["-v"], stdout: "null", stderr: "null" }).output();
    return true;
  } catch {
    console.log("skipped: ser2net is not installed here");
    return false;
  }
}

/** Connects once the server listens; the server does not report when that is. */
async function whenListening(port: number): Promise<Transport> {
  const until = performance.now() + 5_000;
  for (;;) {
    try {
      return await connectTcpSerial("127.0.0.1", port);
    } catch (error) {
      if (performance.now() > until) throw error;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }
}

Deno.test({
  name: "connectTcpSerial() reaches a serial line through ser2net, 100 kB both ways, and sees it close",
  ignore: !await installed(),
  async fn() {
    const { master, path } = openPty();
    using device = master;
    const free = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const { port } = free.addr;
    free.close();
    const config = await Deno.makeTempFile({ suffix: ".yaml" });
    await Deno.writeTextFile(
      config,
      `connection: &line\n  accepter: tcp,127.0.0.1,${port}\n  connector: serialdev,${path},115200n81,local\n`,
    );
    const server = new Deno.Command(SER2NET, { args: ["-n", "-c", config], stdout: "null", stderr: "null" })
      .spawn();
    try {
      using line = await whenListening(port);
      const data = Uint8Array.from({ length: 100_000 }, (_, i) => (i * 131 + (i >> 8)) & 0xff);
      // The server discards what the line sends before it has opened the line, so the host sends first.
      await writeAll(line, Uint8Array.of(0x41));
      strictEqual((await readAll(device, 1))[0], 0x41);
      const [there, back] = await Promise.all([
        readAll(device, data.length),
        readAll(line, data.length),
        writeAll(line, data),
        writeAll(device, data),
      ]);
      deepStrictEqual(there, data);
      deepStrictEqual(back, data);
      server.kill("SIGKILL");
      await server.status;
      strictEqual(await line.read(new Uint8Array(1)).catch(() => null), null);
      strictEqual(await connectTcp("127.0.0.1", port).catch(() => null), null);
    } finally {
      try {
        server.kill("SIGKILL");
      } catch {
        // It has already exited.
      }
      await server.status;
      await Deno.remove(config);
    }
  },
});
