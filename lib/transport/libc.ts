/**
 * The calls into the C library, which are the only FFI of the project. FFI means full access to the process,
 * so the library is opened by its absolute path and a permission can name exactly that file
 * (`--allow-ffi=PATH`).
 *
 * Every descriptor created here is non-blocking and close-on-exec. Only {@link Libc.poll} and {@link
 * Libc.drain} leave the calling thread.
 */
import { TransportError } from "./error.ts";
import { LINUX, MACOS, type Platform } from "./termios.ts";

const MAC = Deno.build.os === "darwin";
// On Apple silicon variadic arguments go on the stack, so registers 3 to 8 are filled with zeros.
const STACKED = MAC && Deno.build.arch === "aarch64";

/** The paths of the C library by system; the first that opens is used. */
export const LIBC_PATHS: readonly string[] = MAC ? ["/usr/lib/libSystem.B.dylib"] : [
  `/lib/${Deno.build.arch === "aarch64" ? "aarch64" : "x86_64"}-linux-gnu/libc.so.6`,
  "/lib64/libc.so.6",
  "/usr/lib/libc.so.6",
];

const SYMBOLS = {
  // No mode argument: files are never created.
  open: { parameters: ["buffer", "i32"], result: "i32" },
  close: { parameters: ["i32"], result: "i32" },
  read: { parameters: ["i32", "buffer", "usize"], result: "isize" },
  write: { parameters: ["i32", "buffer", "usize"], result: "isize" },
  pipe: { parameters: ["buffer"], result: "i32" },
  poll: { parameters: ["buffer", "usize", "i32"], result: "i32", nonblocking: true },
  ioctl: { parameters: ["i32", "usize", "buffer"], result: "i32" },
  ioctl_stacked: {
    name: "ioctl",
    parameters: ["i32", "usize", "usize", "usize", "usize", "usize", "usize", "usize", "buffer"],
    result: "i32",
  },
  flock: { parameters: ["i32", "i32"], result: "i32" },
  tcgetattr: { parameters: ["i32", "buffer"], result: "i32" },
  tcsetattr: { parameters: ["i32", "i32", "buffer"], result: "i32" },
  tcflush: { parameters: ["i32", "i32"], result: "i32" },
  tcdrain: { parameters: ["i32"], result: "i32", nonblocking: true },
  cfmakeraw: { parameters: ["buffer"], result: "void" },
  cfsetispeed: { parameters: ["buffer", "usize"], result: "i32" },
  cfsetospeed: { parameters: ["buffer", "usize"], result: "i32" },
  cfgetospeed: { parameters: ["buffer"], result: "u32" },
  posix_openpt: { parameters: ["i32"], result: "i32" },
  grantpt: { parameters: ["i32"], result: "i32" },
  unlockpt: { parameters: ["i32"], result: "i32" },
  ptsname_r: { parameters: ["i32", "buffer", "usize"], result: "i32" },
  ttyname_r: { parameters: ["i32", "buffer", "usize"], result: "i32" },
  getsockname: { parameters: ["i32", "buffer", "buffer"], result: "i32" },
  getpeername: { parameters: ["i32", "buffer", "buffer"], result: "i32" },
  connect: { parameters: ["i32", "buffer", "u32"], result: "i32" },
  errno_location: { name: MAC ? "__error" : "__errno_location", parameters: [], result: "pointer" },
  strerror_r: {
    name: MAC ? "strerror_r" : "__xpg_strerror_r",
    parameters: ["i32", "buffer", "usize"],
    result: "i32",
  },
  // Reads errno through its pointer; Deno's own pointer view would need permission for all libraries.
  memcpy: { parameters: ["buffer", "pointer", "usize"], result: "pointer" },
} as const satisfies Deno.ForeignLibraryInterface;

/** The error numbers that the project distinguishes, the same on both systems unless noted. */
export const ERRNO = {
  EINTR: 4,
  EIO: 5,
  ENXIO: 6,
  EBUSY: 16,
  ENODEV: 19,
  ENOENT: 2,
  EACCES: 13,
  EPERM: 1,
  ENOTTY: 25,
};

/** The events of poll. */
export const POLL = { in: 0x1, out: 0x4 } as const;

/** A failed call; `errno` is the system's number. */
export class SystemError extends Error {
  override readonly name = "SystemError";
  readonly errno: number;
  constructor(errno: number, text: string) {
    super(text);
    this.errno = errno;
  }
}

function cString(text: string): Uint8Array<ArrayBuffer> {
  const bytes = new TextEncoder().encode(text);
  if (bytes.includes(0)) {
    throw new TransportError("not-found", `There is no device "${text}": its name contains a NUL`);
  }
  const out = new Uint8Array(bytes.length + 1);
  out.set(bytes);
  return out;
}

