import assert from "node:assert/strict";
import { clause } from "../mqtt/clauses.ts";
import { Broker } from "./broker.ts";
import { RIGHT } from "./right.ts";
import { defective, DEFECTS } from "./defects.ts";
import { quirked } from "./quirks.ts";
import type { Message } from "./message.ts";
import { EXPIRY_DEFECTS } from "./defects/expiring.ts";
import { REFUSING_DEFECTS } from "./defects/refusing.ts";
import { RESTART_DEFECTS } from "./defects/restarting.ts";
import { TIMER_DEFECTS } from "./defects/timers.ts";
import { WEBSOCKET_DEFECTS } from "./defects/websocket.ts";
import { AMOUNT_TRIALS } from "./trials/amounts.ts";
import { ANNOUNCED_TRIALS } from "./trials/announced.ts";
import { ANSWER_TRIALS } from "./trials/answers.ts";
import { AUTHENTICATION_TRIALS, CODE_TRIALS, LIMIT_TRIALS } from "./trials/authenticating.ts";
import { CARRYING_TRIALS } from "./trials/carrying.ts";
import { CLIENT_REASON_TRIALS } from "./trials/client_reasons.ts";
import { CONNECT_TRIALS } from "./trials/connecting.ts";
import { COUNTING_TRIALS } from "./trials/counting.ts";
import { ALIAS_TRIALS, IDENTIFIER_TRIALS } from "./trials/identifying.ts";
import { IDENTITY_TRIALS } from "./trials/identity.ts";
import { KEEPING_TRIALS } from "./trials/keeping.ts";
import { LASTING_TRIALS } from "./trials/lasting.ts";
import { MESSAGE_TRIALS } from "./trials/messages.ts";
import { METHOD_TRIALS } from "./trials/method.ts";
import { MIXED_TRIALS } from "./trials/mixed.ts";
import { OPTION_TRIALS } from "./trials/options.ts";
import { PASSWORD_TRIALS, REDIRECTION_TRIALS } from "./trials/passwords.ts";
import { READING_TRIALS } from "./trials/reading.ts";
import { REFUSING_TRIALS } from "./trials/refusing.ts";
import { REPLACING_TRIALS } from "./trials/replacing.ts";
import { SESSION_TRIALS } from "./trials/sessions.ts";
import { SHARING_TRIALS } from "./trials/sharing.ts";
import { TOPIC_TRIALS } from "./trials/topics.ts";
import { VALUE_TRIALS } from "./trials/values.ts";
import type { Trial } from "./trials/trial.ts";

const GROUPS: readonly (readonly [string, readonly Trial[]])[] = [
  ["connecting and wills", CONNECT_TRIALS],
  ["reading", READING_TRIALS],
  ["answers", ANSWER_TRIALS],
  ["topics", TOPIC_TRIALS],
  ["messages", MESSAGE_TRIALS],
  ["sessions and subscriptions", SESSION_TRIALS],
  ["connection ends and kept state", LASTING_TRIALS],
  ["identity and characters", IDENTITY_TRIALS],
  ["sessions that replace others", REPLACING_TRIALS],
  ["refusals", REFUSING_TRIALS],
  ["counts", COUNTING_TRIALS],
  ["announcements of clients", ANNOUNCED_TRIALS],
  ["properties of messages", CARRYING_TRIALS],
  ["clients of several versions", MIXED_TRIALS],
  ["topic aliases", ALIAS_TRIALS],
  ["subscription identifiers", IDENTIFIER_TRIALS],
  ["authentication", AUTHENTICATION_TRIALS],
  ["a method of authentication", METHOD_TRIALS],
  ["codes of answers", CODE_TRIALS],
  ["limits that CONNACK announces", LIMIT_TRIALS],
  ["shared subscriptions", SHARING_TRIALS],
  ["options of a subscription", OPTION_TRIALS],
  ["values of properties", VALUE_TRIALS],
  ["the Session Expiry Interval", KEEPING_TRIALS],
  ["reasons of clients", CLIENT_REASON_TRIALS],
  ["amounts that CONNACK announces", AMOUNT_TRIALS],
  ["user names and passwords", PASSWORD_TRIALS],
  ["server redirection", REDIRECTION_TRIALS],
];

