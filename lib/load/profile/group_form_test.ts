import assert from "node:assert/strict";
import { groupForm } from "./group_form.ts";
import { readForm } from "./test_form.ts";

function group(text: string) {
  const { value, mistakes } = readForm(groupForm(), text);
  assert.deepEqual(mistakes, []);
  assert.ok(value);
  return value;
}

function mistakes(text: string): readonly string[] {
  return readForm(groupForm(), text).mistakes.map((one) => one.replace(/^\S+ /, ""));
}

const PUBLISH = "publish: { topic: t, rate: 1 }";
const SUBSCRIBE = "subscribe: [{ filter: t }]";

Deno.test("a rate per client is that of the whole group", () => {
  const rate = (text: string) =>
    group(`{ group: g, role: publish, clients: 4, publish: { topic: t, ${text} } }`).publish?.rate;
  assert.deepEqual([rate("rate: 10"), rate("rate-per-client: 10"), rate("qos: 1")], [10, 40, undefined]);
});

Deno.test("durations become the units of the protocol", () => {
  const { keepAlive, sessionExpiry, online } = group(
    "{ group: g, role: idle, clients: 1, keep-alive: 1500ms, session-expiry: 2m, online: [{ from: 1s, until: 2s, leave: cut }] }",
  );
  assert.deepEqual([keepAlive, sessionExpiry], [2, 120]);
  assert.deepEqual(online, [{ fromMs: 1_000, untilMs: 2_000, leave: "cut" }]);
});

Deno.test("only a churning group churns, by default its connection", () => {
  assert.deepEqual(group("{ group: g, role: churn, clients: 1 }").churn, {
    what: "connection",
    upMs: 1_000,
    downMs: 1_000,
  });
  assert.equal(group("{ group: g, role: idle, clients: 1 }").churn, undefined);
  assert.deepEqual(mistakes("{ group: g, role: idle, clients: 1, churn: { up: 1s } }"), [
    "a churn in a group with the role idle",
  ]);
});

Deno.test("a role needs what it does, and does nothing else", () => {
  const cases: readonly (readonly [role: string, keys: string, found: readonly string[]])[] = [
    ["publish", PUBLISH, []],
    ["both", `${PUBLISH}, ${SUBSCRIBE}`, []],
    ["publish", SUBSCRIBE, [
      'a group with the role publish without "publish"',
      "a subscription of a group with the role publish",
    ]],
    ["both", PUBLISH, ['a group with the role both without "subscribe"']],
    ["respond", SUBSCRIBE, ['a group with the role respond without "publish"']],
    ["idle", PUBLISH, ["something to publish in a group with the role idle"]],
  ];
  for (const [role, keys, found] of cases) {
    assert.deepEqual(mistakes(`{ group: g, role: ${role}, clients: 1, ${keys} }`), found, `${role}: ${keys}`);
  }
});

Deno.test("times online follow each other", () => {
  const online = (text: string) => mistakes(`{ group: g, role: idle, clients: 1, online: [${text}] }`);
  assert.deepEqual(online("{ until: 1s }, { from: 1s }"), []);
  assert.deepEqual(online("{ until: 2s }, { from: 1s }"), ["times online that overlap or are out of order"]);
  assert.deepEqual(online("{ from: 1s }, { from: 3s }"), ["times online that overlap or are out of order"]);
  assert.deepEqual(online("{ from: 2s, until: 1s }"), ["a time that ends before it begins"]);
});

Deno.test("several topics have to differ", () => {
  const topics = (topic: string) =>
    mistakes(`{ group: g, role: publish, clients: 1, publish: { topic: ${topic}, topics: 2, rate: 1 } }`);
  assert.deepEqual(topics("t/$topic"), []);
  assert.deepEqual(topics("t"), ["several topics that are all the same"]);
});

Deno.test("a lifetime has a length, or a share that ends each minute, and fits every role except churn", () => {
  const idle = (more: string) => `{ group: g, role: idle, clients: 1, lifetime: { ${more} } }`;
  assert.deepEqual(group(idle("per-minute: 1%")).lifetime, {
    up: { kind: "exponential", meanMs: 6_000_000 },
    down: { kind: "fixed", ms: 1_000 },
    leave: "disconnect",
  });
  assert.deepEqual(group(idle("up: { from: 1s, to: 2s }, down: 3s, leave: cut")).lifetime, {
    up: { kind: "even", fromMs: 1_000, toMs: 2_000 },
    down: { kind: "fixed", ms: 3_000 },
    leave: "cut",
  });
  assert.deepEqual(mistakes(idle("down: 1s, leave: cut")), ["a lifetime without a length"]);
  assert.deepEqual(mistakes(idle("up: 1s, per-minute: 1%")), ["a lifetime with up and per-minute"]);
  assert.deepEqual(mistakes("{ group: g, role: churn, clients: 1, lifetime: { up: 1s } }"), [
    "a lifetime in a group with the role churn",
  ]);
});

Deno.test("messages are spread evenly, with jitter or at random, and only a responder has a think time", () => {
  const arrivals = (more: string) =>
    group(`{ group: g, role: publish, clients: 1, publish: { topic: t, rate: 1${more} } }`).publish?.arrivals;
  assert.deepEqual(arrivals(""), { kind: "even" });
  assert.deepEqual(arrivals(", arrivals: poisson"), { kind: "poisson" });
  assert.deepEqual(arrivals(", jitter: 50%"), { kind: "jitter", share: 0.5 });
  const bad = (more: string) =>
    mistakes(`{ group: g, role: publish, clients: 1, publish: { topic: t, rate: 1, ${more} } }`);
  assert.deepEqual(bad("arrivals: poisson, jitter: 5%"), ["a jitter of random arrivals"]);
  assert.deepEqual(bad("jitter: 200%"), ["a jitter of more than 100%"]);
  assert.deepEqual(mistakes("{ group: g, role: idle, clients: 1, think: 5ms }"), [
    "a think time in a group with the role idle",
  ]);
});

Deno.test("a certificate for each client is issued, or has a path with the number of the client", () => {
  const idle = (more: string) => `{ group: g, role: idle, clients: 1, certificate: { ${more} } }`;
  assert.deepEqual(group(idle("issued: true")).certificate, { kind: "issued" });
  assert.deepEqual(group(idle("file: c/$client.pem, key: k.key")).certificate, {
    kind: "files",
    certificate: ["c/", { word: "client" }, ".pem"],
    key: ["k.key"],
  });
  const incomplete = "a certificate without its two files";
  assert.equal(group(idle("issued: false")).certificate, undefined);
  assert.deepEqual(mistakes(idle("file: c/$client.pem")), [incomplete]);
  assert.deepEqual(mistakes(idle("issued: true, file: c, key: k")), [
    "a certificate that is issued, and a file",
  ]);
  assert.deepEqual(mistakes(idle("file: c.pem, key: k.key")), ["one certificate for all clients"]);
});

Deno.test("an end by messages counts those of each client or of all, in a group that receives", () => {
  const subscribe = (ends: string) =>
    `{ group: g, role: subscribe, clients: 1, ${SUBSCRIBE}, ends-after: ${ends} }`;
  assert.deepEqual(group(subscribe("{ each: 2 }")).endsAfter, { each: 2 });
  assert.deepEqual(group(subscribe("{ all: 3 }")).endsAfter, { all: 3 });
  assert.deepEqual(mistakes(subscribe("{ each: 1, all: 2 }")), ["an end by each and by all"]);
  assert.deepEqual(mistakes("{ group: g, role: idle, clients: 1, ends-after: { each: 1 } }"), [
    "an end by messages of a group that subscribes to none",
  ]);
});