function fromCString(bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  return new TextDecoder().decode(bytes.subarray(0, end < 0 ? bytes.length : end));
}

function openLibrary() {
  const failures: string[] = [];
  for (const path of LIBC_PATHS) {
    try {
      return Deno.dlopen(path, SYMBOLS);
    } catch (error) {
      if (error instanceof Deno.errors.NotCapable) {
        throw new TransportError("denied", `Serial lines need the C library; run with --allow-ffi=${path}`, {
          cause: error,
        });
      }
      failures.push(path);
    }
  }
  throw new TransportError("unsupported", `The C library was not found; tried ${failures.join(", ")}`);
}

/** The first descriptor that is not examined. */
const HIGHEST_SOCKET = 4_096;

/** Returns the port of one end of a TCP connection, or undefined for another kind of descriptor. */
function portOf(
  fd: number,
  nameOf: (fd: number, address: Uint8Array<ArrayBuffer>, length: Uint8Array<ArrayBuffer>) => number,
): number | undefined {
  const address = new Uint8Array(128);
  const length = new Uint8Array(new Uint32Array([address.length]).buffer);
  if (nameOf(fd, address, length) !== 0) return undefined;
  // AF_INET and AF_INET6 have the port at the same offset.
  if (address[0] !== 2 && address[0] !== 10) return undefined;
  return new DataView(address.buffer).getUint16(2);
}

/** The opened C library, which must not be disposed of before its calls return. */
export class Libc implements Disposable {
  readonly platform: Platform = MAC ? MACOS : LINUX;
  readonly #library = openLibrary();

  [Symbol.dispose](): void {
    this.#library.close();
  }

  /** Opens a terminal device for reading and writing, not as the controlling terminal. Throws {@link SystemError}. */
  open(path: string): number {
    const { O_NOCTTY, O_NONBLOCK, O_CLOEXEC } = this.platform;
    return this.#check(this.#library.symbols.open(cString(path), 2 | O_NOCTTY | O_NONBLOCK | O_CLOEXEC));
  }

  /** Closes a descriptor. */
  close(fd: number): void {
    this.#library.symbols.close(fd);
  }

