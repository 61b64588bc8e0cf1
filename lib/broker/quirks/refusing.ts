import { NOT_AUTHORIZED, REFUSED, TOPIC_FILTER_INVALID, TOPIC_NAME_INVALID } from "../reasons.ts";
import { changing, type Quirk, REFUSING } from "./quirk.ts";

const SYS = "$SYS/";
/** A code that refuses a filter for a reason of the server's own. */
const IMPLEMENTATION_SPECIFIC = 0x83;

/** A shared filter without a proper share name or without a filter behind it. */
const BROKEN_SHARE = /^\$share\/(?![^/+#]+\/.)/;

/** A client with a user name gets CONNACK with one of these codes. */
const usersRefused = (code: number, code3: number): Quirk["alter"] => (usual) => ({
  connect: (verdict, packet) => {
    const right = usual.connect(verdict, packet);
    if (right.kind !== "accept" || packet.userName === undefined) return right;
    return { kind: "refuse", reason: packet.protocolLevel === 5 ? code : code3 };
  },
});

/** Messages to the server's topics are dropped, and acknowledged with this code in 5.0. */
const sysMessages = (code: number): Pick<Quirk, "alter"> => {
  const { alter } = changing(
    ["PUBACK", "PUBREC"],
    (packet) => packet.reason === TOPIC_NAME_INVALID ? { ...packet, reason: code } : packet,
  );
  return {
    alter: (usual, means) => ({
      ...alter(usual, means),
      refusesTopic: (topic) => topic.startsWith(SYS) ? "drop" : usual.refusesTopic(topic),
    }),
  };
};

/** Refused filters get this code in 5.0. */
const filtersRefused = (code: number) =>
  changing(["SUBACK"], (packet) => ({
    ...packet,
    reasons: packet.reasons?.map((reason) => reason === NOT_AUTHORIZED ? code : reason),
  }));

const OWN_TOPICS =
  "section 4.7.2: topics that begin with $ belong to the server, which decides who may publish there";

/** Quirks of what is refused, and how. */
export const REFUSAL_QUIRKS: readonly Quirk[] = [
  {
    id: "user-names-refused",
    about: "A client with a user name is refused, with 0x04 in 3.x and 0x86 in 5.0",
    lawful: "section 3.1.4: a server may authenticate clients, and may know no users",
    credentials: false,
    alter: usersRefused(0x86, 4),
  },
  {
    id: "user-names-not-authorized",
    about: "A client with a user name is refused, with 0x05 in 3.x and 0x87 in 5.0",
    lawful: "section 3.1.4: a server may decide which clients it serves, and may know no users",
    credentials: false,
    alter: usersRefused(NOT_AUTHORIZED, 5),
  },
  {
    id: "sys-messages-not-authorized",
    about:
      "Messages of clients to topic names below $SYS/ are acknowledged but not delivered, with 0x87 in 5.0",
    lawful: OWN_TOPICS,
    ...sysMessages(NOT_AUTHORIZED),
  },
  {
    id: "sys-messages-unspecified",
    about:
      "Messages of clients to topic names below $SYS/ are acknowledged but not delivered, with 0x80 in 5.0",
    lawful: OWN_TOPICS,
    ...sysMessages(REFUSED),
  },
  {
    id: "sys-messages-end-the-connection",
    about: "A message of a client to a topic name below $SYS/ ends the connection, with 0x87 in 5.0",
    lawful: OWN_TOPICS,
    alter: (usual) => ({
      excess: (right, packet, session) =>
        packet.topic.startsWith(SYS) ? NOT_AUTHORIZED : usual.excess(right, packet, session),
    }),
  },
  {
    id: "sys-filters-invalid",
    about: "Filters that begin with $SYS are refused, with 0x80 in 3.1.1 and 0x8F in 5.0",
    lawful: "SUBACK has refusal codes; topics that begin with $ belong to the server (section 4.7.2)",
    protocols: ["3.1.1", "5.0"],
    lawfulIn: REFUSING,
    alter: (usual) => ({
      refusesFilter: (filter, place) =>
        filter.startsWith("$SYS") ? TOPIC_FILTER_INVALID : usual.refusesFilter(filter, place),
    }),
  },
  {
    id: "filters-refused-unspecified",
    about: "A filter that a client may not subscribe to gets 0x80 instead of 0x87 in 5.0",
    lawful: "section 3.9.3 of 5.0 lists both codes",
    protocols: ["5.0"],
    ...filtersRefused(REFUSED),
  },
  {
    id: "filters-refused-implementation-specific",
    about: "A filter that a client may not subscribe to gets 0x83 instead of 0x87 in 5.0",
    lawful: "section 3.9.3 of 5.0 lists both codes",
    protocols: ["5.0"],
    ...filtersRefused(IMPLEMENTATION_SPECIFIC),
  },
  {
    id: "shares-refused-in-suback",
    about:
      "A shared filter with a wrong share name or without a filter gets 0x8F in SUBACK, and the connection stays open",
    lawful:
      "section 4.13.1 of 5.0 lets a server choose how strictly it checks; SUBACK has a code for a wrong filter",
    protocols: ["5.0"],
    alter: (usual) => ({
      tolerates: (violation, type) => violation.rule.startsWith("share-") || usual.tolerates(violation, type),
      refusesFilter: (filter, place) =>
        BROKEN_SHARE.test(filter) ? TOPIC_FILTER_INVALID : usual.refusesFilter(filter, place),
    }),
  },
  {
    id: "alias-errors-ignored",
    about: "A message with a wrong topic alias is dropped, and the connection stays open",
    lawful: "section 4.13.1 of 5.0 lets a server choose how strictly it checks",
    protocols: ["5.0"],
    alter: () => ({ endsForAlias: false }),
  },
];
