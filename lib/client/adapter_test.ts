import { equal, match, rejects } from "node:assert/strict";
import { Adapter, AdapterError } from "./adapter.ts";
import { TestAdapter } from "./test_adapter.ts";

const CONNECT = {
  do: "connect",
  client: "a",
  server: "127.0.0.1",
  port: 1883,
  protocol: "3.1.1",
  clientId: "a",
  cleanStart: true,
  keepAlive: 60,
};
const PUBLISH = { do: "publish", client: "a", topic: "t", payload: "p", qos: 1, retain: false };
const NEVER = new AbortController().signal;

/** An adapter that answers each request with `ok`, and what more `also` says. */
function obedient(
  also: (request: Record<string, unknown>) => Record<string, unknown> = () => ({}),
): TestAdapter {
  return new TestAdapter((request, adapter) => adapter.write({ id: request.id, ok: true, ...also(request) }))
    .greet();
}

Deno.test("an adapter is asked, answers by id, and tells events in their order", async () => {
  const test = new TestAdapter();
  test.greet();
  const adapter = await Adapter.begin(test.program);
  equal(adapter.hello.version, "1");
  const [connect, publish] = [adapter.ask(CONNECT), adapter.ask(PUBLISH)];
  test.write({ id: 2, ok: true, token: 7 }).write({ id: 1, ok: true });
  test.write({ on: "connected", client: "a" }).write({ on: "published", client: "a", token: 7 });
  equal("ok" in await connect, true);
  equal("ok" in await publish, true);
  equal((await adapter.next(1_000, NEVER))?.on, "connected");
  equal((await adapter.next(1_000, NEVER))?.token, 7);
  equal(await adapter.next(0, NEVER), undefined);
  await adapter.end();
});

Deno.test("an event may come before the reply that names its token", async () => {
  const test = new TestAdapter((request, adapter) => {
    if (request.do === "publish") adapter.write({ on: "published", client: "a", token: 7 });
    adapter.write({ id: request.id, ok: true, ...(request.do === "publish" ? { token: 7 } : {}) });
  }).greet();
  const adapter = await Adapter.begin(test.program);
  await adapter.ask(CONNECT);
  await adapter.ask(PUBLISH);
  equal((await adapter.next(1_000, NEVER))?.on, "published");
  await adapter.end();
});

Deno.test("a refusal and a request that the library does not have are replies", async () => {
  const test = new TestAdapter((request, adapter) =>
    adapter.write({
      id: request.id,
      ...(request.do === "connect" ? { refused: "no" } : { unsupported: "none" }),
    })
  ).greet();
  const adapter = await Adapter.begin(test.program);
  equal(JSON.stringify(await adapter.ask(CONNECT)), '{"id":1,"refused":"no"}');
  equal(JSON.stringify(await adapter.ask(PUBLISH)), '{"id":2,"unsupported":"none"}');
  await adapter.end();
});

Deno.test("a reset forgets the clients, and what still waited", async () => {
  const test = obedient();
  const adapter = await Adapter.begin(test.program);
  await adapter.ask(CONNECT);
  test.write({ on: "connected", client: "a" });
  await adapter.reset();
  equal(await adapter.next(0, NEVER), undefined);
  test.write({ on: "lost", client: "a" });
  await rejects(adapter.next(1_000, NEVER), /has reported an event of an unknown client/);
  await adapter.end();
});

