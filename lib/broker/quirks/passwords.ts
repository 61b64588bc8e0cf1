import type { ConnectPacket } from "../../mqtt/packet.ts";
import type { Quirk } from "./quirk.ts";

/** The only user, and its password. */
const USER = "attest";
const PASSWORD = "reference broker";
const BAD_USER_NAME_OR_PASSWORD = 0x86;
const BAD_USER_NAME_OR_PASSWORD_3 = 4;
const NOT_AUTHORIZED = 0x87;

/** Whether a CONNECT has the right user name and password, or authenticates in another way. */
export function isKnown({ userName, password, properties }: ConnectPacket): boolean {
  if (properties.some(({ name }) => name === "authenticationMethod")) return true;
  return userName === USER && password !== undefined && new TextDecoder().decode(password) === PASSWORD;
}

/** Quirks of user names and passwords. */
export const PASSWORD_QUIRKS: readonly Quirk[] = [
  {
    id: "wants-password",
    about:
      'A client without the user name "attest" and the password "reference broker" is refused, with 0x04 in 3.x and 0x86 in 5.0, unless it authenticates by a method',
    lawful: "section 3.1.4: a server may check that the content of CONNECT meets further restrictions",
    credentials: true,
    alter: (usual) => ({
      connect: (verdict, packet) => {
        const right = usual.connect(verdict, packet);
        if (right.kind !== "accept" || isKnown(packet)) return right;
        const reason = packet.protocolLevel === 5 ? BAD_USER_NAME_OR_PASSWORD : BAD_USER_NAME_OR_PASSWORD_3;
        return { kind: "refuse", reason };
      },
    }),
  },
  {
    id: "passwords-not-authorized",
    about: "A client with a wrong user name or password is refused with 0x87 in 5.0, instead of 0x86",
    lawful: "section 3.2.2.2 of 5.0 lists both codes; MQTT-3.1.4-2 requires only the close",
    protocols: ["5.0"],
    beside: ["wants-password"],
    alter: (usual) => ({
      connect: (verdict, packet) => {
        const right = usual.connect(verdict, packet);
        const bad = right.kind === "refuse" && right.reason === BAD_USER_NAME_OR_PASSWORD;
        return bad ? { kind: "refuse", reason: NOT_AUTHORIZED } : right;
      },
    }),
  },
];
