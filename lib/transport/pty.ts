import { messageOf } from "../ground/error_message.ts";
import { TransportError } from "./error.ts";
import { Libc } from "./libc.ts";
import type { Transport } from "./transport.ts";
import { TtyStream } from "./tty_stream.ts";

/** A pseudo-terminal: this program plays the device at `path`. */
export interface Pty {
  /**
   * The device's side; owns the pty. The line stays up while nobody has `path` open, as a device's does. Once this is
   * closed, whoever has `path` open sees the line hang up.
   */
  readonly master: Transport;
  /** What a host opens as its serial port, such as `/dev/pts/3`. */
  readonly path: string;
}

/** Opens a raw pty: no echo, no line editing, bytes as they are. Throws {@link TransportError}. */
export function openPty(): Pty {
  const libc = new Libc();
  const owned: number[] = [];
  try {
    const { fd, path } = libc.openMaster();
    owned.push(fd);
    // Held open: a pty whose last host has left gives EIO to its master, which a device never sees.
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
    throw new TransportError("failed", `No pty could be opened: ${reason}`, { cause: error });
  }
}
