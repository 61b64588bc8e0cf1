import assert from "node:assert/strict";
import { describe } from "../../mqtt/describe.ts";
import { dial } from "../../transport/dial.ts";
import { Played, polite } from "../test_broker.ts";
import { cleanUp, type Leavings } from "./clean_up.ts";

/** Runs a clean-up on a broker that the test plays. Returns what it receives on each connection. */
async function cleaned(more: Partial<Leavings>): Promise<readonly string[]> {
  const heard = new Map<unknown, string[]>();
  await using broker = new Played((packet, link) => {
    heard.set(link, [...heard.get(link) ?? [], describe(packet)]);
    return polite(packet);
  });
  const address = { kind: "mqtt", host: "127.0.0.1", port: broker.port } as const;
  await cleanUp({
    version: "3.1.1",
    connect: (signal) => dial(address, { signal }),
    sessions: [],
    retained: [],
    delayMs: 0,
    clientId: "cleaner",
    signal: new AbortController().signal,
    ...more,
  });
  return [...heard.values()].map((packets) => packets.join(", ")).sort();
}

Deno.test("a case that left nothing opens no connection", async () => {
  assert.deepEqual(await cleaned({}), []);
});

Deno.test("each kept session is replaced by a clean one of its own id", async () => {
  assert.deepEqual(await cleaned({ sessions: ["a1", "a2"] }), [
    'CONNECT level=4 "a1" clean keepAlive=10, DISCONNECT',
    'CONNECT level=4 "a2" clean keepAlive=10, DISCONNECT',
  ]);
});

Deno.test("retained messages are cleared by empty ones, on one connection and by its credentials", async () => {
  const credentials = { userName: "u", password: "secret" };
  assert.deepEqual(await cleaned({ retained: ["attest/1", "attest/1/b"], credentials }), [
    'CONNECT level=4 "cleaner" clean keepAlive=10 user="u" password, ' +
    'PUBLISH q0 retain "attest/1" "", PUBLISH q0 retain "attest/1/b" "", DISCONNECT',
  ]);
});

Deno.test("a broker that cannot be reached, or closes at once, ends the clean-up without an error", async () => {
  const connect = () => Promise.reject(new Error("connection refused"));
  assert.deepEqual(await cleaned({ sessions: ["a1"], retained: ["attest/1"], connect }), []);

  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const closing = (async () => (await listener.accept()).close())();
  const address = { kind: "mqtt", host: "127.0.0.1", port: listener.addr.port } as const;
  await cleaned({ sessions: ["a1"], connect: (signal) => dial(address, { signal }) });
  await closing;
});
