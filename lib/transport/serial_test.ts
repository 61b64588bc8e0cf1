import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import { LIBC_PATHS } from "./libc.ts";
import { openPty } from "./pty.ts";
import { SerialPort } from "./serial.ts";
import { applySettings, DEFAULT_LINE, LINUX, MODEM, readSettings, SPEEDS } from "./termios.ts";
import { noise, readAll } from "./test_bytes.ts";
import { writeAll } from "./transport.ts";

const PYTHON = "/usr/bin/python3";
const SOCAT = "/usr/bin/socat";
const LINUX_HERE = Deno.build.os === "linux";

async function works(command: string, ...args: string[]): Promise<boolean> {
  try {
    const { success } = await new Deno.Command(command, { args, stdout: "null", stderr: "null" }).output();
    if (success) return true;
  } catch {
    // Not installed.
  }
  console.log(`skipped: ${[command, ...args].join(" ")} does not work here`);
  return false;
}

const NO_PYTHON = !await works(PYTHON, "-c", "import termios");
const NO_PYSERIAL = !await works(PYTHON, "-c", "import serial");
const NO_SOCAT = !await works(SOCAT, "-V");

async function python(script: string, ...args: string[]): Promise<string> {
  const { stdout, stderr, success } = await new Deno.Command(PYTHON, { args: ["-c", script, ...args] })
    .output();
  ok(success, new TextDecoder().decode(stderr));
  return new TextDecoder().decode(stdout);
}

function failure(call: () => unknown): string {
  try {
    call();
  } catch (error) {
    return String(error);
  }
  return "nothing was thrown";
}

Deno.test("SerialPort.open() says in a sentence why there is no port", () => {
  const { master, path } = openPty();
  using _device = master;
  const no = (text: string) => `TransportError: The serial port "${path}" ${text}`;
  strictEqual(
    failure(() => SerialPort.open(path, { dataBits: 7 }).close()),
    no("does not support 7 data bits"),
  );
  strictEqual(
    failure(() => SerialPort.open(path, { dataBits: 5, parity: "even" }).close()),
    no("does not support 5 data bits and even parity"),
  );
  strictEqual(
    failure(() => SerialPort.open(path, { dtr: false })),
    no("has no modem lines, so DTR cannot be low"),
  );
  ok(
    failure(() => SerialPort.open(path, { baud: 1234 })).startsWith(
      "TransportError: The speed 1234 bit/s is not supported here",
    ),
  );
  strictEqual(
    failure(() => SerialPort.open("/dev/ttyNowhere")),
    'TransportError: There is no serial port "/dev/ttyNowhere"; "deno task ports" lists those of this machine',
  );
  strictEqual(
    failure(() => SerialPort.open("/dev/null")),
    'TransportError: "/dev/null" is not a serial port',
  );
});

Deno.test("a serial port is for one program, unless both agree", () => {
  const { master, path } = openPty();
  using _device = master;
  {
    using _port = SerialPort.open(path);
    strictEqual(
      failure(() => SerialPort.open(path)),
      `TransportError: Another program uses the serial port "${path}"; end that program first`,
    );
    SerialPort.open(path, { exclusive: false }).close();
  }
  SerialPort.open(path).close();
});

Deno.test("a port without modem lines says so, takes a break, and drains", async () => {
  const { master, path } = openPty();
  using _device = master;
  using port = SerialPort.open(path);
  const none = `TransportError: The serial port "${path}" has no modem lines`;
  for (const call of [() => port.setDtr(true), () => port.setRts(false), () => port.modemLines()]) {
    strictEqual(failure(call), none);
  }
  await port.sendBreak(1);
  await writeAll(port, noise(100));
  strictEqual(await port.drain(), true);
  port.discard();
  port.close();
  throws(() => port.setDtr(true), /is closed here$/);
});

Deno.test("sendBreak() ends when the port is closed", async () => {
  const { master, path } = openPty();
  using _device = master;
  using port = SerialPort.open(path);
  const pause = port.sendBreak(10_000);
  port.close();
  await pause;
});

