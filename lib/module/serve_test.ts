import assert from "node:assert/strict";
import { writeAll } from "../transport/transport.ts";
import { toBinary } from "./binary.ts";
import { readResolve } from "./resolve.ts";
import { serve } from "./serve.ts";

async function hear(connection: Deno.TcpConn, expected: string): Promise<void> {
  const buffer = new Uint8Array(256);
  let heard = "";
  while (heard.length < expected.length) {
    const size = await connection.read(buffer);
    if (size === null) break;
    heard += toBinary(buffer.subarray(0, size));
  }
  assert.equal(JSON.stringify(heard), JSON.stringify(expected));
}

Deno.test("serve() names its pty and ends with the signal", async () => {
  const lines: string[] = [];
  const stop = new AbortController();
  await serve({
    signal: stop.signal,
    resolve: readResolve(["broker:1883=127.0.0.1:1"]),
    defects: ["pub-result-twice"],
    quirks: ["ping-early"],
    print: (line) => {
      lines.push(line);
      if (line.startsWith("module on")) stop.abort();
    },
  });
  assert.deepEqual(lines.slice(0, 3), [
    "defect pub-result-twice",
    "quirk ping-early",
    "broker:1883 is 127.0.0.1:1",
  ]);
  assert.match(lines[3] ?? "", /^module on \/dev\//);
});

Deno.test("serve() on TCP gives each connection a newly started module", async () => {
  const stop = new AbortController();
  const named = Promise.withResolvers<number>();
  const serving = serve({
    tcp: 0,
    signal: stop.signal,
    print: (line) => named.resolve(Number(line.split(":").at(-1))),
  });
  const port = await named.promise;
  const encode = (text: string) => new TextEncoder().encode(text);
  {
    using first = await Deno.connect({ hostname: "127.0.0.1", port });
    await writeAll(first, encode("ATE0\r"));
    await hear(first, "ATE0\r\r\nOK\r\n");
    using second = await Deno.connect({ hostname: "127.0.0.1", port });
    assert.equal(await second.read(new Uint8Array(8)), null);
  }
  for (let tries = 0;; tries++) {
    assert.ok(tries < 1000, "the module did not leave");
    using next = await Deno.connect({ hostname: "127.0.0.1", port });
    await writeAll(next, encode("AT\r")).catch(() => {});
    // The previous module may still be closing.
    const first = await next.read(new Uint8Array(1)).catch(() => null);
    if (first === null) continue;
    await hear(next, "T\r\r\nOK\r\n");
    break;
  }
  stop.abort();
  await serving;
});

Deno.test("an unknown defect or quirk and a resolve entry of another form are refused with a sentence", async () => {
  const signal = AbortSignal.abort();
  await assert.rejects(serve({ defects: ["nope"], signal, print: () => {} }), {
    message: 'Unknown defect "nope" of the virtual module',
  });
  await assert.rejects(serve({ quirks: ["nope"], signal, print: () => {} }), {
    message: 'Unknown quirk "nope" of the virtual module',
  });
  for (const entry of ["a:1", "a:1=b", "a=b:1", "a:0=b:1", "a:1=b:65536", "a:1=b:1=c:1"]) {
    assert.throws(() => readResolve([entry]), RangeError);
  }
  assert.deepEqual([...readResolve(["a:1=[::1]:2"])], [["a:1", "[::1]:2"]]);
});
