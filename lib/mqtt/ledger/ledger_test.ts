import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { decodeOne, Decoder } from "../decode.ts";
import { encode } from "../encode.ts";
import type { Draft, ProtocolVersion } from "../packet.ts";
import type { SenderRole } from "../rules.ts";
import { Ledger, type LedgerOptions, type LedgerPage } from "./ledger.ts";
import {
  ack,
  CONNACK,
  CONNECT,
  DUP,
  PINGREQ,
  properties,
  q1,
  q2,
  suback,
  subscribe,
} from "./testdata/breach.ts";

/** A 5.0 ledger at the client, with a server that assigns no subscriptions. */
function ledgerOf(options: Partial<LedgerOptions> = {}): Ledger {
  return new Ledger({ at: "client", version: "5.0", assignsSubscriptions: false, ...options });
}

/** Records a packet on a page and returns the rules that it breaks. */
function put(page: LedgerPage, by: SenderRole, draft: Draft, version: ProtocolVersion = "5.0"): string[] {
  return page.recordFrame(by, decodeOne(encode(draft, version), version), 0).map(({ rule }) => rule);
}

/** An open connection of this client. */
function opened(ledger: Ledger, clientId = "c", more: object = {}, connack: object = {}): LedgerPage {
  const page = ledger.opened(0);
  put(page, "client", { ...CONNECT, type: "CONNECT", clientId, ...more });
  put(page, "server", { ...CONNACK, type: "CONNACK", ...connack });
  return page;
}

const KEPT = { cleanStart: false, properties: properties(["sessionExpiryInterval", 100]) };
const PRESENT = { sessionPresent: true };

Deno.test("check() records nothing", () => {
  const page = opened(ledgerOf());
  const frame = decodeOne(encode(q1(1), "5.0"), "5.0");
  if (frame.kind !== "packet") throw new Error("it is a packet");
  for (let time = 0; time < 3; time++) deepStrictEqual(page.check("client", frame.packet, 10, 0), []);
  deepStrictEqual(put(page, "server", ack("PUBACK", 1)), ["puback-unasked"]);
});

Deno.test("a violation has its clause, its place, and a sentence with the numbers", () => {
  const page = opened(ledgerOf());
  put(page, "client", q1(7));
  const [found] = page.recordFrame("client", decodeOne(encode(q1(7, "b"), "5.0"), "5.0"), 0);
  deepStrictEqual(found, {
    rule: "packet-id-in-use",
    clause: "MQTT-2.2.1-3",
    offset: 5,
    message: "The packet id 7 of this PUBLISH is still in use: a QoS 1 PUBLISH has no PUBACK yet",
  });
});

Deno.test("a session is found again by its client identifier, whichever connection it goes on with", () => {
  const ledger = ledgerOf();
  const first = opened(ledger, "c", KEPT);
  put(first, "client", subscribe(1, ["t"]));
  put(first, "server", suback(1, 1));
  first.closed();
  const other = opened(ledger, "d");
  deepStrictEqual(put(other, "server", { type: "PUBLISH", topic: "t" }), ["delivery-unsubscribed"]);
  const second = opened(ledger, "c", KEPT, PRESENT);
  deepStrictEqual(put(second, "server", { type: "PUBLISH", topic: "t" }), []);
  deepStrictEqual(put(second, "server", { type: "PUBLISH", topic: "u" }), ["delivery-unsubscribed"]);
});

Deno.test("a client without an identifier is found again by the one that it was assigned", () => {
  const ledger = ledgerOf();
  const assigned = { properties: properties(["assignedClientIdentifier", "x"]) };
  const first = opened(ledger, "", KEPT, assigned);
  put(first, "client", q1(1));
  first.closed();
  const second = opened(ledger, "x", KEPT, PRESENT);
  deepStrictEqual(put(second, "client", q1(1, "b", DUP)), ["resent-with-other-content"]);
});

Deno.test("a session that another connection takes over while it is in use is not judged", () => {
  const ledger = ledgerOf();
  const first = opened(ledger, "c", KEPT);
  put(first, "client", q1(1));
  const second = opened(ledger, "c", KEPT, PRESENT);
  deepStrictEqual(put(second, "server", ack("PUBACK", 9)), []);
  deepStrictEqual(put(second, "server", { type: "PUBLISH", topic: "u" }), []);
  // Further packets on the older connection are not part of the session.
  deepStrictEqual(put(first, "server", ack("PUBACK", 1)), []);
  deepStrictEqual(put(first, "server", { type: "DISCONNECT", reason: 0x8e }), []);
  const third = opened(ledger, "c");
  deepStrictEqual(put(third, "server", ack("PUBACK", 9)), ["puback-unasked"]);
});

