import { strictEqual } from "node:assert/strict";
import { dial } from "./dial.ts";
import { TransportError } from "./error.ts";
import { listen } from "./listen.ts";
import { readAll } from "./test_bytes.ts";
import { writeAll } from "./transport.ts";

/** The only socket that the tests have permission for. */
const SOCKET = "/tmp/attest-unix-test.sock";

Deno.test("a Unix socket carries bytes, and says why there is none", async () => {
  const address = { kind: "unix" as const, path: SOCKET };
  const failure = async () => {
    try {
      (await dial(address)).close();
    } catch (error) {
      if (error instanceof TransportError) return `${error.fault}: ${error.message}`;
      throw error;
    }
    throw new Error("the connection was made");
  };
  try {
    strictEqual(await failure(), `not-found: There is no socket "${address.path}"`);
    const seen = Promise.withResolvers<string>();
    const listener = await listen(address, {
      log: () => {},
      accept: (transport, from) =>
        void readAll(transport, 2).then((bytes) => seen.resolve(`${from}: ${bytes.toHex()}`)).finally(() =>
          transport.close()
        ),
    });
    using transport = await dial(address);
    await writeAll(transport, Uint8Array.of(1, 2));
    strictEqual(await seen.promise, "a client of the socket: 0102");
    strictEqual(await transport.read(new Uint8Array(1)), null);
    await listener.close();
    strictEqual(await failure(), `not-found: There is no socket "${address.path}"`);
    // For a file without a listener the system gives the same error as for the socket of a killed program.
    await Deno.writeTextFile(SOCKET, "");
    strictEqual(await failure(), `refused: There is no listener at the socket "${address.path}"`);
  } finally {
    await Deno.remove(SOCKET).catch(() => {});
  }
});