/** Defects that take seconds, a reset or a restart to show on the wire; their decisions are tested below. */
const SLOW = [
  "keep-alive-not-enforced",
  "keep-alive-early",
  "keep-alive-late",
  "keep-alive-zero-enforced",
  "keep-alive-ignores-pings",
  "keep-alive-only-pings",
  "will-lost-on-keep-alive",
  "keep-alive-counts-sent",
  "session-lost-on-keep-alive",
  "session-lost-on-reset",
  "session-expiry-ignored",
  "session-expiry-a-tenth",
  "disconnect-expiry-never-raised",
  "will-lost-on-reset",
  "will-delay-ignored",
  "will-delay-not-called-off",
  "large-will-cut",
  "server-keep-alive-not-kept",
  "restart-loses-properties",
];

const WILL: Message = {
  topic: "will",
  payload: new Uint8Array(),
  qos: 0,
  retain: false,
  dup: false,
  publisher: "a",
  properties: [],
};
/** Defects that show in an exchange of SCRAM. */
const BY_SCRAM = ["auth-nonce-unchecked", "auth-unknown-user-taken"];

/** Defects that another test tries: `method/scram_test.ts`, `restart_test.ts`, `websocket_test.ts`, `denied_test.ts`, `timed_defects_test.ts`. */
const ELSEWHERE = [
  ...RESTART_DEFECTS,
  ...WEBSOCKET_DEFECTS,
  ...REFUSING_DEFECTS,
  ...TIMER_DEFECTS,
  ...EXPIRY_DEFECTS,
].map(({ id }) => id).concat(BY_SCRAM);

for (const [group, trials] of GROUPS) {
  Deno.test(`defects of ${group} do what they say, and the correct broker does not`, async (t) => {
    for (const { defect, play, quirks = [], right, wrong } of trials) {
      await t.step(defect, async () => {
        await using sound = await Broker.start({ quirks });
        assert.equal(await play(sound.address.port), right);
        await using faulty = await Broker.start({ quirks, defects: [defect] });
        assert.equal(await play(faulty.address.port), wrong);
        assert.notEqual(right, wrong);
      });
    }
  });
}

Deno.test("defects of the keep alive decide differently from the correct broker", () => {
  assert.deepEqual([RIGHT.silenceMs(10), RIGHT.silenceMs(0)], [15_000, Infinity]);
  assert.equal(defective(["keep-alive-not-enforced"]).silenceMs(10), Infinity);
  assert.equal(defective(["keep-alive-early"]).silenceMs(10), 5000);
  assert.equal(defective(["keep-alive-late"]).silenceMs(10), 50_000);
  assert.equal(defective(["keep-alive-zero-enforced"]).silenceMs(0), 1000);
  assert.equal(defective(["keep-alive-zero-enforced"]).silenceMs(10), 15_000);
  assert.equal(defective(["keep-alive-ignores-pings"]).isSignOfLife("PINGREQ"), false);
  assert.equal(defective(["keep-alive-only-pings"]).isSignOfLife("PUBLISH"), false);
  assert.equal(RIGHT.publishesWill("keep-alive"), true);
  assert.equal(defective(["will-lost-on-keep-alive"]).publishesWill("keep-alive"), false);
});

Deno.test("a Server Keep Alive that is not kept is announced all the same", () => {
  const wrong = defective(["server-keep-alive-not-kept"], quirked(["server-keep-alive-5"]));
  assert.equal(wrong.serverKeepAlive, undefined);
  const connect = {
    type: "CONNECT",
    protocolName: "MQTT",
    protocolLevel: 5,
    cleanStart: true,
    keepAlive: 60,
    clientId: "a",
    properties: [],
  } as const;
  assert.deepEqual(wrong.announces([], connect), [{ name: "serverKeepAlive", value: 5 }]);
});

