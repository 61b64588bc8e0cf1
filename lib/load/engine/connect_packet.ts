import type { Draft, Property } from "../../mqtt/packet.ts";
import { hashBytes, MARK_BYTES, writeMark } from "./mark.ts";
import { brokerOf, type Plan, type PlannedGroup, wordsOf } from "../plan/plan.ts";
import { fill } from "../profile/template.ts";

/** How long the broker keeps a session by default, in seconds (5.0). */
const KEPT_SECONDS = 3_600;

/**
 * Makes the CONNECT of a client. `index` is its number in the group, `number` its number among all clients; `moved` is how often it
 * has tried the next broker.
 */
export function connectPacket(
  plan: Plan,
  group: PlannedGroup,
  index: number,
  number: number,
  moved = 0,
): Draft {
  const words = wordsOf(plan, group, index);
  const { protocol } = plan;
  const given = brokerOf(plan, group, number, moved)?.credentials;
  const userName = group.userName ? fill(group.userName, words) : given?.userName;
  const password = group.password ? fill(group.password, words) : given?.password;
  return {
    type: "CONNECT",
    protocolName: protocol === "3.1" ? "MQIsdp" : "MQTT",
    protocolLevel: protocol === "5.0" ? 5 : protocol === "3.1.1" ? 4 : 3,
    cleanStart: group.cleanSession,
    keepAlive: group.keepAlive,
    clientId: fill(group.clientId, words),
    userName,
    password,
    will: group.will && {
      ...group.will,
      topic: fill(group.will.topic, words),
      payload: willPayload(group.firstWill + index),
    },
    properties: protocol === "5.0" ? properties(group) : [],
  };
}

function properties(group: PlannedGroup): readonly Property[] {
  const { sessionExpiry, cleanSession, receiveMaximum, userProperties } = group;
  const found: Property[] = [];
  const expiry = sessionExpiry ?? (cleanSession ? undefined : KEPT_SECONDS);
  if (expiry !== undefined) found.push({ name: "sessionExpiryInterval", value: expiry });
  if (receiveMaximum !== undefined) found.push({ name: "receiveMaximum", value: receiveMaximum });
  for (const value of userProperties) found.push({ name: "userProperty", value });
  return found;
}

function willPayload(flow: number): Uint8Array {
  const payload = new Uint8Array(MARK_BYTES);
  writeMark(payload, 0, MARK_BYTES, hashBytes(payload, MARK_BYTES, MARK_BYTES), flow, 0, 0, 0);
  return payload;
}
