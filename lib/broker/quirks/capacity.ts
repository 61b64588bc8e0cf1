import { sharedFilter } from "../../mqtt/topic.ts";
import { QUOTA_EXCEEDED, TOPIC_FILTER_INVALID } from "../reasons.ts";
import { type Quirk, REFUSING } from "./quirk.ts";

const levels = (text: string) => text.split("/").length;
const bytesOf = (text: string) => new TextEncoder().encode(text).length;

/** Small capacities. Conformance does not cover what exceeds a capacity. */
export const CAPACITY_QUIRKS: readonly Quirk[] = [
  {
    id: "topic-levels-8",
    about:
      "Messages to topic names of more than 8 levels are acknowledged but not delivered, with 0x90 in 5.0; such filters are refused",
    lawful:
      "MQTT-3.3.5-2 of 3.1.1 lets a server acknowledge a message that it does not accept; SUBACK has refusal codes",
    protocols: ["3.1.1", "5.0"],
    lawfulIn: REFUSING,
    values: { topicLevels: 8 },
    alter: (usual) => ({
      refusesTopic: (topic) => levels(topic) > 8 ? "drop" : usual.refusesTopic(topic),
      refusesFilter: (filter, place) =>
        levels(sharedFilter(filter)?.filter ?? filter) > 8
          ? TOPIC_FILTER_INVALID
          : usual.refusesFilter(filter, place),
    }),
  },
  {
    id: "topic-bytes-128",
    about:
      "A message to a topic name of more than 128 bytes ends the connection, with 0x90 in 5.0; such filters are refused",
    lawful: "MQTT-3.3.5-2 of 3.1.1 lets a server close the connection on a message that it does not accept",
    protocols: ["3.1.1", "5.0"],
    lawfulIn: REFUSING,
    values: { topicLength: 128 },
    alter: (usual) => ({
      refusesTopic: (topic) => bytesOf(topic) > 128 ? "close" : usual.refusesTopic(topic),
      refusesFilter: (filter, place) =>
        bytesOf(filter) > 128 ? TOPIC_FILTER_INVALID : usual.refusesFilter(filter, place),
    }),
  },
  {
    id: "filters-per-subscribe-4",
    about: "Filters after the fourth in a SUBSCRIBE are refused",
    lawful: "SUBACK has one code per filter, and refusal codes",
    protocols: ["3.1.1", "5.0"],
    lawfulIn: REFUSING,
    values: { filtersInPacket: 4 },
    alter: (usual) => ({
      refusesFilter: (filter, place) => place >= 4 ? QUOTA_EXCEEDED : usual.refusesFilter(filter, place),
    }),
  },
  {
    id: "subscriptions-8",
    about: "A session has at most 8 subscriptions; more are refused",
    lawful: "SUBACK has refusal codes; 5.0 lists 0x97 for an exceeded quota",
    protocols: ["3.1.1", "5.0"],
    lawfulIn: REFUSING,
    values: { subscriptions: 8, filtersInPacket: 8 },
    alter: (usual) => ({
      mostSubscriptions: (configured) => Math.min(usual.mostSubscriptions(configured), 8),
    }),
  },
  {
    id: "packet-size-1024",
    about: "A 3.x packet of more than 1,024 bytes ends the connection",
    lawful: "3.x cannot announce a limit; the documents leave capacities to the server",
    protocols: ["3.1", "3.1.1"],
    lacks: ["large-packets"],
    values: { largestPacket: 1_024 },
    alter: (usual) => ({
      maximumPacketSize: (configured, version) =>
        version === "5.0" ? usual.maximumPacketSize(configured, version) : 1_024,
    }),
  },
  {
    id: "receive-window-5",
    about: "A 3.x client that sends a sixth QoS 2 message while five are unreleased is disconnected",
    lawful: "3.x cannot announce a limit; section 4.3 does not limit the number of messages in flight",
    protocols: ["3.1", "3.1.1"],
    values: { receiveMaximum: 5 },
    alter: (usual) => ({
      receiveMaximum: (version) => version === "5.0" ? usual.receiveMaximum(version) : 5,
    }),
  },
  {
    id: "queued-messages-10",
    about: "At most 10 messages are queued for a client; more are dropped",
    lawful: "section 4.1 lists limited storage as a reason why a server may lose state",
    values: { queued: 10 },
    alter: (usual) => ({ mostQueued: (configured) => Math.min(usual.mostQueued(configured), 10) }),
  },
  {
    id: "queued-messages-10-newest",
    about: "At most 10 messages are queued for a client; one more drops the oldest",
    lawful: "section 4.1 lists limited storage as a reason why a server may lose state",
    values: { queued: 10 },
    alter: (usual) => ({
      mostQueued: (configured) => Math.min(usual.mostQueued(configured), 10),
      whenQueueFull: "drop-oldest",
    }),
  },
  {
    id: "retained-messages-200",
    about: "At most 200 retained messages are stored; one more is delivered but not retained",
    lawful: "section 3.3.1.3 lets a server discard retained messages; capacities are left to the server",
    values: { retainedMessages: 200 },
    alter: (usual) => ({ mostRetained: (configured) => Math.min(usual.mostRetained(configured), 200) }),
  },
];