Deno.test({
  name: "the settings of a port are those that another program reads from it",
  ignore: NO_PYTHON,
  async fn() {
    const { master, path } = openPty();
    using _device = master;
    const script = `
import os, sys, termios as t, json
fd = os.open(sys.argv[1], os.O_RDWR | os.O_NOCTTY)
i, o, c, l, isp, osp, cc = t.tcgetattr(fd)
speeds = {getattr(t, n): int(n[1:]) for n in dir(t) if n[0] == "B" and n[1:].isdigit()}
print(json.dumps({"in": speeds[isp], "out": speeds[osp], "stop2": bool(c & t.CSTOPB), "rtscts": bool(c & t.CRTSCTS),
  "xon": bool(i & t.IXON), "xoff": bool(i & t.IXOFF), "odd": bool(c & t.PARODD), "local": bool(c & t.CLOCAL),
  "raw": not (l & (t.ECHO | t.ICANON | t.ISIG)) and not (o & t.OPOST) and not (i & (t.ICRNL | t.ISTRIP))}))`;
    for (
      const [baud, stopBits, rtscts, xonxoff] of [[9600, 1, true, false], [921600, 2, false, true], [
        4000000,
        1,
        false,
        false,
      ]] as const
    ) {
      using _port = SerialPort.open(path, { baud, stopBits, rtscts, xonxoff });
      deepStrictEqual(JSON.parse(await python(script, path)), {
        in: baud,
        out: baud,
        stop2: stopBits === 2,
        rtscts,
        xon: xonxoff,
        xoff: xonxoff,
        odd: false,
        local: true,
        raw: true,
      });
    }
  },
});

Deno.test({
  name: "the numbers of Linux are those of its C library",
  ignore: NO_PYTHON || !LINUX_HERE,
  async fn() {
    const script = `
import termios as t, json, errno, os, fcntl
names = "IXON IXOFF INPCK CSIZE CSTOPB CREAD PARENB PARODD CLOCAL CRTSCTS VMIN VTIME TIOCEXCL TIOCNXCL TIOCMGET TIOCMBIS TIOCMBIC TIOCOUTQ FIONBIO FIOCLEX".split()
out = {n: getattr(t, n) for n in names}
out.update({n: getattr(os, n) for n in ["O_NOCTTY", "O_NONBLOCK", "O_CLOEXEC"]}, EAGAIN=errno.EAGAIN, CS=[t.CS5, t.CS6, t.CS7, t.CS8])
out["speeds"] = {n[1:]: getattr(t, n) for n in dir(t) if n[0] == "B" and n[1:].isdigit() and int(n[1:]) > 0}
out["modem"] = {n: getattr(t, "TIOCM_" + n.upper()) for n in ["dtr", "rts", "cts", "ri", "dsr"]} | {"dcd": t.TIOCM_CD}
print(json.dumps(out))`;
    const { speeds, modem, ...numbers } = JSON.parse(await python(script));
    for (const [name, value] of Object.entries(numbers)) {
      deepStrictEqual(Object.entries(LINUX).find(([key]) => key === name)?.[1], value, name);
    }
    for (const speed of SPEEDS) strictEqual(LINUX.speed(speed), speeds[speed], `${speed}`);
    deepStrictEqual({ ...modem }, { ...MODEM });
  },
});

Deno.test("applySettings() and readSettings() agree on every setting", () => {
  for (const dataBits of [5, 6, 7, 8] as const) {
    for (const parity of ["none", "odd", "even"] as const) {
      for (const stopBits of [1, 2] as const) {
        for (const flow of [[false, false], [true, false], [false, true]] as const) {
          const [rtscts, xonxoff] = flow;
          const settings = { dataBits, parity, stopBits, rtscts, xonxoff };
          const termios = new Uint8Array(LINUX.termiosSize).fill(0xff);
          applySettings(LINUX, termios, { ...DEFAULT_LINE, ...settings });
          deepStrictEqual(readSettings(LINUX, termios), settings);
        }
      }
    }
  }
});

