import assert from "node:assert/strict";

const PYTHON = "/usr/bin/python3";

/** Sends the seed's commands through pyserial, and publishes at every QoS with the expected responses. */
const DRIVER = `
import serial, sys
line = serial.Serial(sys.argv[1], 115200, timeout=10)
def until(text):
    heard = line.read_until(text.encode())
    if not heard.endswith(text.encode()):
        sys.exit("waited for %r, heard %r" % (text, heard))
def ask(command, *lines):
    line.write(command.encode() + b"\\r")
    for text in lines:
        until("\\r\\n" + text + "\\r\\n")
ask("ATE0", "OK")
ask('AT+ECMTOPEN=0, "test.mosquitto.org",1883', "OK", "+ECMTOPEN: 0,0")
ask("AT+ECMTCONN=0", "OK", "+ECMTCONN: 0,0,0")
ask('AT+ECMTSUB=0,1,"down",2', "OK", "+ECMTSUB: 0,1,0,2")
ask('AT+ECMTPUB=0,0,0,0,"up","hello"', "OK", "+ECMTPUB: 0,0,0")
ask('AT+ECMTPUB=0,7,1,0,"up","one, {\\"t\\":21.5}"', "OK", "+ECMTPUB: 0,7,0")
ask('AT+ECMTPUB=0,8,2,1,"up","two"', "OK", "+ECMTPUB: 0,8,0")
line.write(b'AT+ECMTPUB=0,9,1,0,"up"\\r')
until("\\r\\n> ")
line.write(b"data mode\\x1a")
until("\\r\\nOK\\r\\n")
until("\\r\\n+ECMTPUB: 0,9,0\\r\\n")
print("published", flush=True)
for qos in range(3):
    until('+ECMTRECV: 0,')
    until(',"down",at %d\\r\\n' % qos)
ask('AT+ECMTUNS=0,4, "down"', "OK", "+ECMTUNS: 0,4,0")
ask("AT+ECMTDISC=0", "OK", "+ECMTDISC: 0,0")
ask("AT+ECMTCLOSE=0", "+CME ERROR: 3")
print("done", flush=True)
`;

const missing = await missingTools();
if (missing) console.log(`Skipped: the virtual module against Mosquitto needs ${missing}`);

Deno.test({
  name: "driven by pyserial, the seed's session reaches Mosquitto's own clients and hears from them",
  ignore: missing !== "",
  fn: async () => {
    const port = freePort();
    await using _broker = await mosquitto(port);
    await using module = served(["--resolve", `test.mosquitto.org:1883=127.0.0.1:${port}`]);
    const path = await pathOf(module);
    const at = ["-h", "127.0.0.1", "-p", `${port}`];
    await using subscriber = run("mosquitto_sub", [...at, "-t", "up", "-t", "ready", "-q", "2", "-v"]);
    // A retained fence, because mosquitto_sub does not report when it is subscribed.
    await finish("mosquitto_pub", [...at, "-t", "ready", "-m", "yes", "-r", "-q", "1"]);
    assert.equal(await subscriber.line(), "ready yes");
    await using driver = run(PYTHON, ["-c", DRIVER, path]);
    assert.equal(await driver.line(), "published");
    const heard = [];
    for (let count = 0; count < 4; count++) heard.push(await subscriber.line());
    // mosquitto_sub prints a QoS 2 message at PUBREL, so a later one may overtake it.
    assert.deepEqual(heard.sort(), ["up data mode", "up hello", 'up one, {"t":21.5}', "up two"]);
    for (const qos of [0, 1, 2]) {
      await finish("mosquitto_pub", [...at, "-t", "down", "-m", `at ${qos}`, "-q", `${qos}`]);
    }
    assert.equal(await driver.line(), "done");
  },
});

/** A program whose output is read line by line; it ends with its owner. */
class Running implements AsyncDisposable {
  readonly #process: Deno.ChildProcess;
  readonly #reader: ReadableStreamDefaultReader<string>;
  #rest = "";

  constructor(command: string, args: string[]) {
    this.#process = new Deno.Command(command, { args, stdin: "null", stdout: "piped", stderr: "inherit" })
      .spawn();
    this.#reader = this.#process.stdout.pipeThrough(new TextDecoderStream()).getReader();
  }

  /** The next line, within ten seconds. */
  async line(): Promise<string> {
    const timer = setTimeout(() => this.#end(), 10_000);
    try {
      for (;;) {
        const end = this.#rest.indexOf("\n");
        if (end >= 0) {
          const line = this.#rest.slice(0, end);
          this.#rest = this.#rest.slice(end + 1);
          return line;
        }
        const { value } = await this.#reader.read();
        if (value === undefined) return this.#rest;
        this.#rest += value;
      }
    } finally {
      clearTimeout(timer);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#end();
    await this.#reader.cancel();
    await this.#process.status;
  }

  #end(): void {
    try {
      this.#process.kill("SIGTERM");
    } catch {
      // It has exited by itself.
    }
  }
}

function run(command: string, args: string[]): Running {
  return new Running(command, args);
}

/** The program that `deno task module` runs. */
function served(options: string[]): Running {
  const main = decodeURIComponent(new URL("../../main.ts", import.meta.url).pathname);
  return run(Deno.execPath(), ["run", "--quiet", "-P=module", main, "module", ...options]);
}

/** Returns the name of the pty that a served module prints. */
async function pathOf(module: Running): Promise<string> {
  for (let count = 0; count < 10; count++) {
    const [, path] = /^module on (\S+)$/.exec(await module.line()) ?? [];
    if (path !== undefined) return path;
  }
  throw new Error("The module did not say where it is");
}

async function finish(command: string, args: string[]): Promise<void> {
  const { success, stderr } = await new Deno.Command(command, { args, stdin: "null" }).output();
  assert.ok(success, new TextDecoder().decode(stderr));
}

function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}

/** Debian's Mosquitto on a port of this machine, ready for connections. */
async function mosquitto(port: number): Promise<AsyncDisposable> {
  const folder = await Deno.makeTempDir({ prefix: "attest-module-" });
  await Deno.writeTextFile(`${folder}/conf`, `listener ${port} 127.0.0.1\nallow_anonymous true\n`);
  const process = new Deno.Command("/usr/sbin/mosquitto", {
    args: ["-c", `${folder}/conf`],
    stdin: "null",
    stdout: "null",
    stderr: "null",
  }).spawn();
  for (let tries = 0; tries < 100 && !await answers(port); tries++) {
    await new Promise((r) => setTimeout(r, 50));
  }
  return {
    [Symbol.asyncDispose]: async () => {
      process.kill("SIGTERM");
      await process.status;
      await Deno.remove(folder, { recursive: true });
    },
  };
}

async function answers(port: number): Promise<boolean> {
  try {
    using _connection = await Deno.connect({ hostname: "127.0.0.1", port });
    return true;
  } catch {
    return false;
  }
}

/** Returns what the test needs and this machine lacks, or an empty text. */
async function missingTools(): Promise<string> {
  const lacking: string[] = [];
  const works = async (command: string, args: string[]) => {
    try {
      return (await new Deno.Command(command, { args, stdin: "null", stdout: "null", stderr: "null" })
        .output()).code;
    } catch {
      return undefined;
    }
  };
  if (await works("/usr/sbin/mosquitto", ["-h"]) === undefined) lacking.push("mosquitto");
  if (await works("mosquitto_sub", ["--help"]) === undefined) lacking.push("mosquitto-clients");
  if (await works(PYTHON, ["-c", "import serial"]) !== 0) lacking.push("python3-serial");
  return lacking.join(", ");
}
