import type { Draft } from "../../mqtt/packet.ts";
import type { Quirk } from "./quirk.ts";

/** The client id that is redirected. */
const MOVED = "attest-moved";
const SERVER_MOVED = 0x9d;

/** The part of a quirk that redirects a 5.0 client with this reason code, and names this server if any. */
const redirects = (reason: number, server: string | undefined): Quirk["alter"] => (usual) => ({
  connect: (verdict, packet) => {
    const right = usual.connect(verdict, packet);
    const elsewhere = right.kind === "accept" || (right.kind === "refuse" && right.reason === SERVER_MOVED);
    const moved = packet.clientId === MOVED && packet.protocolLevel === 5 && elsewhere;
    return moved ? { kind: "refuse", reason } : right;
  },
  outgoing: (packet, version) =>
    usual.outgoing(packet, version).map((draft) =>
      draft.type === "CONNACK" && draft.reason === reason && server !== undefined && !isReferred(draft)
        ? { ...draft, properties: [...draft.properties ?? [], { name: "serverReference", value: server }] }
        : draft
    ),
});

/** Whether a packet names another server already. */
function isReferred({ properties = [] }: Extract<Draft, { readonly type: "CONNACK" }>): boolean {
  return properties.some(({ name }) => name === "serverReference");
}

/** Quirks of server redirection, by which a 5.0 server sends its clients elsewhere. */
export const REDIRECTION_QUIRKS: readonly Quirk[] = [
  {
    id: "redirects",
    about:
      'A client with the client id "attest-moved" gets CONNACK 0x9D and a Server Reference, and is disconnected',
    lawful: "section 4.11 of 5.0: a server can ask a client to use another server, with 0x9C or 0x9D",
    protocols: ["5.0"],
    alter: redirects(SERVER_MOVED, "127.0.0.1:1884 [::1]:1884"),
  },
  {
    id: "redirects-for-now",
    about: 'A client with the client id "attest-moved" gets CONNACK 0x9C without a Server Reference',
    lawful: "section 4.11 of 5.0: the Server Reference MAY be left out, if the client knows other servers",
    protocols: ["5.0"],
    alter: redirects(0x9c, undefined),
  },
];
