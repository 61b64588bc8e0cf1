import { TransportError } from "./error.ts";
import { ERRNO, Libc, SystemError } from "./libc.ts";
import { applySettings, DEFAULT_LINE, type LineSettings, MODEM, readSettings, speedCode } from "./termios.ts";
import type { Transport } from "./transport.ts";
import { TtyStream } from "./tty_stream.ts";

/** The lines that a modem drives. */
export interface ModemLines {
  readonly cts: boolean;
  readonly dsr: boolean;
  /** Carrier detect. */
  readonly dcd: boolean;
  /** Ring indicator. */
  readonly ri: boolean;
}

/** Options for a serial port; the defaults are in {@link DEFAULT_LINE}. */
export interface SerialOptions extends Partial<LineSettings> {
  /** Whether to refuse a port that another program uses, and to exclude other programs; default true. */
  readonly exclusive?: boolean;
}

/**
 * A serial port in raw mode, exclusive to this program. After a hang-up or an unplugged adapter a read
 * returns null and a write throws a {@link TransportError}.
 */
export class SerialPort implements Transport {
  readonly path: string;
  /** The settings as the driver accepted them. */
  readonly settings: LineSettings;
  readonly #libc: Libc;
  readonly #fd: number;
  readonly #stream: TtyStream;

  private constructor(path: string, settings: LineSettings, libc: Libc, fd: number, marked: boolean) {
    this.path = path;
    this.settings = settings;
    this.#libc = libc;
    this.#fd = fd;
    this.#stream = new TtyStream(libc, fd, `The serial port "${path}"`, () => {
      if (marked) attempt(() => libc.ioctl(fd, libc.platform.TIOCNXCL));
    });
  }

  /**
   * Opens the device at `path` with the given settings, discards pending data and reads the settings back.
   * Throws a {@link TransportError} if the device does not exist, is not permitted, is in use, or does not
   * support a setting.
   */
  static open(path: string, options: SerialOptions = {}): SerialPort {
    const settings: LineSettings = { ...DEFAULT_LINE, ...options };
    const libc = new Libc();
    let fd: number | undefined;
    try {
      fd = libc.open(path);
      const marked = options.exclusive !== false && claim(libc, fd, path);
      configure(libc, fd, path, settings);
      lower(libc, fd, path, settings);
      libc.flush(fd);
      return new SerialPort(path, settings, libc, fd, marked);
    } catch (error) {
      if (fd !== undefined) libc.close(fd);
      libc[Symbol.dispose]();
      throw sentence(path, error);
    }
  }

  read(into: Uint8Array): Promise<number | null> {
    return this.#stream.read(into);
  }

  write(bytes: Uint8Array): Promise<number> {
    return this.#stream.write(bytes);
  }

  close(): void {
    this.#stream.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  /** Raises or drops DTR. Throws a {@link TransportError} if the port has no modem lines, such as a pty. */
  setDtr(on: boolean): void {
    this.#setLine(MODEM.dtr, on);
  }

  /**
   * Drops DTR for `ms` milliseconds, at most 10,000, and raises it again, which resets a module that is wired
   * for it. Returns early if the port is closed. Throws like {@link setDtr}.
   */
  async pulseDtr(ms: number): Promise<void> {
    this.setDtr(false);
    await this.#stream.wait(0, Math.min(ms, 10_000));
    if (!this.#stream.closed) this.setDtr(true);
  }

  /** Raises or drops RTS; with `rtscts` the driver controls it too. */
  setRts(on: boolean): void {
    this.#setLine(MODEM.rts, on);
  }

  /** Returns the current state of the modem lines. Throws like {@link setDtr}. */
  modemLines(): ModemLines {
    const bits = this.#control("has no modem lines", (p) => this.#libc.ioctl(this.#fd, p.TIOCMGET, 0));
    const has = (bit: number) => (bits & bit) !== 0;
    return { cts: has(MODEM.cts), dsr: has(MODEM.dsr), dcd: has(MODEM.dcd), ri: has(MODEM.ri) };
  }

  /**
   * Holds the line in the break state for `ms` milliseconds, at most 10,000. Returns early if the port is
   * closed.
   */
  async sendBreak(ms = 250): Promise<void> {
    this.#control("cannot send a break", (p) => this.#libc.ioctl(this.#fd, p.TIOCSBRK));
    await this.#stream.wait(0, Math.min(ms, 10_000));
    if (!this.#stream.closed) {
      this.#control("cannot end a break", (p) => this.#libc.ioctl(this.#fd, p.TIOCCBRK));
    }
  }

  /** Discards pending data in the driver, in both directions. */
  discard(): void {
    this.#control("cannot be flushed", () => this.#libc.flush(this.#fd));
  }

  /**
   * Waits until all written data has been sent and returns true, or false if `withinMs` pass first, as on a
   * line that flow control blocks.
   */
  async drain(withinMs = 5_000): Promise<boolean> {
    const until = performance.now() + withinMs;
    while (
      this.#control("cannot report pending data", (p) => this.#libc.ioctl(this.#fd, p.TIOCOUTQ, 0)) > 0
    ) {
      if (performance.now() >= until) return false;
      await this.#stream.wait(0, 2);
    }
    await this.#stream.hold(this.#libc.drain(this.#fd));
    return true;
  }

  #setLine(bit: number, on: boolean): void {
    this.#control(
      "has no modem lines",
      (p) => this.#libc.ioctl(this.#fd, on ? p.TIOCMBIS : p.TIOCMBIC, bit),
    );
  }

  #control<T>(complaint: string, call: (platform: Libc["platform"]) => T): T {
    if (this.#stream.closed) {
      throw new TransportError("closed", `The serial port "${this.path}" is closed here`);
    }
    try {
      return call(this.#libc.platform);
    } catch (error) {
      throw new TransportError("unsupported", `The serial port "${this.path}" ${complaint}`, {
        cause: error,
      });
    }
  }
}

