import type { DeclaredAuth } from "../../target/target.ts";
import type { ClientExchange } from "./exchange.ts";
import { FixedExchange } from "./fixed.ts";
import { ScramExchange } from "./scram.ts";

/** Starts an exchange. `random` returns numbers in [0, 1), from which the client's nonce is generated. */
export function beginExchange(auth: DeclaredAuth, random: () => number): ClientExchange {
  return auth.kind === "scram" ? new ScramExchange(auth, nonce(random)) : new FixedExchange(auth);
}

const NONCE_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const NONCE_LENGTH = 24;

function nonce(random: () => number): string {
  return Array.from({ length: NONCE_LENGTH }, () => NONCE_LETTERS[Math.floor(random() * 64)]).join("");
}