  /** Reads the available bytes. Returns their number, 0 at a hang-up, or the negative error number. */
  read(fd: number, into: Uint8Array<ArrayBuffer>): number {
    const size = Number(this.#library.symbols.read(fd, into, BigInt(into.length)));
    return size < 0 ? -this.#errno() : size;
  }

  /** Writes the bytes that fit. Returns their number, or the negative error number. */
  write(fd: number, bytes: Uint8Array<ArrayBuffer>): number {
    const size = Number(this.#library.symbols.write(fd, bytes, BigInt(bytes.length)));
    return size < 0 ? -this.#errno() : size;
  }

  /** Creates a pipe. Returns the read end and the write end. */
  pipe(): readonly [number, number] {
    const fds = new Int32Array(2);
    this.#check(this.#library.symbols.pipe(new Uint8Array(fds.buffer)));
    const [from = -1, to = -1] = fds;
    this.#hold(from);
    this.#hold(to);
    return [from, to];
  }

  /**
   * Waits on another thread until one of the descriptors is ready or `withinMs` pass; -1 means no timeout.
   * Returns the ready ones, or undefined if the call fails.
   */
  async poll(
    fds: readonly { readonly fd: number; readonly events: number }[],
    withinMs: number,
  ): Promise<ReadonlySet<number> | undefined> {
    const list = new DataView(new ArrayBuffer(8 * fds.length));
    fds.forEach(({ fd, events }, i) => {
      list.setInt32(8 * i, fd, true);
      list.setInt16(8 * i + 4, events, true);
    });
    // Keeps the buffer alive until the call returns, because the other thread writes into it.
    const bytes = new Uint8Array(list.buffer);
    const count = await this.#library.symbols.poll(bytes, BigInt(fds.length), Math.ceil(withinMs));
    if (count < 0) return undefined;
    return new Set(fds.flatMap(({ fd }, i) => list.getInt16(8 * i + 6, true) === 0 ? [] : [fd]));
  }

  /**
   * Calls ioctl with a pointer to an `int`, or without an argument. Returns the value of the `int`
   * afterwards.
   */
  ioctl(fd: number, request: number, value?: number): number {
    const cell = new Int32Array([value ?? 0]);
    const pointer = value === undefined ? null : new Uint8Array(cell.buffer);
    const code = BigInt(request);
    this.#check(
      STACKED
        ? this.#library.symbols.ioctl_stacked(fd, code, 0n, 0n, 0n, 0n, 0n, 0n, pointer)
        : this.#library.symbols.ioctl(fd, code, pointer),
    );
    return cell[0] ?? 0;
  }

  /** Takes the advisory lock on the descriptor. Returns false if another program holds it. */
  lock(fd: number): boolean {
    return this.#library.symbols.flock(fd, 2 | 4) === 0;
  }

  /** Returns the terminal settings as the bytes of `struct termios`. */
  getTermios(fd: number): Uint8Array<ArrayBuffer> {
    const termios = new Uint8Array(this.platform.termiosSize + 64);
    this.#check(this.#library.symbols.tcgetattr(fd, termios));
    return termios;
  }

  /** Sets the terminal settings immediately. */
  setTermios(fd: number, termios: Uint8Array<ArrayBuffer>): void {
    this.#check(this.#library.symbols.tcsetattr(fd, 0, termios));
  }

  /** Disables all terminal processing of bytes: echo, signals, line editing, new-line mapping. */
  makeRaw(termios: Uint8Array<ArrayBuffer>): void {
    this.#library.symbols.cfmakeraw(termios);
  }

  /** Sets the code of a speed in the settings, for both directions. */
  setSpeed(termios: Uint8Array<ArrayBuffer>, code: number): void {
    this.#check(this.#library.symbols.cfsetispeed(termios, BigInt(code)));
    this.#check(this.#library.symbols.cfsetospeed(termios, BigInt(code)));
  }

  /** Returns the code of the speed in the settings. */
  getSpeed(termios: Uint8Array<ArrayBuffer>): number {
    return this.#library.symbols.cfgetospeed(termios);
  }

  /** Discards what was received but not read, and what was written but not sent. */
  flush(fd: number): void {
    this.#library.symbols.tcflush(fd, MAC ? 3 : 2);
  }

  /** Waits on another thread until the transmitter is empty. */
  async drain(fd: number): Promise<void> {
    await this.#library.symbols.tcdrain(fd);
  }

  /** Opens a pty's master side. Returns it with the path of the other side. */
  openMaster(): { readonly fd: number; readonly path: string } {
    const c = this.#library.symbols;
    const fd = this.#check(c.posix_openpt(2 | this.platform.O_NOCTTY));
    try {
      this.#hold(fd);
      this.#check(c.grantpt(fd));
      this.#check(c.unlockpt(fd));
      const name = new Uint8Array(256);
      if (c.ptsname_r(fd, name, 256n) !== 0) throw new SystemError(ERRNO.ENOTTY, "The pty has no name");
      return { fd, path: fromCString(name) };
    } catch (error) {
      this.close(fd);
      throw error;
    }
  }

  /**
   * Returns the path of the terminal of a descriptor, with links resolved, or undefined if it is not a
   * terminal.
   */
  terminalName(fd: number): string | undefined {
    const name = new Uint8Array(256);
    return this.#library.symbols.ttyname_r(fd, name, 256n) === 0 ? fromCString(name) : undefined;
  }

  /**
   * Resets a TCP connection of this process, for which Deno has no call: finds its descriptor by the ports of
   * its two ends. Returns false if there is none, and on systems without support.
   */
  resetConnection(localPort: number, remotePort: number): boolean {
    // A linger time of 0 would not work: Deno shuts the stream down before it closes the descriptor.
    if (MAC) return false;
    const c = this.#library.symbols;
    for (let fd = 3; fd < HIGHEST_SOCKET; fd++) {
      if (portOf(fd, c.getsockname) !== localPort || portOf(fd, c.getpeername) !== remotePort) continue;
      // Connecting to AF_UNSPEC dissolves the association on Linux, with a RST to the far end.
      return c.connect(fd, new Uint8Array(16), 16) === 0;
    }
    return false;
  }

  /** Returns the system's text for an error number. */
  describe(errno: number): string {
    const text = new Uint8Array(256);
    return this.#library.symbols.strerror_r(errno, text, 256n) === 0 ? fromCString(text) : `error ${errno}`;
  }

  #hold(fd: number): void {
    this.ioctl(fd, this.platform.FIOCLEX);
    this.ioctl(fd, this.platform.FIONBIO, 1);
  }

  #errno(): number {
    const cell = new Int32Array(1);
    this.#library.symbols.memcpy(new Uint8Array(cell.buffer), this.#library.symbols.errno_location(), 4n);
    return cell[0] ?? 0;
  }

  #check(result: number): number {
    if (result >= 0) return result;
    const errno = this.#errno();
    throw new SystemError(errno, this.describe(errno));
  }
}
