import type { HostilePeer } from "../visitor.ts";
import { HOSTILE_TEXT } from "../text.ts";

const encoder = new TextEncoder();
/** How many bytes a flood writes at once. */
const PIECE = 64 * 1024;

/** Misbehaviours of a module, independent of its line. */
const MODULES: readonly HostilePeer[] = [
  { name: "dead", about: "accepts all input and prints nothing", plays: "module" },
  {
    name: "lines",
    about: "prints lines without end",
    plays: "module",
    opened: (visitor) => visitor.flood(encoder.encode("\r\n+HOSTILE: 1\r\n".repeat(PIECE / 16))),
  },
  {
    name: "one-line",
    about: "prints a line that never ends",
    plays: "module",
    opened: (visitor) => visitor.flood(new Uint8Array(PIECE).fill(0x78)),
  },
  {
    name: "escapes",
    about: "answers each command with escape sequences, markup and OK",
    plays: "module",
    typed: (visitor) =>
      visitor.write(encoder.encode(`\r\n+CME: ${HOSTILE_TEXT}\r\n${HOSTILE_TEXT}\r\n\r\nOK\r\n`)),
  },
];

/** Modules at the far end of a serial line over TCP, and behind a pty. */
export const SERIAL: readonly HostilePeer[] = [
  ...MODULES.map((peer) => ({ ...peer, name: `serial-${peer.name}` })),
  ...MODULES.map((peer) => ({
    ...peer,
    name: `pty-${peer.name}`,
    about: `${peer.about}, behind a pty`,
    pty: true,
  })),
];
