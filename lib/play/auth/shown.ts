import { sameBytes } from "../../ground/bytes.ts";
import type { DeclaredAuth } from "../../target/target.ts";
import { saslprep } from "./saslprep.ts";
import { escaped } from "./scram.ts";

const ASTERISK = 0x2a;

/**
 * Returns the client's Authentication Data as a report may show it, with the same length. Asterisks replace
 * the user name and proof of SCRAM, and everything that the client sends in a fixed exchange.
 */
export function shownAuthData(auth: DeclaredAuth, data: Uint8Array): Uint8Array {
  if (auth.kind === "fixed") {
    const secrets = [auth.connect, ...auth.steps.map(({ answer }) => answer)];
    const secret = secrets.some((one) => one && sameBytes(one, data));
    return secret ? new Uint8Array(data.length).fill(ASTERISK) : data;
  }
  const text = new TextDecoder().decode(data);
  const name = escaped(saslprep(auth.userName) ?? auth.userName);
  const hidden = text.replace(/(?<=^n,,n=)[^,]*/, (found) => found === name ? stars(found) : found)
    .replace(/(?<=^c=.*,p=).*$/, stars);
  return hidden === text ? data : new TextEncoder().encode(hidden);
}

function stars(text: string): string {
  return "*".repeat(new TextEncoder().encode(text).length);
}
