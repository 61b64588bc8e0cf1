/** What is used of aedes. Its own types would put those of Node in the place of Deno's, everywhere. */
import type { Duplex } from "node:stream";
import type { IncomingMessage } from "node:http";
import type { Socket } from "node:net";

export class Aedes {
  static createBroker(options: { readonly id: string }): Promise<Aedes>;
  /** Serves one client. */
  readonly handle: (stream: Duplex | Socket, request?: IncomingMessage) => unknown;
  /** Ends all clients, and calls back. */
  readonly close: (done: () => void) => void;
}
