import type { Announced } from "../../mqtt/ledger/announced.ts";
import type { Draft } from "../../mqtt/packet.ts";
import { type Change, type Row, sends, takesText, tells } from "./defect.ts";
import type { Fault } from "./faults.ts";

/** Keeps other limits than those that the broker has announced. */
function limits(others: Partial<Announced>): Change {
  return () => ({ limits: (announced) => ({ ...announced, ...others }) });
}

/** Goes on where the broker has done something wrong. */
function tolerates(tolerated: Fault): Change {
  return ({ endsFor }) => ({ endsFor: (fault) => fault !== tolerated && endsFor(fault) });
}

/** Sends packets of 5.0 without their properties. */
const WITHOUT_PROPERTIES: Change = ({ sent }) => ({
  sent: (draft) => sent("properties" in draft ? { ...draft, properties: [] } as Draft : draft),
});

const LONG_REASON = { name: "reasonString", value: "a long explanation" };

/** The defects that only a client of 5.0 can have. */
export const ROWS_OF_FIVE: readonly Row[] = [
  [
    "maximum-qos-ignored",
    "A message is published above the Maximum QoS of the broker",
    ["MQTT-3.2.2-11"],
    limits({ maximumQoS: 2 }),
  ],
  ["maximum-qos-zero", "No message is published above QoS 0", [], limits({ maximumQoS: 0 })],
  [
    "retain-unavailable-ignored",
    "A message is published with RETAIN where the broker has none",
    ["MQTT-3.2.2-14"],
    limits({ retainAvailable: true }),
  ],
  [
    "packet-size-ignored",
    "A packet is sent that is larger than the broker takes",
    ["MQTT-3.2.2-15"],
    limits({ maximumPacketSize: Infinity }),
  ],
  [
    "receive-maximum-ignored",
    "More messages are under way than the broker takes",
    ["MQTT-3.3.4-7"],
    limits({ receiveMaximum: 65_535 }),
  ],
  [
    "alias-maximum-ignored",
    "A topic alias is sent that the broker does not take",
    ["MQTT-3.2.2-17"],
    limits({ topicAliasMaximum: 65_535 }),
  ],
  [
    "wildcards-unavailable-ignored",
    "A filter with wildcards is sent to a broker that takes none",
    [],
    limits({ wildcardSubscriptionAvailable: true }),
  ],
  [
    "shared-unavailable-ignored",
    "A shared subscription is asked from a broker that has none",
    [],
    limits({ sharedSubscriptionAvailable: true }),
  ],
  [
    "identifiers-unavailable-ignored",
    "A Subscription Identifier is sent to a broker that takes none",
    [],
    limits({ subscriptionIdentifierAvailable: true }),
  ],
  ["quota-never-freed", "A message that waits for the quota is never sent", ["MQTT-4.9.0-2"], () => ({
    freesQuota: false,
  })],
  ["quota-holds-all", "Nothing is sent while the quota is used up", ["MQTT-4.9.0-3"], () => ({
    holdsAll: true,
  })],
  [
    "alias-unasked",
    "Each message has a topic alias",
    ["MQTT-3.2.2-18"],
    sends({
      PUBLISH: (draft) => [
        { ...draft, properties: [...draft.properties ?? [], { name: "topicAlias", value: 1 }] },
      ],
    }),
  ],
  [
    "server-keep-alive-ignored",
    "The client keeps its own Keep Alive",
    ["MQTT-3.2.2-21"],
    () => ({ keepAlive: (own) => own }),
  ],
  ["session-present-tolerated", "Session Present 1 is accepted without a session", [
    "MQTT-3.2.2-4",
  ], tolerates("session")],
  [
    "session-present-inverted",
    "Session Present is reported as its opposite",
    [],
    tells("connected", (event) => [{ ...event, sessionPresent: event.sessionPresent !== true }]),
  ],
  [
    "refused-released",
    "A PUBREC that refuses its message is answered by PUBREL",
    ["MQTT-4.3.3-4"],
    () => ({ releasesRefused: true }),
  ],
  ["refused-kept", "A message that the broker refused stays in the session", ["MQTT-4.4.0-2"], () => ({
    refusedMessage: "stays",
  })],
  ["refused-sent-again", "A message that the broker refused is sent again at once", ["MQTT-4.3.2-3"], () => ({
    refusedMessage: "again",
  })],
  [
    "sent-twice",
    "A message above QoS 0 is sent twice on one connection",
    ["MQTT-4.4.0-1"],
    sends({ PUBLISH: (draft) => (draft.qos ?? 0) > 0 ? [draft, { ...draft, dup: true }] : [draft] }),
  ],
  ["alias-not-resolved", "A message with an alias alone is reported without a topic", [
    "MQTT-3.3.2-10",
  ], () => ({ aliasedTopic: () => "" })],
  [
    "aliases-kept",
    "Topic aliases hold on the next connection too",
    ["MQTT-3.3.2-7"],
    ({ endsFor }) => ({ keepsAliases: true, endsFor: (fault) => fault !== "alias" && endsFor(fault) }),
  ],
  [
    "wrong-alias-tolerated",
    "A topic alias that was never set or announced is ignored",
    [],
    tolerates("alias"),
  ],
  ["excess-tolerated", "More messages than the client's Receive Maximum are taken", [], tolerates("quota")],
  [
    "large-packet-tolerated",
    "A packet above the client's Maximum Packet Size is taken",
    [],
    tolerates("size"),
  ],
  ["explanation-tolerated", "A Reason String that was not asked for is taken", [], tolerates("information")],
  ["disconnect-ignored", "A DISCONNECT of the broker is ignored", ["MQTT-4.13.2-1"], () => ({
    endsAtDisconnect: false,
  })],
  ["wrong-auth-tolerated", "An AUTH that a broker must not send is ignored", [
    "MQTT-4.12.0-5",
  ], tolerates("auth")],
  ["auth-missing", "AUTH is not sent", ["MQTT-4.12.0-3"], sends({ AUTH: () => [] })],
  ["auth-untold", "An AUTH of the broker is not reported", [], tells("auth", () => [])],
  [
    "auth-method-altered",
    "AUTH names another method than CONNECT",
    ["MQTT-4.12.0-5", "MQTT-4.12.1-1"],
    sends({
      AUTH: (draft) => [{
        ...draft,
        properties: draft.properties?.map((one) =>
          one.name === "authenticationMethod" ? { ...one, value: "OTHER" } : one
        ),
      }],
    }),
  ],
  [
    "auth-always-again",
    "AUTH always has the code 0x19",
    ["MQTT-4.12.0-3"],
    sends({ AUTH: (draft) => [{ ...draft, reason: 0x19 }] }),
  ],
  ["sends-before-connack", "Requests are sent ahead of CONNACK", ["MQTT-3.1.2-30"], () => ({
    sendsBeforeConnack: true,
  })],
  ["properties-missing", "No packet has properties", [], WITHOUT_PROPERTIES],
  [
    "will-properties-missing",
    "The will has no properties",
    ["MQTT-3.1.2-9"],
    sends({
      CONNECT: (draft) => [draft.will ? { ...draft, will: { ...draft.will, properties: [] } } : draft],
    }),
  ],
  [
    "properties-reversed",
    "Properties are sent in reverse",
    ["MQTT-1.5.7-1"],
    sends({ PUBLISH: (draft) => [{ ...draft, properties: [...draft.properties ?? []].reverse() }] }),
  ],
  [
    "property-length-long",
    "The Property Length of PUBLISH has two bytes where one is enough",
    ["MQTT-1.5.5-1", "MQTT-2.2.2-1"],
    sends({
      PUBLISH: (draft) =>
        draft.properties?.length ? [draft] : [{ ...draft, wire: { propertyLength: Uint8Array.of(0x80, 0) } }],
    }),
  ],
  [
    "options-missing",
    "A subscription has no options but its QoS",
    ["MQTT-3.8.3-2"],
    sends({
      SUBSCRIBE: (draft) => [{
        ...draft,
        subscriptions: draft.subscriptions?.map(({ filter, qos }) => ({ filter, qos })),
      }],
    }),
  ],
  [
    "disconnect-reason-missing",
    "DISCONNECT always has the code 0",
    [],
    sends({ DISCONNECT: (draft) => [{ ...draft, reason: 0 }] }),
  ],
  ["unfit-sent", "Properties that PUBLISH or SUBSCRIBE must not have are sent", [
    "MQTT-3.3.2-8",
    "MQTT-3.3.2-14",
    "MQTT-3.3.4-6",
    "MQTT-3.8.3-4",
  ], () => ({ unfit: () => undefined })],
  ["unfit-share-sent", "A shared filter without a name or a filter is sent", [
    "MQTT-4.8.2-1",
    "MQTT-4.8.2-2",
  ], takesText((text) => text.startsWith("$share/"))],
  ["expiry-raised-at-disconnect", "DISCONNECT sets a Session Expiry Interval after one of 0", [], () => ({
    refusesDisconnect: () => undefined,
  })],
  [
    "answers-too-long",
    "Acknowledgements are explained even if the broker takes no packet of that size",
    ["MQTT-3.4.2-2", "MQTT-3.5.2-2", "MQTT-3.7.2-2"],
    (hooks) => ({
      ...sends({
        PUBACK: (draft) => [{ ...draft, properties: [LONG_REASON] }],
        PUBREC: (draft) => [{ ...draft, properties: [LONG_REASON] }],
        PUBCOMP: (draft) => [{ ...draft, properties: [LONG_REASON] }],
      })(hooks),
      fitted: (draft) => draft,
    }),
  ],
  [
    "unsubscription-refused-as-success",
    "A refused UNSUBSCRIBE is reported as a success",
    [],
    tells("unsubscribed", (event) => [{ ...event, reasons: [0] }]),
  ],
  ["unsubscription-untold", "UNSUBACK is not reported", [], tells("unsubscribed", () => [])],
];
