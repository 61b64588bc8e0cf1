import { BAD_AUTHENTICATION_METHOD } from "../reasons.ts";
import { type Defect, tolerates } from "./defect.ts";

/** The reason codes Continue authentication and Re-authenticate. */
const OF_A_CLIENT: readonly number[] = [0x18, 0x19];

/** Faults of enhanced authentication in a broker that supports no method. The clauses are those of 5.0. */
export const AUTHENTICATION_DEFECTS: readonly Defect[] = [
  {
    id: "auth-method-ignored",
    description: "A CONNECT with an unknown Authentication Method is accepted",
    clauses: ["MQTT-4.12.0-1"],
    alter: (right) => ({
      connect: (verdict, packet) =>
        verdict.kind === "refuse" && verdict.reason === BAD_AUTHENTICATION_METHOD
          ? { kind: "accept" }
          : right.connect(verdict, packet),
    }),
  },
  {
    id: "auth-method-invented",
    description: "CONNACK has an Authentication Method although CONNECT had none",
    clauses: ["MQTT-4.12.0-6"],
    alter: (right) => ({
      announces: (announced, packet) => [
        ...right.announces(announced, packet),
        { name: "authenticationMethod", value: "plain" },
      ],
    }),
  },
  {
    id: "auth-data-alone-taken",
    description: "A CONNECT with Authentication Data and no Authentication Method is accepted",
    clauses: ["MQTT-3.1.4-1"],
    alter: tolerates(["authentication-data-alone"], "CONNECT"),
  },
  {
    id: "auth-answered",
    description: "AUTH is answered with AUTH although no Authentication Method was agreed",
    clauses: ["MQTT-4.12.0-6"],
    alter: () => ({ answersAuth: true }),
  },
  {
    id: "auth-ignored",
    description: "AUTH is ignored although no Authentication Method was agreed",
    clauses: ["MQTT-4.12.0-7", "MQTT-4.12.1-1", "MQTT-3.15.1-1", "MQTT-3.15.2-1"],
    alter: (right) => ({
      passesOver: (packet, connected) =>
        (connected && packet.type === "AUTH") || right.passesOver(packet, connected),
    }),
  },
  {
    id: "auth-reason-ignored",
    description: "AUTH with a reason code that a client cannot send is ignored",
    clauses: ["MQTT-3.15.2-1"],
    alter: (right) => ({
      passesOver: (packet, connected) =>
        (connected && packet.type === "AUTH" && !OF_A_CLIENT.includes(packet.reason)) ||
        right.passesOver(packet, connected),
    }),
  },
  {
    id: "served-behind-a-refusal",
    description: "A PUBLISH after a refused CONNECT is executed",
    clauses: ["MQTT-3.1.4-6", "MQTT-3.1.2-30"],
    alter: () => ({ servesRefused: true }),
  },
];
