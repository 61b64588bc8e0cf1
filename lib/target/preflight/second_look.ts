import type { BrokerAddress } from "../../transport/address.ts";
import { dial } from "../../transport/dial.ts";
import { TransportError } from "../../transport/error.ts";
import { connectTcp } from "../../transport/tcp.ts";
import { ResettableTcp } from "../../transport/resettable_tcp.ts";
import { connectTls } from "../../transport/tls.ts";
import { isHttp, isTls } from "./far_end.ts";
import { askBytes, askConnect, type FirstAnswer } from "./first_answer.ts";

/** The timeout of each test of what else a port speaks, in milliseconds. */
const LOOK_MS = 2_000;

/** What a port speaks instead of what its address says. */
export type Spoken =
  | { readonly kind: "tls" }
  | { readonly kind: "mqtt" }
  | { readonly kind: "http"; readonly bytes: Uint8Array };

/** Finds out what the port of an address speaks instead of MQTT, or returns undefined. Never throws. */
export async function lookAgain(address: BrokerAddress, signal: AbortSignal): Promise<Spoken | undefined> {
  if (address.kind === "unix") return undefined;
  const { host, port } = address;
  const question = {
    open: async (signal: AbortSignal) =>
      new ResettableTcp(await connectTcp(host, port, { withinMs: LOOK_MS, signal })),
    withinMs: LOOK_MS,
    signal,
  };
  const looks = [
    over(address) === "tls" ? speaksMqtt : speaksTls,
    ...(address.kind === "ws" ? [speaksMqtt] : []),
    ...(address.kind === "ws" || address.kind === "wss" ? [] : [speaksHttp]),
  ];
  for (const found of await Promise.all(looks.map((look) => look()))) if (found) return found;
  return undefined;

  async function speaksTls(): Promise<Spoken | undefined> {
    try {
      const options = { withinMs: LOOK_MS, signal };
      (await connectTls(host, port, { insecure: true }, options)).close();
      return { kind: "tls" };
    } catch (error) {
      // A server that requires a client certificate or another version speaks TLS too.
      const fault = error instanceof TransportError ? error.fault : undefined;
      return fault === "untrusted" || fault === "denied" ? { kind: "tls" } : undefined;
    }
  }

  async function speaksMqtt(): Promise<Spoken | undefined> {
    for (const version of ["3.1.1", "5.0", "3.1"] as const) {
      const answer = await askConnect(question, { version, clientId: "attestlook" })
        .catch((): FirstAnswer => ({ kind: "silent" }));
      if (answer.kind === "accepted" || answer.kind === "refused") return { kind: "mqtt" };
      if (answer.kind === "bytes") {
        return isHttp(answer.bytes) ? { kind: "http", bytes: answer.bytes } : undefined;
      }
      if (answer.kind === "silent") return undefined;
    }
    return undefined;
  }

  async function speaksHttp(): Promise<Spoken | undefined> {
    const request = new TextEncoder().encode(`GET / HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
    const inside = over(address) === "tls" ? { ...question, open: insideTls } : question;
    const bytes = await askBytes(inside, request).catch(() => new Uint8Array(0));
    if (isHttp(bytes)) return { kind: "http", bytes };
    return isTls(bytes) && over(address) !== "tls" ? { kind: "tls" } : undefined;
  }

  function insideTls(signal: AbortSignal) {
    return dial({ kind: "mqtts", host, port }, { withinMs: LOOK_MS, signal, tls: { insecure: true } });
  }
}

function over(address: BrokerAddress): "tls" | "plain" {
  return address.kind === "mqtts" || address.kind === "wss" ? "tls" : "plain";
}
