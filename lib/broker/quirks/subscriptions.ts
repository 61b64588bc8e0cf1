import { NOT_AUTHORIZED } from "../reasons.ts";
import { lowerQos } from "../right.ts";
import { type Quirk, REFUSING } from "./quirk.ts";

/** Quirks of subscriptions and retained messages. */
export const SUBSCRIPTION_QUIRKS: readonly Quirk[] = [
  {
    id: "copies-per-subscription",
    about:
      "A client with overlapping subscriptions gets one copy of a message for each, at that subscription's QoS",
    lawful:
      "MQTT-3.3.5-1 of 3.1.1 (MQTT-3.3.4-2 of 5.0) allows one copy at the highest QoS, and additional ones for each subscription",
    alter: (usual) => ({ copies: (matching) => usual.copies(matching).flat().map((held) => [held]) }),
  },
  {
    id: "copies-per-subscription-last-first",
    about:
      "A client with overlapping subscriptions gets one copy of a message for each, newest subscription first",
    lawful: "as for copies-per-subscription; neither document orders the copies",
    alter: (usual) => ({
      copies: (matching) => usual.copies(matching).flat().map((held) => [held]).toReversed(),
    }),
  },
  {
    id: "grants-at-most-1",
    about: "A subscription that requests QoS 2 is granted QoS 1",
    lawful: "section 3.8.4: a server might grant a lower QoS than the client requested",
    lacks: ["qos2"],
    alter: (usual) => ({ granted: (asked, wished) => lowerQos(usual.granted(asked, wished), 1) }),
  },
  {
    id: "grants-at-most-0",
    about: "Every subscription is granted QoS 0",
    lawful: "section 3.8.4: a server might grant a lower QoS than the client requested",
    lacks: ["qos1", "qos2"],
    alter: () => ({ granted: () => 0 }),
  },
  {
    id: "root-wildcard-refused",
    about: "The filter # is refused, with 0x80 in 3.1.1 and 0x87 in 5.0",
    lawful: "SUBACK has refusal codes; a server decides who may subscribe to what",
    protocols: ["3.1.1", "5.0"],
    lawfulIn: REFUSING,
    alter: (usual) => ({
      refusesFilter: (filter, place) => filter === "#" ? NOT_AUTHORIZED : usual.refusesFilter(filter, place),
    }),
  },
  {
    id: "sys-filters-refused",
    about: "Filters that begin with $SYS are refused, with 0x80 in 3.1.1 and 0x87 in 5.0",
    lawful: "SUBACK has refusal codes; topics that begin with $ belong to the server (section 4.7.2)",
    protocols: ["3.1.1", "5.0"],
    lawfulIn: REFUSING,
    alter: (usual) => ({
      refusesFilter: (filter, place) =>
        filter.startsWith("$SYS") ? NOT_AUTHORIZED : usual.refusesFilter(filter, place),
    }),
  },
  {
    id: "no-sys-topics",
    about: "The broker has no topics below $SYS/",
    lawful: "section 4.7.2: a server may use such topics, but need not",
    alter: () => ({ aboutItself: [] }),
  },
  {
    id: "sys-topics-told-anew",
    about: "The broker publishes its topics below $SYS/ every 100 ms",
    lawful: "section 4.7.2: a server may use such topics for information about itself",
    alter: () => ({ aboutItselfEveryMs: 100 }),
  },
  {
    id: "dollar-topics-dropped",
    about:
      "Messages of clients to topic names that begin with $ are acknowledged but not delivered, with 0x90 in 5.0",
    lawful: "section 4.7.2: a server should prevent clients from exchanging messages on such topic names",
    lacks: ["dollar-topics"],
    alter: (usual) => ({
      refusesTopic: (topic) => topic.startsWith("$") ? "drop" : usual.refusesTopic(topic),
    }),
  },
  {
    id: "shared-to-the-first",
    about: "The first member of a shared subscription gets every message",
    lawful: "section 4.8.2 of 5.0 leaves the choice to the server",
    protocols: ["5.0"],
    alter: () => ({
      sharedMembers: (members) => {
        const first = members.find((held) => held.session.peer) ?? members[0];
        return first ? [first] : [];
      },
    }),
  },
  {
    id: "shared-at-random",
    about: "A member of a shared subscription is chosen at random, even if it is not connected",
    lawful: "section 4.8.2 of 5.0 leaves the choice to the server",
    protocols: ["5.0"],
    alter: (_, { random }) => ({
      sharedMembers: (members) => {
        const at = Math.floor(random() * members.length);
        return members.slice(at, at + 1);
      },
    }),
  },
  {
    id: "retained-reversed",
    about: "Retained messages are sent in reverse order, the newest topic first",
    lawful: "neither document orders retained messages of several topics",
    alter: (usual) => ({ retainedOrder: (messages) => usual.retainedOrder(messages).toReversed() }),
  },
  {
    id: "retained-shuffled",
    about: "Retained messages are sent in a random order",
    lawful: "neither document orders retained messages of several topics",
    alter: (usual, { random }) => ({
      retainedOrder: (messages) =>
        usual.retainedOrder(messages).map((message) => ({ message, place: random() }))
          .sort((a, b) => a.place - b.place).map(({ message }) => message),
    }),
  },
  {
    id: "retained-before-suback",
    about: "Retained messages are sent before SUBACK",
    lawful: "section 3.8.4: a server may start to send matching messages before it sends the SUBACK",
    alter: () => ({ subackFirst: false }),
  },
  {
    id: "no-local-not-for-retained",
    about: "A subscription with No Local gets the retained messages of its own client",
    lawful: "MQTT-3.8.3-3 of 5.0 covers forwarded messages, and does not mention retained ones",
    protocols: ["5.0"],
    alter: () => ({ noLocalForRetained: false }),
  },
];
