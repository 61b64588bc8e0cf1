import { TestClient } from "../test_client.ts";
import { type Play, type Trial } from "./trial.ts";

const BESIDE = [
  "receive-maximum-3",
  "maximum-packet-size-512",
  "topic-alias-maximum-5",
  "server-keep-alive-5",
  "session-expiry-10",
];

/** The amounts that CONNACK announces to a client that asks for a long session. */
const amounts: Play = async (port) => {
  const properties = [{ name: "sessionExpiryInterval", value: 300 }];
  await using client = await TestClient.connect(port, "a", { properties }, "5.0");
  return client.connack;
};

export const AMOUNT_TRIALS: readonly Trial[] = [
  {
    defect: "amounts-unsaid",
    quirks: BESIDE,
    play: amounts,
    right:
      "CONNACK 0 {maximumPacketSize=512, topicAliasMaximum=5, receiveMaximum=3, serverKeepAlive=5, sessionExpiryInterval=10}",
    wrong: "CONNACK 0",
  },
  {
    defect: "amounts-understated",
    quirks: BESIDE,
    play: amounts,
    right:
      "CONNACK 0 {maximumPacketSize=512, topicAliasMaximum=5, receiveMaximum=3, serverKeepAlive=5, sessionExpiryInterval=10}",
    wrong:
      "CONNACK 0 {maximumPacketSize=511, topicAliasMaximum=4, receiveMaximum=2, serverKeepAlive=4, sessionExpiryInterval=9}",
  },
];
