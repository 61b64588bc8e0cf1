import type { ConnackPacket, ProtocolVersion } from "../../mqtt/packet.ts";
import { withReason } from "../probe/probe_client.ts";
import { type BrokerAddress, formatAddress } from "../../transport/address.ts";
import type { Credentials } from "../target.ts";
import { isHttp, shownBytes, shownText } from "./far_end.ts";
import type { FirstAnswer } from "./first_answer.ts";
import type { Spoken } from "./second_look.ts";

/** Bad user name or password, and not authorized, in 3.x and in 5.0. */
const LOGIN: readonly number[] = [4, 5];
const LOGIN_5: readonly number[] = [0x86, 0x87];
const WRONG_VERSION: readonly number[] = [1, 0x84];

/** Whether a return or reason code of CONNACK refuses the user. A code of the other version counts too. */
export function isLoginRefusal(version: ProtocolVersion, reason: number): boolean {
  return LOGIN_5.includes(reason) || (version !== "5.0" && LOGIN.includes(reason));
}

/**
 * Describes a broker that refuses the client, and what to do. `spoken` are the versions that its target
 * names.
 */
export function refusalSentence(
  where: string,
  { version, connack }: Extract<FirstAnswer, { kind: "refused" }>,
  credentials: Credentials | undefined,
  spoken: readonly string[] = [],
): string {
  const code = withReason("CONNACK", version, connack.reason);
  const answer = `answers ${code}${reasonString(connack)} to a CONNECT`;
  if (WRONG_VERSION.includes(connack.reason)) {
    return `The broker at ${where} speaks none of the versions that its target names, MQTT ` +
      `${spoken.join(", ")}: it ${answer} in ${version}; list the versions that it speaks under ` +
      "protocols: in a target file";
  }
  if (!isLoginRefusal(version, connack.reason)) {
    return `The broker at ${where} accepts no clients now: it ${answer}; try again once its log shows that it does`;
  }
  if (!credentials) {
    return `The broker at ${where} requires a login: it ${answer} without a user name; give --user NAME and ` +
      "--password-file FILE, or credentials: in a target file";
  }
  return `The broker at ${where} refuses this user name or password: it ${answer}; ` +
    "check --user and --password-file, or credentials: in the target file, and what the broker lets this user do";
}

/** Describes what is at an address instead of a broker, and what to do. */
export function strangerSentence(address: BrokerAddress, found: Spoken | Uint8Array): string {
  const where = formatAddress(address);
  const place = hostAndPort(address);
  if (found instanceof Uint8Array) {
    if (isHttp(found)) return strangerSentence(address, { kind: "http", bytes: found });
    return `${where} answers a CONNECT with bytes that are not MQTT: ${shownBytes(found)}; check host and ` +
      "port, which is usually 1883 for mqtt:// and 8883 for mqtts://";
  }
  const ws = address.kind === "ws" || address.kind === "wss";
  switch (found.kind) {
    case "tls":
      return `${where} speaks TLS, but the address is for a connection without TLS; write ` +
        `${ws ? "wss" : "mqtts"}://${place}`;
    case "mqtt":
      return address.kind === "ws"
        ? `${where} speaks MQTT without WebSocket; write mqtt://${place}`
        : `${where} speaks MQTT without TLS, but the address is for TLS; write mqtt://${place}`;
    case "http": {
      const secure = address.kind === "mqtts" || address.kind === "wss";
      return `${where} speaks HTTP instead of MQTT: it answers ${
        shownBytes(found.bytes)
      }; check the port, or ` +
        `write ${secure ? "wss" : "ws"}://${place}/mqtt for MQTT over WebSocket`;
    }
  }
}

/** Describes a far end that does not respond. */
export function silenceSentence(where: string, closes: boolean, withinMs: number): string {
  return closes
    ? `${where} accepts the connection and closes it without answering a CONNECT; check the port, ` +
      "whether it requires a login (--user, --password-file), and the broker's log"
    : `${where} accepts the connection but does not answer a CONNECT within ${withinMs / 1000} s; ` +
      "check the port and whether the broker runs, or set a longer within: in a target file";
}

/** Returns the Reason String of a 5.0 CONNACK as a remark. */
function reasonString({ properties }: ConnackPacket): string {
  const text = properties.find(({ name }) => name === "reasonString")?.value;
  return typeof text === "string" ? `, with the reason ${shownText(text)}` : "";
}

function hostAndPort(address: BrokerAddress): string {
  if (address.kind === "unix") return address.path;
  return formatAddress({ kind: "mqtt", host: address.host, port: address.port }).replace("mqtt://", "");
}
