/**
 * The constants of the C library's terminal interface (termios.h, ioctl.h, fcntl.h), which differ between
 * systems. This file has only numbers and byte layouts; the calls are in libc.ts.
 */
import { TransportError } from "./error.ts";

/** The standard speeds in bit/s. A system may lack the highest ones. */
export const SPEEDS: readonly number[] = [
  1200,
  2400,
  4800,
  9600,
  19200,
  38400,
  57600,
  115200,
  230400,
  460800,
  500000,
  576000,
  921600,
  1000000,
  1152000,
  1500000,
  2000000,
  2500000,
  3000000,
  3500000,
  4000000,
];

/** The settings of a serial line: framing, flow control, and the lines that the host drives. */
export interface LineSettings {
  /** Bit/s, one of {@link SPEEDS}. */
  readonly baud: number;
  readonly dataBits: 5 | 6 | 7 | 8;
  readonly parity: "none" | "odd" | "even";
  readonly stopBits: 1 | 2;
  /** Flow control by the RTS and CTS lines. */
  readonly rtscts: boolean;
  /** Flow control by the characters XON and XOFF. */
  readonly xonxoff: boolean;
  /** Whether DTR is raised once the port is open, which is the system's default. */
  readonly dtr: boolean;
  /** The same for RTS; with `rtscts` the driver controls it. */
  readonly rts: boolean;
}

/** 115,200 bit/s, 8N1, no flow control, DTR and RTS raised: the default of the modules. */
export const DEFAULT_LINE: LineSettings = {
  baud: 115200,
  dataBits: 8,
  parity: "none",
  stopBits: 1,
  rtscts: false,
  xonxoff: false,
  dtr: true,
  rts: true,
};

/** One system's constants. Offsets and sizes are bytes in `struct termios`. */
export interface Platform {
  readonly termiosSize: number;
  /** Size of `tcflag_t`. */
  readonly wordSize: 4 | 8;
  readonly iflag: number;
  readonly cflag: number;
  readonly cc: number;
  readonly VMIN: number;
  readonly VTIME: number;
  readonly IXON: number;
  readonly IXOFF: number;
  readonly INPCK: number;
  readonly CSIZE: number;
  /** The values of CS5 to CS8. */
  readonly CS: readonly [number, number, number, number];
  readonly CSTOPB: number;
  readonly CREAD: number;
  readonly PARENB: number;
  readonly PARODD: number;
  readonly CLOCAL: number;
  readonly CRTSCTS: number;
  readonly O_NOCTTY: number;
  readonly O_NONBLOCK: number;
  readonly O_CLOEXEC: number;
  readonly EAGAIN: number;
  readonly TIOCEXCL: number;
  readonly TIOCNXCL: number;
  readonly TIOCMGET: number;
  readonly TIOCMBIS: number;
  readonly TIOCMBIC: number;
  readonly TIOCOUTQ: number;
  readonly TIOCSBRK: number;
  readonly TIOCCBRK: number;
  readonly FIONBIO: number;
  readonly FIOCLEX: number;
  /** Returns the code of a speed in bit/s, or undefined if the system has none. */
  speed(baud: number): number | undefined;
}

// B50 to B38400 are 1 to 15; from B57600 the codes count from 0x1001.
const LINUX_LOW: readonly number[] = [
  0,
  50,
  75,
  110,
  134,
  150,
  200,
  300,
  600,
  1200,
  1800,
  2400,
  4800,
  9600,
  19200,
  38400,
];
const LINUX_HIGH = SPEEDS.filter((speed) => speed > 38400);

/** The constants of Linux on x86-64 and aarch64, with the GNU C library. */
export const LINUX: Platform = {
  termiosSize: 60,
  wordSize: 4,
  iflag: 0,
  cflag: 8,
  cc: 17,
  VMIN: 6,
  VTIME: 5,
  IXON: 0x400,
  IXOFF: 0x1000,
  INPCK: 0x10,
  CSIZE: 0x30,
  CS: [0, 0x10, 0x20, 0x30],
  CSTOPB: 0x40,
  CREAD: 0x80,
  PARENB: 0x100,
  PARODD: 0x200,
  CLOCAL: 0x800,
  CRTSCTS: 0x80000000,
  O_NOCTTY: 0x100,
  O_NONBLOCK: 0x800,
  O_CLOEXEC: 0x80000,
  EAGAIN: 11,
  TIOCEXCL: 0x540c,
  TIOCNXCL: 0x540d,
  TIOCMGET: 0x5415,
  TIOCMBIS: 0x5416,
  TIOCMBIC: 0x5417,
  TIOCOUTQ: 0x5411,
  TIOCSBRK: 0x5427,
  TIOCCBRK: 0x5428,
  FIONBIO: 0x5421,
  FIOCLEX: 0x5451,
  speed(baud) {
    const low = LINUX_LOW.indexOf(baud);
    if (low > 0) return low;
    const high = LINUX_HIGH.indexOf(baud);
    return high < 0 ? undefined : 0x1001 + high;
  },
};

