import assert from "node:assert/strict";
import { DelayedTransport } from "./delayed.ts";
import type { Sleep } from "./delay_line.ts";
import { listen } from "./listen.ts";
import { noise, readAll } from "./test_bytes.ts";
import { type Transport, writeAll } from "./transport.ts";

/** A clock that advances only when moved, and then wakes sleepers. */
class HandClock {
  #now = 0;
  readonly #sleepers = new Set<() => void>();
  readonly now = () => this.#now;
  readonly sleep: Sleep = (ms, signal) =>
    new Promise((resolve) => {
      const until = this.#now + ms;
      const look = () => {
        if (this.#now < until && !signal.aborted) return;
        this.#sleepers.delete(look);
        resolve();
      };
      this.#sleepers.add(look);
      signal.addEventListener("abort", look);
      look();
    });

  move(ms: number): void {
    this.#now += ms;
    for (const look of [...this.#sleepers]) look();
  }
}

/** A connection whose broker end is delayed by 100 ms each way, with its clock. */
async function delayedPair(): Promise<
  { client: Deno.TcpConn; server: DelayedTransport; clock: HandClock } & AsyncDisposable
> {
  const clock = new HandClock();
  const accepted = Promise.withResolvers<Transport>();
  const listener = await listen({ kind: "mqtt", host: "127.0.0.1", port: 0 }, {
    log: () => {},
    accept: (transport) => accepted.resolve(transport),
  });
  const { address } = listener;
  if (address.kind !== "mqtt") throw new Error("no TCP");
  const client = await Deno.connect({ hostname: address.host, port: address.port });
  const server = new DelayedTransport(await accepted.promise, 200, clock.now, clock.sleep);
  return {
    client,
    server,
    clock,
    async [Symbol.asyncDispose]() {
      server.close();
      clock.move(100);
      await server.ended();
      try {
        client.close();
      } catch {
        // The test has closed it.
      }
      await listener.close();
    },
  };
}

/** Waits until received data has been processed. */
const turn = () => new Promise((resolve) => setTimeout(resolve, 20));

Deno.test("a delayed connection returns received bytes half a round trip later, in order", async () => {
  await using pair = await delayedPair();
  const { client, server, clock } = pair;
  await writeAll(client, Uint8Array.of(1));
  let read = "";
  const reading = readAll(server, 3).then((bytes) => read = bytes.toHex());
  await turn();
  assert.equal(read, "");
  clock.move(60);
  await writeAll(client, Uint8Array.of(2, 3));
  await turn();
  clock.move(50);
  await turn();
  assert.equal(read, "");
  clock.move(60);
  await reading;
  assert.equal(read, "010203");
});

Deno.test("a delayed connection sends written bytes in order, with the close after them", async () => {
  await using pair = await delayedPair();
  const { client, server, clock } = pair;
  const bytes = noise(200_000);
  await writeAll(server, bytes);
  server.close();
  let got: Uint8Array | undefined;
  const reading = readAll(client, bytes.length + 1).then((all) => got = all);
  await turn();
  assert.equal(got, undefined);
  clock.move(100);
  await reading;
  assert.deepEqual(got, bytes);
});

Deno.test("the client's close comes after its bytes", async () => {
  await using pair = await delayedPair();
  const { client, server, clock } = pair;
  await writeAll(client, Uint8Array.of(7, 8));
  client.close();
  const reading = (async () => [await readAll(server, 2), await server.read(new Uint8Array(1))] as const)();
  await turn();
  clock.move(100);
  const [bytes, end] = await reading;
  assert.deepEqual([bytes.toHex(), end], ["0708", null]);
});

Deno.test("a delayed connection holds a bounded number of bytes", async () => {
  await using pair = await delayedPair();
  const { client, server, clock } = pair;
  const chunk = new Uint8Array(64 * 1024);
  let written = 0;
  const writing = (async () => {
    for (let n = 0; n < 100; n++) written += await server.write(chunk);
  })();
  await turn();
  assert.equal(written, 4 * 1024 * 1024);
  const reading = readAll(client, 100 * chunk.length);
  clock.move(100);
  await turn();
  clock.move(100);
  await writing;
  clock.move(100);
  assert.equal((await reading).length, 100 * chunk.length);
});

Deno.test("writing to a delayed connection fails once the far end has reset it", async () => {
  await using pair = await delayedPair();
  const { client, server, clock } = pair;
  client.close();
  await assert.rejects(async () => {
    for (let n = 0; n < 100; n++) {
      await server.write(Uint8Array.of(1));
      clock.move(100);
      await turn();
    }
  });
});
