import { PAIR_METHOD, STEPS_METHOD } from "../method/fixed.ts";
import { SCRAM_METHODS_OF_BROKER } from "../method/scram.ts";
import type { Quirk } from "./quirk.ts";

/** The quirk with which the broker supports authentication methods. */
const BESIDE = ["authenticates"];
const CODES =
  "MQTT-4.12.0-4 of 5.0 requires a reason of 0x80 or above, and section 4.12 lets the method decide when a client has failed";

/** Quirks of enhanced authentication. */
export const AUTHENTICATION_QUIRKS: readonly Quirk[] = [
  {
    id: "authenticates",
    about:
      'The broker supports the Authentication Methods "x-attest-pair", "x-attest-steps", "SCRAM-SHA-1" and "SCRAM-SHA-256"; in the last two, user "attest" has the password "reference broker"',
    lawful: "5.0 section 4.12 leaves the methods to client and server",
    protocols: ["5.0"],
    alter: () => ({ methods: [PAIR_METHOD, STEPS_METHOD, ...SCRAM_METHODS_OF_BROKER] }),
  },
  {
    id: "auth-failed-bad-password",
    about: "A client that fails to authenticate gets CONNACK 0x86 instead of 0x87",
    lawful: CODES,
    protocols: ["5.0"],
    beside: BESIDE,
    alter: () => ({ authFailure: (right, connected) => connected ? right : 0x86 }),
  },
  {
    id: "auth-failed-unspecified",
    about: "A failed authentication is refused with 0x80 instead of 0x87",
    lawful: CODES,
    protocols: ["5.0"],
    beside: BESIDE,
    alter: () => ({ authFailure: () => 0x80 }),
  },
  {
    id: "auth-unknown-user-at-once",
    about: "An unknown SCRAM user is refused at once, not after an answer",
    lawful: "RFC 5802 lets the server decide when it reports an unknown user",
    protocols: ["5.0"],
    beside: BESIDE,
    alter: () => ({ asksUnknownUsers: false }),
  },
  {
    id: "auth-success-data-first",
    about:
      "The server's last data is sent before the success, in an AUTH 0x18, which the client answers without data",
    lawful: "section 4.12 of 5.0 lets the method decide how many AUTH packets carry its data",
    protocols: ["5.0"],
    beside: BESIDE,
    alter: () => ({ successDataFirst: true }),
  },
  {
    id: "re-auth-holds-messages",
    about: "Messages for a client are held back while it re-authenticates",
    lawful: "section 4.12.1 of 5.0: other packets can continue to flow, but need not",
    protocols: ["5.0"],
    beside: BESIDE,
    alter: () => ({ duringAuth: () => "hold" }),
  },
];
