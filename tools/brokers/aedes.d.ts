/** The part of aedes that is used. Its own types would replace those of Deno with those of Node everywhere. */
import type { Duplex } from "node:stream";
import type { IncomingMessage } from "node:http";
import type { Socket } from "node:net";

export class Aedes {
  static createBroker(options: { readonly id: string }): Promise<Aedes>;
  /** Serves one client. */
  readonly handle: (stream: Duplex | Socket, request?: IncomingMessage) => unknown;
  /** Disconnects all clients, and calls back. */
  readonly close: (done: () => void) => void;
}
