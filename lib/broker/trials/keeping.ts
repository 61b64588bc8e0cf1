import type { Property } from "../../mqtt/packet.ts";
import { type ConnectFields, TestClient } from "../test_client.ts";
import { type Play, type Trial, trial } from "./trial.ts";

/** A connection: its Session Expiry Interval, and that of its DISCONNECT. */
interface Stay {
  readonly connect?: number;
  readonly disconnect?: number;
  readonly cleanStart?: boolean;
}

const interval = (seconds: number | undefined): Property[] =>
  seconds === undefined ? [] : [{ name: "sessionExpiryInterval", value: seconds }];

/** A client comes and goes this often; returns the CONNACK of the next connection. */
const after = (...stays: readonly Stay[]): Play => async (port) => {
  const open = (fields: ConnectFields) => TestClient.connect(port, "a", fields, "5.0");
  for (const { connect, disconnect, cleanStart = false } of stays) {
    await using client = await open({ cleanStart, properties: interval(connect) });
    await client.send({ type: "DISCONNECT", properties: interval(disconnect) });
    await client.untilClosed();
  }
  await using last = await open({ cleanStart: false });
  return last.connack.replace(/ \{.*/, "");
};

/** A client without a session leaves with a DISCONNECT that requests one; returns what the subscriber of its will gets. */
const will: Play = async (port) => {
  await using sub = await TestClient.connect(port, "sub", {}, "5.0");
  await sub.subscribe("will");
  await using client = await TestClient.connect(port, "a", {
    will: { topic: "will", payload: "gone" },
  }, "5.0");
  await client.send({ type: "DISCONNECT", properties: interval(300) });
  await client.untilClosed();
  return await sub.leave();
};

const KEPT = "CONNACK 0 session-present";
const GONE = "CONNACK 0";

export const KEEPING_TRIALS: readonly Trial[] = [
  trial("disconnect-expiry-ignored", after({ connect: 300, disconnect: 0 }), GONE, KEPT),
  trial("disconnect-expiry-never-lowered", after({ connect: 300, disconnect: 0 }), GONE, KEPT),
  trial("disconnect-expiry-0-ignored", after({ connect: 300, disconnect: 0 }), GONE, KEPT),
  trial("expiry-raised-from-0", after({ disconnect: 300 }), GONE, KEPT),
  trial("expiry-raised-from-0-drops-will", will, 'PUBLISH q0 "will" "gone"', ""),
  trial("session-expiry-handed-on", after({ connect: 300 }, {}), GONE, KEPT),
  trial("session-expiry-of-the-first", after({ connect: 300 }, { connect: 0 }), GONE, KEPT),
  trial("clean-start-keeps-nothing", after({ connect: 300, cleanStart: true }), KEPT, GONE),
];
