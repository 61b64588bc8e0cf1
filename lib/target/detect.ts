import { MqttLink } from "../link/mqtt_link.ts";
import { PROTOCOL_VERSIONS, type ProtocolVersion } from "../mqtt/packet.ts";
import { type BrokerAddress, isBrokerAddress, parseAddress } from "../transport/address.ts";
import { dial } from "../transport/dial.ts";
import type { TargetFile } from "./target_file.ts";

/** Milliseconds for one version's CONNECT and its answer. */
const WITHIN_MS = 2_000;

/**
 * Detects the protocol versions of a broker that is known by its address alone, by a CONNECT in each. A broker that
 * can't be reached keeps the versions of the file; the error shows when the broker is used.
 */
export async function withDetectedProtocols(file: TargetFile): Promise<TargetFile> {
  if (file.tests !== "broker" || !file.address) return file;
  const address = parseAddress(file.address.text);
  if (!isBrokerAddress(address)) return file;
  const answers = await Promise.all(PROTOCOL_VERSIONS.map((version) => accepts(address, version)));
  const protocols = PROTOCOL_VERSIONS.filter((_, index) => answers[index]);
  return protocols.length > 0 ? { ...file, protocols } : file;
}

async function accepts(address: BrokerAddress, version: ProtocolVersion): Promise<boolean> {
  try {
    await using link = new MqttLink(await dial(address, { withinMs: WITHIN_MS }), { version });
    await link.send({
      type: "CONNECT",
      cleanStart: true,
      keepAlive: 10,
      clientId: `attest${Date.now().toString(36)}${version.replaceAll(".", "")}`,
    });
    const answer = await link.receive(WITHIN_MS);
    const accepted = answer?.kind === "packet" && answer.packet.type === "CONNACK" &&
      answer.packet.reason === 0;
    if (accepted) await link.send({ type: "DISCONNECT" });
    return accepted;
  } catch {
    return false;
  }
}