Deno.test("a session that began before the ledger is judged only by what the ledger has seen of it", () => {
  const page = opened(ledgerOf(), "c", KEPT, PRESENT);
  deepStrictEqual(put(page, "server", ack("PUBACK", 9)), []);
  deepStrictEqual(put(page, "server", q1(1, "a", DUP)), []);
  deepStrictEqual(put(page, "server", q1(1, "b")), ["packet-id-in-use"]);
});

Deno.test("unreadable bytes make their sender uncertain until a new session begins", () => {
  const ledger = ledgerOf();
  const page = opened(ledger, "c", KEPT);
  put(page, "client", q1(1));
  page.uncertain("server", 0);
  deepStrictEqual(put(page, "client", q1(1, "b")), []);
  deepStrictEqual(put(page, "server", ack("PUBACK", 5)), []);
  deepStrictEqual(put(page, "server", { type: "PINGRESP" }), []);
  // What only one end announced is kept.
  deepStrictEqual(put(page, "server", CONNACK), []);
  page.closed();
  const next = opened(ledger);
  deepStrictEqual(put(next, "server", ack("PUBACK", 5)), ["puback-unasked"]);
});

Deno.test("a malformed frame, or a packet that the near end broke on purpose, makes its sender uncertain", () => {
  for (const wire of [{ truncate: 3, remainingLength: 1 }, { flags: 0 }]) {
    const page = opened(ledgerOf());
    const bytes = encode({ ...subscribe(1, ["t"]), type: "SUBSCRIBE", wire }, "5.0");
    page.recordFrame("client", decodeOne(bytes, "5.0"), 0);
    deepStrictEqual(put(page, "server", suback(1, 2, 2)), []);
    deepStrictEqual(put(page, "server", { type: "PUBLISH", topic: "u" }), []);
  }
});

Deno.test("recordFrame() does not repeat what the decoder has reported", () => {
  const page = opened(ledgerOf());
  const decoder = new Decoder({ version: "5.0", maximumPacketSize: 1000 });
  decoder.push(encode(CONNECT, "5.0"));
  decoder.next();
  const draft: Draft = { type: "PUBLISH", topic: "t", properties: properties(["subscriptionIdentifier", 1]) };
  decoder.push(encode(draft, "5.0"));
  const frame = decoder.next();
  if (frame?.kind !== "packet") throw new Error("it is a packet");
  deepStrictEqual(frame.violations.map(({ rule }) => rule), ["property-misplaced"]);
  deepStrictEqual(page.recordFrame("client", frame, 0), []);
  deepStrictEqual(page.check("client", frame.packet, 10, 0).map(({ rule }) => rule), [
    "subscription-identifier-from-client",
  ]);
});

Deno.test("forget() leaves nothing certain of a session", () => {
  const ledger = ledgerOf();
  const page = opened(ledger, "c", KEPT);
  put(page, "server", q1(1));
  ledger.forget();
  deepStrictEqual(put(page, "server", q1(1, "b")), []);
});

Deno.test("a server that may assign subscriptions may deliver anything", () => {
  const page = opened(ledgerOf({ assignsSubscriptions: true }));
  deepStrictEqual(put(page, "server", q1(1, "a", { retain: true })), []);
  const strict = opened(ledgerOf());
  deepStrictEqual(put(strict, "server", q1(1, "a", { retain: true })), ["delivery-unsubscribed"]);
});

Deno.test("announced() returns what an end has announced, with the standard's defaults for the rest", () => {
  const page = ledgerOf().opened(0);
  strictEqual(page.announced("client"), undefined);
  put(page, "client", {
    type: "CONNECT",
    clientId: "c",
    keepAlive: 9,
    properties: properties(["receiveMaximum", 3]),
  });
  strictEqual(page.announced("server"), undefined);
  put(page, "server", { type: "CONNACK", properties: properties(["maximumQoS", 1], ["retainAvailable", 0]) });
  const defaults = {
    receiveMaximum: 65_535,
    maximumPacketSize: Infinity,
    topicAliasMaximum: 0,
    maximumQoS: 2,
    retainAvailable: true,
    wildcardSubscriptionAvailable: true,
    subscriptionIdentifierAvailable: true,
    sharedSubscriptionAvailable: true,
    keepAlive: undefined,
  };
  deepStrictEqual(page.announced("client"), { ...defaults, receiveMaximum: 3, keepAlive: 9 });
  deepStrictEqual(page.announced("server"), { ...defaults, maximumQoS: 1, retainAvailable: false });
});

