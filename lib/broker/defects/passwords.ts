import type { ConnectPacket } from "../../mqtt/packet.ts";
import type { Defect } from "./defect.ts";

/** The quirk by which the broker wants a password. */
const BESIDE = ["wants-password"];
const REASONS: ReadonlySet<number> = new Set([4, 0x86]);

/** A defect that accepts some clients which are to be refused for their user name or password. */
const accepts = (some: (packet: ConnectPacket) => boolean): Defect["alter"] => (right) => ({
  connect: (verdict, packet) => {
    const judged = right.connect(verdict, packet);
    const refused = judged.kind === "refuse" && REASONS.has(judged.reason);
    return refused && some(packet) ? { kind: "accept" } : judged;
  },
});

/** Faults of user names and passwords. */
export const PASSWORD_DEFECTS: readonly Defect[] = [
  {
    id: "password-not-compared",
    description: "A known user is accepted with any password",
    clauses: ["MQTT-3.1.4-2"],
    beside: BESIDE,
    alter: accepts(({ userName, password }) => userName === "attest" && password !== undefined),
  },
  {
    id: "anonymous-accepted",
    description: "A client without a user name is accepted",
    clauses: ["MQTT-3.1.4-2"],
    beside: BESIDE,
    alter: accepts(({ userName }) => userName === undefined),
  },
  {
    id: "unknown-user-accepted",
    description: "A user that the broker does not know is accepted",
    clauses: ["MQTT-3.1.4-2"],
    beside: BESIDE,
    alter: accepts(({ userName }) => userName !== undefined && userName !== "attest"),
  },
];
