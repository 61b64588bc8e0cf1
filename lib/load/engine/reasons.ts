import { messageOf } from "../../ground/error_message.ts";
import { ellipsis, escaped } from "../../ground/text.ts";
import { TransportError } from "../../transport/error.ts";

/**
 * Returns why a connection failed or was lost, in a few words by which such errors are counted. `client` is the id of a
 * client with a certificate of its own: a broker that refuses it refuses that client alone, so the reason names the
 * client.
 */
export function reasonOf(error: unknown, client?: string): string {
  if (client !== undefined && error instanceof TransportError && error.fault === "denied") {
    return `the certificate of ${ellipsis(escaped(client), 60)} is refused`;
  }
  if (error instanceof Deno.errors.ConnectionRefused) return "refused";
  if (error instanceof Deno.errors.ConnectionReset || error instanceof Deno.errors.ConnectionAborted) {
    return "reset";
  }
  if (error instanceof Deno.errors.BrokenPipe) return "reset";
  if (error instanceof Deno.errors.TimedOut) return "timed out";
  if (error instanceof Deno.errors.AddrNotAvailable) return "no free port";
  const text = messageOf(error);
  if (/too many open files/i.test(text)) return "no free descriptor";
  if (/refused/i.test(text)) return "refused";
  if (/reset|broken pipe/i.test(text)) return "reset";
  if (/timed out/i.test(text)) return "timed out";
  if (/EADDRNOTAVAIL|cannot assign/i.test(text)) return "no free port";
  if (/unreachable/i.test(text)) return "unreachable";
  return text.slice(0, 80);
}
