import type { Draft, Property } from "../../mqtt/packet.ts";
import { type ConnectFields, TestClient } from "../test_client.ts";

/** What a 5.0 client does with the topic "t", and what follows. */
export interface FiveStory {
  /** What the subscriber sends once it is connected; by default one subscription to "t" at QoS 1. */
  readonly subscribes?: readonly Draft[];
  /** What the publisher sends. */
  readonly publishes: readonly Draft[];
  /** Whether the subscriber is offline while the publisher sends. */
  readonly away?: boolean;
  /** Whether the subscriber connects once more, to receive again what it has not acknowledged. */
  readonly again?: boolean;
  /** Whether the subscriber subscribes only after the publisher has sent. */
  readonly late?: boolean;
  /** What the publisher sends in CONNECT; with a will its connection ends without DISCONNECT. */
  readonly publisher?: ConnectFields;
}

const KEPT: ConnectFields = {
  cleanStart: false,
  properties: [{ name: "sessionExpiryInterval", value: 300 }],
};

/** A SUBSCRIBE to "t" at QoS 1, or to another filter. */
export function subscribe(filter = "t", properties: readonly Property[] = [], qos: 0 | 1 | 2 = 1): Draft {
  return { type: "SUBSCRIBE", packetId: 1, subscriptions: [{ filter, qos }], properties };
}

/** A property with a subscription identifier. */
export function identified(value: number): Property {
  return { name: "subscriptionIdentifier", value };
}

/** A play in which the messages of one 5.0 client reach another; returns what the other gets after SUBACK. */
export function tells(story: FiveStory): (port: number) => Promise<string> {
  const { subscribes = [subscribe()], away, again, late, publishes, publisher = {} } = story;
  return async (port) => {
    let sub = await TestClient.connect(port, "sub", KEPT, "5.0");
    const connects = async () => {
      await sub.leave();
      await sub[Symbol.asyncDispose]();
      sub = await TestClient.connect(port, "sub", KEPT, "5.0");
    };
    const asks = async () => {
      for (const draft of subscribes) {
        await sub.send(draft);
        await sub.next();
      }
    };
    if (!late) await asks();
    if (away) {
      await sub.leave();
      await sub[Symbol.asyncDispose]();
    }
    await using pub = await TestClient.connect(port, "pub", publisher, "5.0");
    await pub.send(...publishes, { type: "PINGREQ" });
    let answer = await pub.next();
    while (answer !== "PINGRESP" && answer !== "closed") answer = await pub.next();
    if (publisher.will) {
      // The orderly close is the fence after the will.
      await pub.send({ type: "DISCONNECT", reason: 0x04 });
      await pub.untilClosed();
    }
    if (late) await asks();
    if (away) sub = await TestClient.connect(port, "sub", KEPT, "5.0");
    if (again) await connects();
    const got = await sub.leave();
    await sub[Symbol.asyncDispose]();
    return got;
  };
}