/** The constants of macOS. Its speeds are their own codes; the C library has none above 230,400. */
export const MACOS: Platform = {
  termiosSize: 72,
  wordSize: 8,
  iflag: 0,
  cflag: 16,
  cc: 32,
  VMIN: 16,
  VTIME: 17,
  IXON: 0x200,
  IXOFF: 0x400,
  INPCK: 0x10,
  CSIZE: 0x300,
  CS: [0, 0x100, 0x200, 0x300],
  CSTOPB: 0x400,
  CREAD: 0x800,
  PARENB: 0x1000,
  PARODD: 0x2000,
  CLOCAL: 0x8000,
  CRTSCTS: 0x30000,
  O_NOCTTY: 0x20000,
  O_NONBLOCK: 0x4,
  O_CLOEXEC: 0x1000000,
  EAGAIN: 35,
  TIOCEXCL: 0x2000740d,
  TIOCNXCL: 0x2000740e,
  TIOCMGET: 0x4004746a,
  TIOCMBIS: 0x8004746c,
  TIOCMBIC: 0x8004746b,
  TIOCOUTQ: 0x40047473,
  TIOCSBRK: 0x2000747b,
  TIOCCBRK: 0x2000747a,
  FIONBIO: 0x8004667e,
  FIOCLEX: 0x20006601,
  speed: (baud) => baud <= 230400 ? baud : undefined,
};

/** The modem lines' bits in TIOCMGET, the same on both systems. */
export const MODEM = { dtr: 0x2, rts: 0x4, cts: 0x20, dcd: 0x40, ri: 0x80, dsr: 0x100 } as const;

/** Returns the code of `baud` on `platform`. Throws a {@link TransportError} if there is none. */
export function speedCode(platform: Platform, baud: number): number {
  const code = SPEEDS.includes(baud) ? platform.speed(baud) : undefined;
  if (code !== undefined) return code;
  const known = SPEEDS.filter((speed) => platform.speed(speed) !== undefined);
  throw new TransportError(
    "unsupported",
    `The speed ${baud} bit/s is not supported here; the speeds are ${known.join(", ")}`,
  );
}

/**
 * Writes `settings`, except the speed, into a raw `struct termios`. A read blocks until at least one byte is
 * available, so a count of 0 always means a hang-up.
 */
export function applySettings(platform: Platform, termios: Uint8Array, settings: LineSettings): void {
  const p = platform;
  putFlags(p, termios, p.iflag, p.IXON | p.IXOFF | p.INPCK, {
    [p.IXON | p.IXOFF]: settings.xonxoff,
    [p.INPCK]: settings.parity !== "none",
  });
  const size = p.CS[settings.dataBits - 5] ?? 0;
  putFlags(p, termios, p.cflag, p.CSIZE | p.CSTOPB | p.PARENB | p.PARODD | p.CRTSCTS, {
    [size]: true,
    [p.CSTOPB]: settings.stopBits === 2,
    [p.PARENB]: settings.parity !== "none",
    [p.PARODD]: settings.parity === "odd",
    [p.CRTSCTS]: settings.rtscts,
    [p.CLOCAL | p.CREAD]: true,
  });
  termios[p.cc + p.VMIN] = 1;
  termios[p.cc + p.VTIME] = 0;
}

/** Reads the settings, except the speed and the modem lines, back from a `struct termios`. */
export function readSettings(
  platform: Platform,
  termios: Uint8Array,
): Omit<LineSettings, "baud" | "dtr" | "rts"> {
  const p = platform;
  const iflag = getFlags(termios, p.iflag);
  const cflag = getFlags(termios, p.cflag);
  const has = (flags: number, bits: number) => (flags & bits) !== 0;
  const bits = ([5, 6, 7, 8] as const).find((n) => p.CS[n - 5] === ((cflag & p.CSIZE) >>> 0));
  return {
    dataBits: bits ?? 8,
    parity: !has(cflag, p.PARENB) ? "none" : has(cflag, p.PARODD) ? "odd" : "even",
    stopBits: has(cflag, p.CSTOPB) ? 2 : 1,
    rtscts: has(cflag, p.CRTSCTS),
    xonxoff: has(iflag, p.IXON),
  };
}

function view(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

// All used flags are in the low 32 bits, and both systems are little-endian.
function getFlags(termios: Uint8Array, offset: number): number {
  return view(termios).getUint32(offset, true);
}

function putFlags(
  platform: Platform,
  termios: Uint8Array,
  offset: number,
  clear: number,
  set: Readonly<Record<number, boolean>>,
): void {
  let flags = getFlags(termios, offset) & ~clear;
  for (const [bits, on] of Object.entries(set)) if (on) flags |= Number(bits);
  view(termios).setUint32(offset, flags >>> 0, true);
  if (platform.wordSize === 8) view(termios).setUint32(offset + 4, 0, true);
}