Deno.test("overdue() reports a silence that no packet ends", () => {
  const page = ledgerOf({ graceMs: 0 }).opened(0);
  put(page, "client", { type: "CONNECT", clientId: "c", keepAlive: 2 });
  put(page, "server", CONNACK);
  deepStrictEqual(page.overdue(2000), []);
  deepStrictEqual(page.overdue(2001).map(({ rule, message }) => [rule, message]), [
    ["keep-alive-exceeded", "The client was silent for 2.0 s; its Keep Alive is 2 s"],
  ]);
  put(page, "client", PINGREQ);
  page.closed();
  deepStrictEqual(page.overdue(9000), []);
});

Deno.test("a far client must obey a CONNACK once it has acknowledged a later packet", () => {
  const page = opened(ledgerOf({ at: "server", crossingMs: Infinity }), "c", {}, {
    properties: properties(["maximumQoS", 0]),
  });
  deepStrictEqual(put(page, "client", q1(1)), []);
  put(page, "client", subscribe(2, ["t"]));
  put(page, "server", q1(1));
  deepStrictEqual(put(page, "client", ack("PUBACK", 1)), []);
  deepStrictEqual(put(page, "client", q1(3)), ["maximum-qos-exceeded"]);
});

Deno.test("CONNECT sets the version by which the connection is judged", () => {
  const page = ledgerOf().opened(0);
  put(page, "client", CONNECT, "3.1.1");
  put(page, "server", CONNACK, "3.1.1");
  deepStrictEqual(put(page, "server", { type: "DISCONNECT" }, "3.1.1"), ["server-disconnect"]);
});

Deno.test("a ledger that has reached its limits reports nothing", () => {
  const ledger = ledgerOf();
  for (let n = 0; n < 3000; n++) opened(ledger, `client ${n}`).closed();
  const page = opened(ledger);
  for (let n = 0; n < 3000; n++) {
    put(page, "client", subscribe(1, [`t/${n}`]));
    put(page, "server", suback(1, 0));
  }
  deepStrictEqual(put(page, "server", { type: "PUBLISH", topic: "t/2999" }), []);
  deepStrictEqual(put(page, "server", { type: "PUBLISH", topic: "other" }), []);
});

Deno.test("repeats() recognizes an unanswered packet that is resent on its connection, before 5.0", () => {
  const repeats = (page: LedgerPage, draft: Draft, version: ProtocolVersion) => {
    const frame = decodeOne(encode(draft, version), version);
    return frame.kind === "packet" && page.repeats("server", frame.packet);
  };
  for (const version of ["3.1.1", "5.0"] as const) {
    const page = ledgerOf({ version }).opened(0);
    const level = { protocolLevel: version === "5.0" ? 5 : 4 };
    put(page, "client", { ...CONNECT, ...level, type: "CONNECT", clientId: "c" }, version);
    put(page, "server", { ...CONNACK, type: "CONNACK" }, version);
    put(page, "server", q1(1), version);
    put(page, "server", q2(2), version);
    const found: boolean[] = [];
    const tell = (draft: Draft) => found.push(repeats(page, draft, version));
    tell(q1(1, "b", DUP));
    tell(q1(1, undefined, DUP));
    tell(q1(1));
    tell(q2(2, undefined, DUP));
    put(page, "client", ack("PUBACK", 1), version);
    tell(q1(1, undefined, DUP));
    put(page, "client", ack("PUBREC", 2), version);
    tell(ack("PUBREL", 2));
    put(page, "server", ack("PUBREL", 2), version);
    tell(ack("PUBREL", 2));
    put(page, "client", ack("PUBCOMP", 2), version);
    tell(ack("PUBREL", 2));
    const right = [false, true, false, true, false, false, true, false];
    deepStrictEqual(found, version === "5.0" ? right.map(() => false) : right);
  }
});

Deno.test("silence() describes the longest silence of a client that exceeds its Keep Alive", () => {
  const page = ledgerOf().opened(0);
  const put = (draft: Draft, now: number) =>
    page.recordFrame("client", decodeOne(encode(draft, "5.0"), "5.0"), now);
  put({ ...CONNECT, type: "CONNECT", clientId: "c", keepAlive: 2 }, 9_000);
  put(PINGREQ, 11_000);
  strictEqual(page.silence(13_000), undefined);
  put(PINGREQ, 13_500);
  put(PINGREQ, 14_000);
  strictEqual(page.silence(14_000), "The client was silent for 2.5 s; its Keep Alive is 2 s");
  strictEqual(page.silence(20_000), "The client was silent for 6.0 s; its Keep Alive is 2 s");
});
