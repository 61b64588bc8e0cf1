import type { Draft, ProtocolVersion } from "../../mqtt/packet.ts";
import { type ConnectFields, connectPacket, TestClient } from "../test_client.ts";

/** A conversation with a broker; returns what came back as text. */
export type Play = (port: number) => Promise<string>;

/** The outcome of one conversation with a correct broker and with a broker that has a defect. */
export interface Trial {
  readonly defect: string;
  readonly play: Play;
  /** The quirks that both brokers have; default none. */
  readonly quirks?: readonly string[];
  readonly right: string;
  readonly wrong: string;
}

/** Makes a trial. */
export function trial(defect: string, play: Play, right: string, wrong: string): Trial {
  return { defect, play, right, wrong };
}

/** A client with these fields connects, sends PINGREQ, and leaves, without waiting for an answer. */
export function connects(
  fields: ConnectFields,
  version: ProtocolVersion = "3.1.1",
  clientId = "a",
  patienceMs?: number,
): Play {
  return async (port) => {
    await using client = await TestClient.open(port, version);
    await client.send(
      connectPacket(version, { clientId, ...fields }),
      { type: "PINGREQ" },
      { type: "DISCONNECT" },
    );
    return await client.untilClosed(patienceMs);
  };
}

/** A connected client sends this, then PINGREQ, and leaves. */
export function sends(...drafts: readonly Draft[]): Play {
  return async (port) => {
    await using client = await TestClient.connect(port, "a");
    await client.send(...drafts, { type: "PINGREQ" });
    return await client.leave();
  };
}

/** A connected client sends these bytes, then PINGREQ, and leaves. */
export function sendsBytes(...bytes: readonly number[]): Play {
  return async (port) => {
    await using client = await TestClient.connect(port, "a");
    await client.sendBytes(Uint8Array.from([...bytes, 0xc0, 0x00]));
    return await client.leave();
  };
}

/** A QoS 2 subscriber to `filter`, and a publisher that sends this; returns what the subscriber gets. */
export function relays(filter: string, ...drafts: readonly Draft[]): Play {
  return relaysIn("3.1.1", "3.1.1", filter, ...drafts);
}

/** The same with a subscriber and a publisher of different versions. */
export function relaysIn(
  subscribes: ProtocolVersion,
  publishes: ProtocolVersion,
  filter: string,
  ...drafts: readonly Draft[]
): Play {
  return async (port) => {
    await using subscriber = await TestClient.connect(port, "sub", {}, subscribes);
    await subscriber.subscribe(filter, 2);
    await using publisher = await TestClient.connect(port, "pub", {}, publishes);
    await publisher.send(...drafts);
    await publisher.leave();
    return await subscriber.leave();
  };
}

/** A PUBLISH. */
export function publish(
  topic: string,
  payload: string | Uint8Array,
  qos: 0 | 1 | 2 = 0,
  more: object = {},
): Draft {
  return { type: "PUBLISH", topic, payload, qos, packetId: qos === 0 ? undefined : 7, ...more };
}
