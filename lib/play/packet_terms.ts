import { codeText, describe } from "../mqtt/describe.ts";
import type { Packet, PacketType } from "../mqtt/packet.ts";

/** Packets whose codes are return codes before 5.0, which has reason codes in all of its answers. */
const RETURN_CODES: ReadonlySet<string> = new Set<PacketType>(["CONNACK", "SUBACK"]);

/**
 * The name of a packet's field in the terms of the protocol: a `return code` of CONNACK and SUBACK before 5.0, which has a `reason code`;
 * a `clean session` that 5.0 calls `clean start`. Other fields keep the names of the suite language.
 */
export function fieldTerm(type: string, field: string, protocol: string | undefined): string {
  switch (field) {
    case "reason":
    case "reasons": {
      const term = isEarlier(protocol) && RETURN_CODES.has(type) ? "return code" : "reason code";
      return field === "reason" ? term : `${term}s`;
    }
    case "sessionPresent":
      return "session present";
    case "cleanStart":
      return isEarlier(protocol) ? "clean session" : "clean start";
    default:
      return field;
  }
}

/** Whether a protocol is MQTT before 5.0; one that is not known speaks as 5.0 does. */
function isEarlier(protocol: string | undefined): boolean {
  return protocol !== undefined && protocol !== "5.0";
}

/** A field and what is expected of it, `return code 0`, `no session present`; `value` is the expectation in words. */
export function fieldWithValue(
  type: string,
  field: string,
  value: string,
  protocol: string | undefined,
): string {
  const term = fieldTerm(type, field, protocol);
  if (field === "sessionPresent" && (value === "true" || value === "false")) {
    return value === "true" ? term : `no ${term}`;
  }
  // The codes of SUBACK and UNSUBACK come in a row, one for each filter.
  const told = field === "reasons" ? value.replaceAll(" or ", ", ") : value;
  return `${term} ${codesIn(field, told)}`;
}

/** A text about a field in which codes from ten on stand in hex, as the standards write them. */
export function codesIn(field: string, text: string): string {
  if (field !== "reason" && field !== "reasons") return text;
  return text.replaceAll(/(?<![\w.]|× )\d{2,3}(?![\w.])/g, (code) => codeText(Number(code)));
}

/** A packet that came, in one line and in the terms of the protocol: `CONNACK with return code 0, session present`. */
export function packetTerms(packet: Packet, protocol: string | undefined): string {
  if (packet.type !== "CONNACK" || protocol === undefined) return describe(packet);
  const code = `${packet.type} with ${fieldTerm(packet.type, "reason", protocol)} ${codeText(packet.reason)}`;
  const properties = describe({ ...packet, sessionPresent: false }).replace(/^CONNACK \S+/, "");
  return `${code}${packet.sessionPresent ? ", session present" : ""}${properties}`;
}
