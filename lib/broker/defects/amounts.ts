import type { Property } from "../../mqtt/packet.ts";
import type { BrokerBehaviour } from "../behaviour.ts";
import type { Defect } from "./defect.ts";

/** The properties of CONNACK that announce an amount. */
const AMOUNTS: ReadonlySet<string> = new Set([
  "receiveMaximum",
  "maximumPacketSize",
  "topicAliasMaximum",
  "serverKeepAlive",
  "sessionExpiryInterval",
]);

/** The quirks that announce each of them. */
const BESIDE = [
  "receive-maximum-3",
  "maximum-packet-size-512",
  "topic-alias-maximum-5",
  "server-keep-alive-5",
  "session-expiry-10",
];

/** A defect that changes the amounts in CONNACK, and leaves what the broker does. */
const announces =
  (change: (one: Property, amount: number) => readonly Property[]): Defect["alter"] =>
  (right: BrokerBehaviour) => ({
    announces: (announced, packet) =>
      right.announces(announced, packet).flatMap((one) =>
        AMOUNTS.has(one.name) && typeof one.value === "number" ? change(one, one.value) : [one]
      ),
  });

/** Faults of the amounts that CONNACK of 5.0 announces. */
export const AMOUNT_DEFECTS: readonly Defect[] = [
  {
    id: "amounts-unsaid",
    description: "CONNACK has none of the amounts that the broker enforces",
    beside: BESIDE,
    alter: announces(() => []),
  },
  {
    id: "amounts-understated",
    description: "CONNACK announces one less of each amount than the broker enforces",
    beside: BESIDE,
    alter: announces((one, amount) => [{ ...one, value: amount - 1 }]),
  },
  {
    id: "server-keep-alive-not-kept",
    description: "CONNACK has a Server Keep Alive, but the broker uses the client's Keep Alive",
    clauses: ["MQTT-3.1.2-22"],
    beside: ["server-keep-alive-5"],
    alter: (right) => ({
      serverKeepAlive: undefined,
      announces: (announced, packet) => [
        ...right.announces(announced, packet),
        { name: "serverKeepAlive", value: right.serverKeepAlive ?? 0 },
      ],
    }),
  },
];
