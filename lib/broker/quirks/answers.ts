import { NO_SUBSCRIPTION_EXISTED, PACKET_ID_NOT_FOUND } from "../reasons.ts";
import { changing, type Quirk } from "./quirk.ts";

const ACKS = ["PUBACK", "PUBREC", "PUBREL", "PUBCOMP"] as const;
const NO_MATCHING_SUBSCRIBERS = 0x10;

/** Quirks of the packets that the broker answers with. */
export const ANSWER_QUIRKS: readonly Quirk[] = [
  {
    id: "no-matching-subscribers",
    about: "PUBACK and PUBREC have reason 0x10 if no subscription matches the message",
    lawful: "5.0 lists 0x10 for both; a server that knows of no subscribers may use it instead of 0x00",
    protocols: ["5.0"],
    alter: () => ({ publishReason: (reached) => reached === 0 ? NO_MATCHING_SUBSCRIBERS : 0 }),
  },
  {
    id: "acks-in-full",
    about: "PUBACK, PUBREC, PUBREL and PUBCOMP have a reason code and a property length even if both are 0",
    lawful: "5.0 lets a sender omit both, but does not require it",
    protocols: ["5.0"],
    ...changing(
      ACKS,
      (packet) => ({ ...packet, reason: packet.reason ?? 0, properties: packet.properties ?? [] }),
    ),
  },
  {
    id: "acks-without-property-length",
    about: "PUBACK, PUBREC, PUBREL and PUBCOMP have a reason code even if it is 0, and no property length",
    lawful: "5.0: a Remaining Length below 4 means that there is no property length, and 0 is used",
    protocols: ["5.0"],
    ...changing(ACKS, (packet) => ({ ...packet, reason: packet.reason ?? 0 })),
  },
  {
    id: "acks-short",
    about: "PUBREL and PUBCOMP with reason 0x00 have no reason code",
    lawful: "5.0 lets a sender omit a reason code of 0x00 if there are no properties",
    protocols: ["5.0"],
    ...changing(ACKS, (packet) => packet.reason ? packet : { ...packet, reason: undefined }),
  },
  {
    id: "disconnect-in-full",
    about: "DISCONNECT has a property length of 0",
    lawful: "5.0 lets a sender omit the property length, but does not require it",
    protocols: ["5.0"],
    ...changing(["DISCONNECT"], (packet) => ({ ...packet, properties: packet.properties ?? [] })),
  },
  {
    id: "pubcomp-zero-for-unknown",
    about: "PUBCOMP has reason 0x00 even if the packet id of PUBREL is unknown",
    lawful:
      "5.0 lists 0x92 for it without a MUST; a server that no longer knows the id may have completed it before",
    protocols: ["5.0"],
    ...changing(
      ["PUBCOMP"],
      (packet) => packet.reason === PACKET_ID_NOT_FOUND ? { ...packet, reason: 0 } : packet,
    ),
  },
  {
    id: "pubrel-zero-for-unknown",
    about: "PUBREL has reason 0x00 even if the packet id of PUBREC is unknown",
    lawful: "5.0 lists 0x92 for it without a MUST",
    protocols: ["5.0"],
    ...changing(
      ["PUBREL"],
      (packet) => packet.reason === PACKET_ID_NOT_FOUND ? { ...packet, reason: 0 } : packet,
    ),
  },
  {
    id: "unsuback-zero-for-unknown",
    about: "UNSUBACK has code 0x00 even for a filter without a subscription",
    lawful: "MQTT-3.11.3-2 of 5.0 requires one code per filter; the subscription is gone in either case",
    protocols: ["5.0"],
    ...changing(["UNSUBACK"], (packet) => ({
      ...packet,
      reasons: packet.reasons?.map((reason) => reason === NO_SUBSCRIPTION_EXISTED ? 0 : reason),
    })),
  },
  {
    id: "acknowledges-first",
    about:
      "PUBACK and PUBREC are sent before the message is delivered to subscribers, including its publisher",
    lawful: "section 4.3 lets a receiver deliver a message before or after its acknowledgement",
    alter: () => ({ acknowledgesFirst: true }),
  },
  {
    id: "delivers-at-pubrel",
    about: "A QoS 2 message is delivered to subscribers and retained when PUBREL arrives",
    lawful: "section 4.3.3 describes both methods: delivery at PUBLISH, or at PUBREL",
    alter: () => ({ deliversAtPubrel: true }),
  },
];
