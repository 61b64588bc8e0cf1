import type { HostilePeer } from "../visitor.ts";
import { HOSTILE_TEXT } from "../text.ts";

const encoder = new TextEncoder();
/** How many bytes a flood writes at once. */
const PIECE = 64 * 1024;

/** Modules at the far end of a serial line over TCP. */
export const SERIAL: readonly HostilePeer[] = [
  { name: "serial-dead", about: "takes all that is typed and prints nothing", plays: "module" },
  {
    name: "serial-lines",
    about: "prints lines without end",
    plays: "module",
    opened: (visitor) => visitor.flood(encoder.encode("\r\n+HOSTILE: 1\r\n".repeat(PIECE / 16))),
  },
  {
    name: "serial-one-line",
    about: "prints a line that never ends",
    plays: "module",
    opened: (visitor) => visitor.flood(new Uint8Array(PIECE).fill(0x78)),
  },
  {
    name: "serial-escapes",
    about: "answers each command with escape sequences, markup and OK",
    plays: "module",
    typed: (visitor) =>
      visitor.write(encoder.encode(`\r\n+CME: ${HOSTILE_TEXT}\r\n${HOSTILE_TEXT}\r\n\r\nOK\r\n`)),
  },
];
