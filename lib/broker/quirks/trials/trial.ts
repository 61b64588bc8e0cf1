import type { Draft, ProtocolVersion } from "../../../mqtt/packet.ts";
import { type ConnectFields, TestClient } from "../../test_client.ts";
import type { Play } from "../../trials/trial.ts";

/** The outcome of one conversation with the usual broker and with a broker that has a quirk. */
export interface QuirkTrial {
  readonly quirk: string;
  readonly play: Play;
  /** Undefined if the usual outcome depends on the speed of the machine. */
  readonly usual: string | undefined;
  readonly unusual: string;
  /** The quirks that both brokers have in addition; default none. */
  readonly beside?: readonly string[] | undefined;
}

/** Makes a trial. */
export function trial(quirk: string, play: Play, usual: string | undefined, unusual: string): QuirkTrial {
  return { quirk, play, usual, unusual };
}

/** A 5.0 client without limits connects, sends this, then PINGREQ, and leaves. */
export function sends5(...drafts: readonly Draft[]): Play {
  return sendsAs("5.0", {}, ...drafts);
}

/** A client with these fields connects, sends this, then PINGREQ, and leaves; returns what arrived after CONNACK. */
export function sendsAs(version: ProtocolVersion, fields: ConnectFields, ...drafts: readonly Draft[]): Play {
  return async (port) => {
    await using client = await TestClient.connect(port, "a", fields, version);
    await client.send(...drafts, { type: "PINGREQ" });
    return await client.leave();
  };
}

/** Returns the answer to a CONNECT. */
export function connack(fields: ConnectFields, version: ProtocolVersion, clientId = "a"): Play {
  return async (port) => {
    await using client = await TestClient.connect(port, clientId, fields, version);
    return client.connack;
  };
}

/** Returns the answer to a CONNECT without its properties. */
export function verdict(fields: ConnectFields, version: ProtocolVersion, clientId = "a"): Play {
  return async (port) => (await connack(fields, version, clientId)(port)).replace(/ \{.*/, "");
}

/** Returns the bytes that answer a packet, in hex. */
export function hexOf(version: ProtocolVersion, ...drafts: readonly Draft[]): Play {
  return async (port) => {
    await using client = await TestClient.connect(port, "a", {}, version);
    await client.send(...drafts);
    return await client.hex();
  };
}

/** A SUBSCRIBE with the packet id 1. */
export function subscribe(
  ...subscriptions: readonly { filter: string; qos?: 0 | 1 | 2; noLocal?: boolean }[]
): Extract<Draft, { readonly type: "SUBSCRIBE" }> {
  return { type: "SUBSCRIBE", packetId: 1, subscriptions };
}