const PYSERIAL_ECHO = `
import serial, sys
s = serial.Serial(sys.argv[1], 115200, timeout=20, exclusive=True)
sys.stdout.write("ready\\n"); sys.stdout.flush()
n = int(sys.argv[2]); got = s.read(n)
s.write(got[::-1]); s.flush()
sys.stdin.readline()`;

Deno.test({
  name: "pyserial on a pty: 100 kB there and back, and it has the port for itself",
  ignore: NO_PYSERIAL,
  async fn() {
    const { master, path } = openPty();
    using device = master;
    const data = noise(100_000);
    const child = new Deno.Command(PYTHON, {
      args: ["-c", PYSERIAL_ECHO, path, String(data.length)],
      stdin: "piped",
      stdout: "piped",
    }).spawn();
    const said = child.stdout.getReader();
    strictEqual(new TextDecoder().decode((await said.read()).value), "ready\n");
    ok(/Another program uses/.test(failure(() => SerialPort.open(path))));
    await writeAll(device, data);
    deepStrictEqual(await readAll(device, data.length), data.toReversed());
    await child.stdin.close();
    await said.cancel();
    strictEqual((await child.status).code, 0);
  },
});

Deno.test({
  name: "pyserial cannot have a port that is open here",
  ignore: NO_PYSERIAL,
  async fn() {
    const { master, path } = openPty();
    using _device = master;
    using _port = SerialPort.open(path);
    const script = `
import serial, sys
try:
  serial.Serial(sys.argv[1], exclusive=True)
  print("opened")
except serial.SerialException as e:
  print("refused")`;
    strictEqual(await python(script, path), "refused\n");
  },
});

Deno.test({
  name: "a pair of socat's ptys: a serial port on each side, 100 kB both ways, and its end is a hang-up",
  ignore: NO_SOCAT,
  async fn() {
    const folder = await Deno.makeTempDir();
    const links = [`${folder}/a`, `${folder}/b`] as const;
    const child = new Deno.Command(SOCAT, {
      args: ["-d", "-d", "-lu", ...links.map((link) => `pty,raw,echo=0,link=${link}`)],
      stderr: "piped",
    }).spawn();
    try {
      const said = child.stderr.pipeThrough(new TextDecoderStream()).getReader();
      // Its last line before data, when both links exist.
      for (
        let text = "";
        !text.includes("starting data transfer loop");
        text += (await said.read()).value ?? ""
      );
      const rest = (async () => {
        while (!(await said.read()).done);
      })();
      using a = SerialPort.open(links[0]);
      using b = SerialPort.open(links[1]);
      const data = noise(100_000);
      const [atB, atA] = await Promise.all([
        readAll(b, data.length),
        readAll(a, data.length),
        writeAll(a, data),
        writeAll(b, data),
      ]);
      deepStrictEqual(atB, data);
      deepStrictEqual(atA, data);
      const reading = a.read(new Uint8Array(1));
      child.kill("SIGTERM");
      strictEqual(await reading, null);
      await rest;
    } finally {
      try {
        child.kill("SIGKILL");
      } catch {
        // It has already exited.
      }
      await child.status;
      await Deno.remove(folder, { recursive: true });
    }
  },
});

Deno.test({
  name: "a grant for the C library's file is enough, and without one the message names it",
  ignore: !LINUX_HERE,
  async fn() {
    const run = async (...grants: string[]) => {
      const url = new URL("./pty.ts", import.meta.url).href;
      const code = `import { openPty } from "${url}"; openPty().master.close(); console.log("opened");`;
      const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
        args: [
          "run",
          "--no-prompt",
          "--quiet",
          "--no-config",
          ...grants,
          `data:text/javascript,${encodeURIComponent(code)}`,
        ],
        env: { NO_COLOR: "1" },
      }).output();
      return new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
    };
    strictEqual(await run(`--allow-ffi=${LIBC_PATHS.join(",")}`, "--allow-import"), "opened\n");
    ok((await run("--allow-import")).includes(`run with --allow-ffi=${LIBC_PATHS[0]}`));
  },
});