Deno.test("defects of stored state decide differently from the correct broker", () => {
  assert.equal(RIGHT.keptSeconds(5, "keep-alive"), 5);
  assert.equal(defective(["session-lost-on-keep-alive"]).keptSeconds(5, "keep-alive"), 0);
  assert.equal(defective(["session-lost-on-keep-alive"]).keptSeconds(5, "network"), 5);
  assert.equal(defective(["session-lost-on-reset"]).keptSeconds(5, "broken"), 0);
  assert.equal(defective(["session-lost-on-reset"]).keptSeconds(5, "network"), 5);
  assert.equal(defective(["session-expiry-ignored"]).keptSeconds(5, "network"), Infinity);
  assert.equal(defective(["session-expiry-ignored"]).keptSeconds(0, "network"), 0);
  assert.equal(defective(["session-expiry-a-tenth"]).keptSeconds(5, "network"), 0.5);
  assert.deepEqual([RIGHT.disconnectExpiry(300, 1), RIGHT.disconnectExpiry(300, 0)], [300, undefined]);
  const unraised = defective(["disconnect-expiry-never-raised"]);
  assert.deepEqual([unraised.disconnectExpiry(300, 1), unraised.disconnectExpiry(1, 300)], [1, 1]);
  assert.equal(RIGHT.publishesWill("broken"), true);
  assert.equal(defective(["will-lost-on-reset"]).publishesWill("broken"), false);
  assert.deepEqual([RIGHT.willDelaySeconds(7), defective(["will-delay-ignored"]).willDelaySeconds(7)], [
    7,
    0,
  ]);
  assert.equal(RIGHT.callsOffWill, true);
  assert.equal(defective(["will-delay-not-called-off"]).callsOffWill, false);
  assert.equal(RIGHT.sentIsSignOfLife, false);
  assert.equal(defective(["keep-alive-counts-sent"]).sentIsSignOfLife, true);
  const will = { ...WILL, payload: new Uint8Array(20_000) };
  assert.deepEqual(RIGHT.wills(will), [will]);
  assert.equal(defective(["large-will-cut"]).wills(will)[0]?.payload.length, 16_383);
});

Deno.test("a broker that loses properties in a restart keeps the rest of a retained message", () => {
  const message = { ...WILL, properties: [{ name: "contentType", value: "c" }] };
  const state = { retained: [message], sessions: [] };
  assert.deepEqual(RIGHT.restores(state), state);
  const { retained } = defective(["restart-loses-properties"]).restores(state);
  assert.deepEqual(retained, [{ ...message, properties: [] }]);
});

Deno.test("every defect is tested, has its own id, a sentence, and clauses that exist", () => {
  const tried = new Set([
    ...SLOW,
    ...ELSEWHERE,
    ...GROUPS.flatMap(([, trials]) => trials.map((trial) => trial.defect)),
  ]);
  assert.deepEqual(DEFECTS.map((defect) => defect.id).filter((id) => !tried.has(id)), []);
  assert.equal(new Set(DEFECTS.map((defect) => defect.id)).size, DEFECTS.length);
  for (const { id, description, clauses } of DEFECTS) {
    assert.match(id, /^[a-z0-9-]+$/);
    assert.match(description, /^[A-Z].*[^.]$/);
    for (const number of clauses ?? []) {
      assert.ok(
        clause("3.1.1", number) ?? clause("5.0", number) ?? clause("3.1", number),
        `${id}: ${number}`,
      );
    }
  }
});

Deno.test("an unknown defect is rejected with the nearest one", async () => {
  await assert.rejects(Broker.start({ defects: ["puback-wrong-if"] }), {
    name: "UnknownDefectError",
    message: 'Unknown defect "puback-wrong-if" of the reference broker; did you mean puback-wrong-id?',
  });
});

Deno.test("several defects take effect together", () => {
  const behaviour = defective(["puback-wrong-id", "puback-doubled"]);
  const sent = behaviour.outgoing({ type: "PUBACK", packetId: 1 }, "3.1.1");
  assert.deepEqual(sent.map((packet) => "packetId" in packet && packet.packetId), [2, 2]);
});
