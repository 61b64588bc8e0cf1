import type { Draft, Property } from "../../mqtt/packet.ts";
import { type Change, sends } from "./defect.ts";
import { HONEST } from "./hooks.ts";

/** A lawful peculiarity that the virtual client can be configured with: no case may fail because of it. */
export interface ClientQuirk {
  readonly id: string;
  /** What the client does, in one sentence without a full stop. */
  readonly about: string;
  /** Why that is allowed. */
  readonly lawful: string;
  /** The protocols in which it shows; absent for all. */
  readonly protocols?: readonly string[] | undefined;
  /** The only protocols that allow it, if it shows in others too; absent for all. */
  readonly lawfulIn?: readonly string[] | undefined;
  /** The decisions that it changes. */
  readonly points: readonly string[];
  readonly change: Change;
}

type Type = Draft["type"];

const FIVE = ["5.0"];

/** Adds a property to packets of these types. */
function adds(types: readonly Type[], property: Property): Change {
  return ({ sent }) => ({
    sent: (draft) => {
      if (!types.includes(draft.type) || draft.type === "PINGREQ" || draft.type === "PINGRESP") {
        return sent(draft);
      }
      const { properties = [] } = draft;
      if (properties.some(({ name }) => name === property.name)) return sent(draft);
      return sent({ ...draft, properties: [...properties, property] } as Draft);
    },
  });
}

/** A quirk of a packet's properties in 5.0. */
function property(
  id: string,
  about: string,
  lawful: string,
  types: readonly Type[],
  one: Property,
): ClientQuirk {
  return {
    id,
    about,
    lawful,
    protocols: FIVE,
    points: types.map((type) => `sent ${type}`),
    change: adds(types, one),
  };
}

function quirk(
  id: string,
  about: string,
  lawful: string,
  change: Change,
  more: Partial<Pick<ClientQuirk, "protocols" | "lawfulIn" | "points">> = {},
): ClientQuirk {
  const points = more.points ?? Object.keys(change(HONEST));
  return { id, about, lawful, protocols: more.protocols, lawfulIn: more.lawfulIn, points, change };
}

