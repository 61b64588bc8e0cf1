import { messageOf } from "../ground/error_message.ts";
import { TransportError } from "./error.ts";
import { Libc } from "./libc.ts";
import type { Transport } from "./transport.ts";
import { TtyStream } from "./tty_stream.ts";

/** A pseudo-terminal: this program plays the device at `path`. */
export interface Pty {
  /**
   * The device's side, which owns the pty. As with a device, the line stays up while no host has `path` open.
   * Closing it hangs up the line for every host.
   */
  readonly master: Transport;
  /** The path that a host opens as its serial port, such as `/dev/pts/3`. */
  readonly path: string;
}

/** Opens a raw pty: no echo, no line editing, bytes unchanged. Throws {@link TransportError}. */
export function openPty(): Pty {
  const libc = new Libc();
  const owned: number[] = [];
  try {
    const { fd, path } = libc.openMaster();
    owned.push(fd);
    // Held open: a pty whose last host has closed returns EIO to its master, which a real device never sees.
    const host = libc.open(path);
    owned.push(host);
    const termios = libc.getTermios(host);
    libc.makeRaw(termios);
    libc.setTermios(host, termios);
    return { master: new TtyStream(libc, fd, `The pty "${path}"`, () => libc.close(host)), path };
  } catch (error) {
    for (const fd of owned) libc.close(fd);
    libc[Symbol.dispose]();
    if (error instanceof TransportError) throw error;
    const reason = messageOf(error);
    throw new TransportError("failed", `Cannot open a pty: ${reason}`, { cause: error });
  }
}