/** Claims the port for this program. Returns true if the driver excludes other programs too. */
function claim(libc: Libc, fd: number, path: string): boolean {
  if (!libc.lock(fd)) throw new TransportError("in-use", inUse(path));
  // On a pty the driver's mark would outlive a killed program until the device's side is closed.
  if (libc.terminalName(fd)?.startsWith("/dev/pts/")) return false;
  libc.ioctl(fd, libc.platform.TIOCEXCL);
  return true;
}

function configure(libc: Libc, fd: number, path: string, settings: LineSettings): void {
  const termios = libc.getTermios(fd);
  libc.makeRaw(termios);
  applySettings(libc.platform, termios, settings);
  const speed = speedCode(libc.platform, settings.baud);
  libc.setSpeed(termios, speed);
  // Systems differ in whether the call succeeds when some settings are not accepted, so all are read back.
  attempt(() => libc.setTermios(fd, termios));
  const taken = libc.getTermios(fd);
  const now = readSettings(libc.platform, taken);
  const checks: readonly (readonly [taken: boolean, what: string])[] = [
    [libc.getSpeed(taken) === speed, `${settings.baud} bit/s`],
    [now.dataBits === settings.dataBits, `${settings.dataBits} data bits`],
    [now.parity === settings.parity, `${settings.parity} parity`],
    [now.stopBits === settings.stopBits, `${settings.stopBits} stop bits`],
    [now.rtscts === settings.rtscts, "RTS/CTS flow control"],
    [now.xonxoff === settings.xonxoff, "XON/XOFF flow control"],
  ];
  const refused = checks.filter(([ok]) => !ok).map(([, what]) => what);
  if (refused.length > 0) {
    throw new TransportError(
      "unsupported",
      `The serial port "${path}" does not support ${refused.join(" and ")}`,
    );
  }
}

/** Drops the lines that must be low; the system raises both when it opens the port. */
function lower(libc: Libc, fd: number, path: string, settings: LineSettings): void {
  const lines = [
    { name: "DTR", bit: MODEM.dtr, high: settings.dtr },
    { name: "RTS", bit: MODEM.rts, high: settings.rts },
  ];
  for (const { name, bit, high } of lines) {
    if (high) continue;
    try {
      libc.ioctl(fd, libc.platform.TIOCMBIC, bit);
    } catch (error) {
      const text = `The serial port "${path}" has no modem lines, so ${name} cannot be low`;
      throw new TransportError("unsupported", text, { cause: error });
    }
  }
}

function sentence(path: string, error: unknown): Error {
  if (!(error instanceof SystemError)) return error instanceof Error ? error : new Error(String(error));
  const cause = { cause: error };
  switch (error.errno) {
    case ERRNO.ENOENT:
    case ERRNO.ENXIO:
    case ERRNO.ENODEV:
      return new TransportError(
        "not-found",
        `There is no serial port "${path}"; "deno task ports" lists those of this machine`,
        cause,
      );
    case ERRNO.EACCES:
    case ERRNO.EPERM:
      return new TransportError(
        "denied",
        `This user may not open the serial port "${path}"; on most systems the group "dialout" may`,
        cause,
      );
    case ERRNO.EBUSY:
      return new TransportError("in-use", inUse(path), cause);
    case ERRNO.ENOTTY:
      return new TransportError("not-found", `"${path}" is not a serial port`, cause);
    default:
      return new TransportError(
        "failed",
        `Cannot open the serial port "${path}": ${error.message}`,
        cause,
      );
  }
}

function inUse(path: string): string {
  return `Another program uses the serial port "${path}"; end that program first`;
}

function attempt(call: () => void): void {
  try {
    call();
  } catch {
    // The device may be unplugged by now.
  }
}