/** What an adapter writes once it was asked to connect, and what the fault says. */
const FAULTS: readonly (readonly [title: string, write: (adapter: TestAdapter) => void, says: RegExp])[] = [
  [
    "a second reply",
    (a) => a.write({ id: 1, ok: true }).write({ id: 1, ok: true }),
    /has already answered request 1/,
  ],
  ["a reply to nothing", (a) => a.write({ id: 9, ok: true }), /was not asked request 9/],
  [
    "an unknown field",
    (a) => a.write({ id: 1, ok: true, more: 1 }),
    /its reply has the unknown field "more"/,
  ],
  ["ok that is false", (a) => a.write({ id: 1, ok: false }), /"ok" of its reply is false/],
  [
    "a token without need",
    (a) => a.write({ id: 1, ok: true, token: 1 }),
    /has answered connect with a token/,
  ],
  [
    "an unnamed client",
    (a) => a.write({ id: 1, ok: true }).write({ on: "connected", client: "b" }),
    /an event of an unknown client/,
  ],
  [
    "an unknown event",
    (a) => a.write({ on: "exploded", client: "a" }),
    /has told of "exploded", which is none of connected/,
  ],
  [
    "a field of another kind",
    (a) => a.write({ on: "message", client: "a", topic: "t", payload: "p", qos: "1", retain: false }),
    /"qos" of its event "message" is "1", expected a whole number/,
  ],
  ["a missing field", (a) => a.write({ on: "message", client: "a" }), /has no field "topic"/],
  [
    "odd hexadecimal",
    (a) =>
      a.write({ on: "message", client: "a", topic: "t", payload: { hex: "abc" }, qos: 0, retain: false }),
    /not hexadecimal/,
  ],
  [
    "an unknown token",
    (a) => a.write({ id: 1, ok: true }).write({ on: "published", client: "a", token: 4 }),
    /token 4, which it never gave/,
  ],
  ["not JSON", (a) => a.text("hello\u001b[2J\n"), /not JSON; it wrote hello\\u\{1b\}/],
  ["no object", (a) => a.write([1]), /has written \[1\] where an object is expected/],
  ["neither a reply nor an event", (a) => a.write({ id: 1 }), /neither a reply nor an event/],
  ["an end", (a) => a.close(), /has closed its output and ended with status 3, and said: it hurts/],
  ["a line without an end", (a) => a.text("x".repeat(5_000_000)), /a line of more than 4194304 bytes/],
  ["a flood", (a) => {
    a.write({ id: 1, ok: true });
    for (let n = 0; n < 10_001; n++) a.write({ on: "error", client: "a", text: "" });
  }, /more than 10000 things that nobody waits for/],
];

for (const [title, write, says] of FAULTS) {
  Deno.test(`the fault of an adapter is reported, with its last lines: ${title}`, async () => {
    const test = new TestAdapter((_request, adapter) => write(adapter)).greet();
    const adapter = await Adapter.begin(test.program);
    const asked = adapter.ask(CONNECT).catch(() => {});
    await new Promise((resolve) => adapter.gone.addEventListener("abort", resolve));
    await asked;
    equal(adapter.fault instanceof AdapterError, true);
    match(adapter.fault?.message ?? "", says);
    match(adapter.fault?.message ?? "", /^The adapter of test .*, and said: it hurts$/);
    await rejects(adapter.ask(CONNECT), AdapterError);
    await adapter.end();
  });
}

Deno.test("an event of another request than its token stands for is a fault", async () => {
  const test = obedient(({ do: what }) => what === "publish" ? { token: 1 } : {});
  const adapter = await Adapter.begin(test.program);
  await adapter.ask(CONNECT);
  await adapter.ask(PUBLISH);
  test.write({ on: "subscribed", client: "a", token: 1, reasons: [0] });
  await rejects(adapter.next(1_000, NEVER), /has told "subscribed" of a token of publish/);
  await adapter.end();
});

Deno.test("an adapter that is silent is a fault", async () => {
  const silent = new TestAdapter();
  await rejects(
    Adapter.begin(silent.program, { helloMs: 20 }),
    /said no hello within 20 ms, and said: it hurts/,
  );
  silent.close();
  const test = new TestAdapter().greet();
  const adapter = await Adapter.begin(test.program, { replyMs: 20, resetMs: 20 });
  await rejects(adapter.ask(CONNECT), /did not answer connect within 20 ms/);
  await adapter.end();
});

Deno.test("a wrong hello is a fault", async () => {
  await rejects(
    Adapter.begin(new TestAdapter().greet({ adapter: 2 }).program),
    /"adapter" of its hello is 2/,
  );
  await rejects(
    Adapter.begin(new TestAdapter().greet({ supports: ["magic"] }).program),
    /is "magic", expected/,
  );
});