/** All quirks of the virtual client. */
export const CLIENT_QUIRKS: readonly ClientQuirk[] = [
  quirk(
    "closes-without-a-word",
    "A connection is ended for a fault of the broker without DISCONNECT",
    "5.0 section 4.13.1: the client SHOULD close; a DISCONNECT ahead of it is its choice",
    () => ({ saysWhy: false }),
    { protocols: FIVE },
  ),
  quirk(
    "closes-late",
    "A connection with a fault of the broker is closed after 150 ms",
    "No time is named",
    () => ({ closesAfterMs: 150 }),
  ),
  quirk(
    "delivers-at-pubrel",
    "A message at QoS 2 is reported at PUBREL",
    "Section 4.3.3: the second method of the receiver",
    () => ({ deliversAtPubrel: true }),
  ),
  quirk(
    "identifiers-downward",
    "Packet identifiers go down from 65,535",
    "Any identifier that is free is allowed",
    () => ({ nextId: (last) => last <= 1 ? 65_535 : last - 1 }),
  ),
  quirk(
    "identifiers-jump",
    "Packet identifiers go up in steps of 259",
    "Any identifier that is free is allowed",
    () => ({ nextId: (last) => (last + 258) % 65_535 + 1 }),
  ),
  quirk(
    "pings-early",
    "PINGREQ is sent after a quarter of the Keep Alive",
    "Section 3.1.2: a client may send PINGREQ at any time",
    () => ({ pingAfter: (seconds) => seconds === 0 ? undefined : seconds * 250 }),
  ),
  quirk(
    "bytewise",
    "Each byte is written alone",
    "TCP has no packets",
    ({ writing }) => ({ writing: { ...writing, pieceBytes: 1 } }),
  ),
  quirk(
    "in-threes",
    "Each packet is written in pieces of three bytes",
    "TCP has no packets",
    ({ writing }) => ({ writing: { ...writing, pieceBytes: 3 } }),
  ),
  quirk(
    "writes-late",
    "Each packet is written 30 ms after it is decided",
    "No time is named",
    ({ writing }) => ({ writing: { ...writing, pauseMs: 30 } }),
  ),
  quirk(
    "tells-late",
    "Each event is reported after 40 ms",
    "The standard does not bind the application's interface",
    () => ({ tellsAfterMs: 40 }),
  ),
  quirk(
    "present-untold",
    "Session Present is not reported",
    "The adapter protocol leaves it out where the library does not show it",
    ({ told }) => ({ told: ({ sessionPresent: _, ...event }) => told(event) }),
    { points: ["told connected"] },
  ),
  quirk(
    "loss-without-a-reason",
    "A loss is reported without the reason of the broker",
    "The adapter protocol leaves it out where the library does not show it",
    ({ told }) => ({
      told: (event) => event.on === "lost" ? told({ on: "lost", client: event.client }) : told(event),
    }),
    { points: ["told lost"] },
  ),
  quirk(
    "codes-in-full",
    "Acknowledgements and DISCONNECT have their code 0 and an empty list of properties",
    "5.0 section 3.4.2: leaving them out is an option",
    sends({
      PUBACK: (draft) => [{ ...draft, wire: inFull(draft.packetId, draft.reason) }],
      PUBREC: (draft) => [{ ...draft, wire: inFull(draft.packetId, draft.reason) }],
      PUBREL: (draft) => [{ ...draft, wire: inFull(draft.packetId, draft.reason) }],
      PUBCOMP: (draft) => [{ ...draft, wire: inFull(draft.packetId, draft.reason) }],
    }),
    {
      protocols: FIVE,
      lawfulIn: FIVE,
      points: ["sent PUBACK", "sent PUBREC", "sent PUBREL", "sent PUBCOMP"],
    },
  ),
  property(
    "expiry-zero",
    "CONNECT has the Session Expiry Interval 0",
    "5.0 section 3.1.2.11.2: it is the same as none",
    ["CONNECT"],
    { name: "sessionExpiryInterval", value: 0 },
  ),
  property(
    "problems-requested",
    "CONNECT has Request Problem Information 1",
    "5.0 section 3.1.2.11.7: it is the same as none",
    ["CONNECT"],
    { name: "requestProblemInformation", value: 1 },
  ),
  property(
    "responses-requested",
    "CONNECT has Request Response Information 1",
    "5.0 section 3.1.2.11.6: a broker may still send none",
    ["CONNECT"],
    { name: "requestResponseInformation", value: 1 },
  ),
  property(
    "receive-maximum-stated",
    "CONNECT has the Receive Maximum 65,535",
    "5.0 section 3.1.2.11.3: it is the same as none",
    ["CONNECT"],
    { name: "receiveMaximum", value: 65_535 },
  ),
  property(
    "receive-maximum-of-ten",
    "CONNECT has the Receive Maximum 10",
    "5.0 section 3.1.2.11.3: any number but 0",
    ["CONNECT"],
    { name: "receiveMaximum", value: 10 },
  ),
  property(
    "packet-size-announced",
    "CONNECT has the Maximum Packet Size 1 MiB",
    "5.0 section 3.1.2.11.4: any number but 0",
    ["CONNECT"],
    { name: "maximumPacketSize", value: 1024 * 1024 },
  ),
  property(
    "aliases-taken",
    "CONNECT has the Topic Alias Maximum 10",
    "5.0 section 3.1.2.11.5: a broker need not use them",
    ["CONNECT"],
    { name: "topicAliasMaximum", value: 10 },
  ),
  property(
    "signs-connect",
    "CONNECT has a User Property",
    "5.0 section 3.1.2.11.8",
    ["CONNECT"],
    { name: "userProperty", value: ["client", "virtual"] },
  ),
  property(
    "signs-messages",
    "PUBLISH has a User Property",
    "5.0 section 3.3.2.3.7",
    ["PUBLISH"],
    { name: "userProperty", value: ["client", "virtual"] },
  ),
  property(
    "signs-requests",
    "SUBSCRIBE and UNSUBSCRIBE have a User Property",
    "5.0 sections 3.8.2.1.3 and 3.10.2.1.2",
    ["SUBSCRIBE", "UNSUBSCRIBE"],
    { name: "userProperty", value: ["client", "virtual"] },
  ),
  property(
    "explains-answers",
    "Acknowledgements have a Reason String",
    "5.0 section 3.4.2.2.2: unless the packet becomes too large for the broker",
    ["PUBACK", "PUBREC", "PUBCOMP"],
    { name: "reasonString", value: "fine" },
  ),
  property(
    "format-stated",
    "PUBLISH has the Payload Format Indicator 0",
    "5.0 section 3.3.2.3.2: it is the same as none",
    ["PUBLISH"],
    { name: "payloadFormatIndicator", value: 0 },
  ),
  property(
    "messages-expire",
    "PUBLISH has the Message Expiry Interval 3,600",
    "5.0 section 3.3.2.3.3",
    ["PUBLISH"],
    { name: "messageExpiryInterval", value: 3600 },
  ),
  property(
    "goodbye-explained",
    "DISCONNECT has a Reason String",
    "5.0 section 3.14.2.2.3",
    ["DISCONNECT"],
    { name: "reasonString", value: "done" },
  ),
];

/** The body of an acknowledgement with its code and an empty list of properties. */
function inFull(packetId = 0, reason = 0): { readonly body: Uint8Array } {
  return { body: Uint8Array.of(packetId >> 8, packetId & 0xff, reason, 0) };
}
