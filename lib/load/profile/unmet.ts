import type { QoS } from "../../mqtt/packet.ts";
import type { ProtocolClaims } from "../../run/event.ts";
import type { Group } from "./group.ts";
import type { Profile } from "./profile.ts";
import type { Template } from "./template.ts";

/** What a profile needs that a target does not claim, in words; empty if there is nothing. */
export function unmetBy(profile: Profile, claims: readonly ProtocolClaims[]): readonly string[] {
  const own = claims.find(({ protocol }) => protocol === profile.protocol);
  if (!own) return [];
  const features = new Set(profile.groups.flatMap(featuresOf));
  const missing = [...features].filter((name) => !own.supports.includes(name));
  const largest = largestPayload(profile);
  const limit = Number(own.capacities["largestPacket"] ?? Infinity);
  return [
    ...missing,
    ...(largest > limit ? [`payloads of ${largest} bytes in packets of at most ${limit}`] : []),
  ];
}

/** The largest payload of a profile, in bytes; 0 if it depends on texts alone. */
export function largestPayload({ groups }: Pick<Profile, "groups">): number {
  return Math.max(0, ...groups.flatMap(payloadsOf));
}

function featuresOf(group: Group): readonly string[] {
  const { publish, subscribe, will, cleanSession } = group;
  const filters = subscribe.map(({ filter }) => textOf(filter));
  const qos: readonly QoS[] = [publish?.qos ?? 0, will?.qos ?? 0, ...subscribe.map((one) => one.qos)];
  return [
    ...qos.filter((one) => one > 0).map((one) => `qos${one}`),
    ...(publish?.retain || will?.retain ? ["retained"] : []),
    ...(will ? ["wills"] : []),
    ...(cleanSession ? [] : ["sessions"]),
    ...(filters.some((filter) => /[+#]/.test(filter)) ? ["wildcards"] : []),
    ...(filters.some((filter) => filter.startsWith("$share/")) ? ["shared-subscriptions"] : []),
  ];
}

function payloadsOf({ publish }: Group): readonly number[] {
  return publish?.payload.kind === "bytes" ? publish.payload.sizes.map(({ size }) => size) : [];
}

/** A template without its variables. */
function textOf(template: Template): string {
  return template.map((part) => typeof part === "string" ? part : "").join("");
}
