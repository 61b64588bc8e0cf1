import { PAIR_METHOD, STEPS_METHOD } from "../method/fixed.ts";
import { SCRAM_METHODS_OF_BROKER } from "../method/scram.ts";
import type { Quirk } from "./quirk.ts";

/** The quirk by which the broker knows methods of authentication. */
const BESIDE = ["authenticates"];
const CODES =
  "MQTT-4.12.0-4 of 5.0 demands a reason of 0x80 or above, and section 4.12 leaves it to the method when a client has failed";

/** Quirks of enhanced authentication. */
export const AUTHENTICATION_QUIRKS: readonly Quirk[] = [
  {
    id: "authenticates",
    about:
      'The broker knows the Authentication Methods "x-attest-pair", "x-attest-steps", "SCRAM-SHA-1" and "SCRAM-SHA-256", the last two of the user "attest" with the password "reference broker"',
    lawful: "5.0 section 4.12 leaves it to client and server which methods there are",
    protocols: ["5.0"],
    alter: () => ({ methods: [PAIR_METHOD, STEPS_METHOD, ...SCRAM_METHODS_OF_BROKER] }),
  },
  {
    id: "auth-failed-bad-password",
    about: "A client that can't authenticate itself gets CONNACK 0x86 instead of 0x87",
    lawful: CODES,
    protocols: ["5.0"],
    beside: BESIDE,
    alter: () => ({ authFailure: (right, connected) => connected ? right : 0x86 }),
  },
  {
    id: "auth-failed-unspecified",
    about: "An authentication that fails is refused by 0x80 instead of 0x87",
    lawful: CODES,
    protocols: ["5.0"],
    beside: BESIDE,
    alter: () => ({ authFailure: () => 0x80 }),
  },
  {
    id: "auth-unknown-user-at-once",
    about: "A user of SCRAM that there is not is refused at once, and not after an answer",
    lawful: "RFC 5802 leaves it to the server when it tells that a user is unknown",
    protocols: ["5.0"],
    beside: BESIDE,
    alter: () => ({ asksUnknownUsers: false }),
  },
  {
    id: "auth-success-data-first",
    about:
      "The last data of the server goes ahead of the success in an AUTH 0x18, which the client answers without data",
    lawful: "section 4.12 of 5.0 leaves it to the method in how many AUTH packets its data goes",
    protocols: ["5.0"],
    beside: BESIDE,
    alter: () => ({ successDataFirst: true }),
  },
  {
    id: "re-auth-holds-messages",
    about: "Messages for a client that authenticates itself again are held back until it has",
    lawful: "section 4.12.1 of 5.0: other packets can go on meanwhile; none has to",
    protocols: ["5.0"],
    beside: BESIDE,
    alter: () => ({ duringAuth: () => "hold" }),
  },
];
