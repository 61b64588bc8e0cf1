import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { formatCommand } from "../at/command.ts";
import { BASIC_FINALS, type CommandSpec, type Dialect, type FieldSpec } from "../at/dialect.ts";
import { openPty } from "../transport/pty.ts";
import { SerialPort } from "../transport/serial.ts";
import { type Transport, writeAll } from "../transport/transport.ts";
import { Dte, type DteArrival, type DteOptions, type EchoArrival, type NoiseArrival } from "./dte.ts";

const field = (name: string, raw = false): FieldSpec => ({ name, type: "string", optional: false, raw });
const command = (name: string): CommandSpec => ({
  name,
  forms: ["test", "write"],
  parameters: [],
  options: [],
  result: name,
  prompts: false,
  answerMs: 1000,
  resultMs: 1000,
  clauses: [],
});
const DIALECT: Dialect = {
  name: "test",
  title: "Test",
  finals: BASIC_FINALS,
  commands: [command("+ECMTPUB")],
  results: [
    { prefix: "+ECMTPUB", role: "answer", fields: [], clauses: [] },
    { prefix: "+ECMTSTAT", role: "unsolicited", fields: [], clauses: [] },
    {
      prefix: "+ECMTRECV",
      role: "unsolicited",
      fields: [field("id"), field("msgID"), field("topic"), field("payload", true)],
      clauses: [],
    },
  ],
  maximumLine: 200,
  settleMs: 20,
};

const bytes = (text: string) => Uint8Array.from(text, (c) => c.charCodeAt(0));
const latin = (data: Uint8Array) => String.fromCharCode(...data);

function show(arrival: DteArrival | EchoArrival | NoiseArrival | undefined): string {
  if (!arrival) return "nothing";
  switch (arrival.kind) {
    case "final":
      return [arrival.final, ...arrival.args.map((arg) => arg.text)].join(" ");
    case "result":
      return [arrival.role, arrival.prefix, ...arrival.args.map((arg) => JSON.stringify(arg.text))].join(" ");
    case "line":
      return `${arrival.role} ${arrival.text}`;
    case "closed":
      return `closed ${arrival.how}`;
    case "echo":
      return `echo ${JSON.stringify(latin(arrival.raw))}`;
    default:
      return arrival.kind;
  }
}

/** A session on a real pty whose other side is played by the test. */
function session(options: DteOptions = {}): { dte: Dte; module: Transport; path: string } {
  const { master, path } = openPty();
  return { dte: new Dte(SerialPort.open(path), { dialect: DIALECT, ...options }), module: master, path };
}

/** Takes `count` arrivals. */
async function take(dte: Dte, count: number): Promise<string[]> {
  const taken: string[] = [];
  while (taken.length < count) taken.push(show(await dte.receive(5_000)));
  return taken;
}

async function typed(module: Transport, size: number): Promise<string> {
  const buffer = new Uint8Array(size);
  let done = 0;
  while (done < size) done += await module.read(buffer.subarray(done)) ?? size;
  return latin(buffer);
}

Deno.test("Dte sends a command and returns its response, with the echo removed and reported separately", async () => {
  const seen: string[] = [];
  const { dte, module } = session({ onArrival: (arrival) => void seen.push(show(arrival)) });
  await using _dte = dte;
  using _module = module;
  const line = formatCommand("+ECMTPUB", "write", [{ kind: "number", value: 0 }]);
  await dte.send(line);
  deepStrictEqual(dte.command, { name: "+ECMTPUB", form: "write" });
  strictEqual(await typed(module, line.length), "AT+ECMTPUB=0\r");
  await writeAll(module, bytes("AT+ECM\r\n+ECMTSTAT: 0,1\r\nTPUB=0\r\r\nOK\r\n\r\n+ECMTPUB: 0,7,0\r\n"));
  deepStrictEqual(await take(dte, 3), ['unsolicited +ECMTSTAT "0" "1"', "OK", 'answer +ECMTPUB "0" "7" "0"']);
  deepStrictEqual(seen, [
    'echo "AT+ECM"',
    'unsolicited +ECMTSTAT "0" "1"',
    'echo "TPUB=0\\r"',
    "OK",
    'answer +ECMTPUB "0" "7" "0"',
  ]);
  strictEqual(dte.command, undefined);
  strictEqual(dte.echoing, true);
});

Deno.test("Dte reads errors in each form, and keeps their bytes", async () => {
  const { dte, module } = session();
  await using _dte = dte;
  using _module = module;
  await writeAll(
    module,
    bytes("\r\n+CME ERROR: 3\r\n\r\n+CME ERROR: operation not allowed\r\n\r\nERROR\r\n"),
  );
  const first = await dte.receive(5_000);
  strictEqual(first?.kind === "final" && latin(first.raw), "\r\n+CME ERROR: 3\r\n");
  deepStrictEqual(await take(dte, 2), ["+CME ERROR operation not allowed", "ERROR"]);
});

Deno.test("Dte takes the echo of data only from a module that echoes", async () => {
  for (const echo of [true, false]) {
    const { dte, module } = session();
    await using _dte = dte;
    using _module = module;
    const back = (text: string) => echo ? text : "";
    await dte.send(bytes("AT+ECMTPUB=0\r"));
    await writeAll(module, bytes(`${back("AT+ECMTPUB=0\r")}\r\n> `));
    deepStrictEqual(await take(dte, 1), ["prompt"]);
    // The data looks like a response, and so does its echo.
    await dte.send(bytes("OK\r\nOK"));
    await dte.send(bytes("\x1a"));
    await writeAll(module, bytes(`${back("OK\r\nOK\x1a")}\r\nOK\r\n\r\n+ECMTPUB: 0,1,0\r\n`));
    deepStrictEqual(await take(dte, 2), ["OK", 'answer +ECMTPUB "0" "1" "0"'], `echo ${echo}`);
  }
});

Deno.test("Dte reads a received payload with line breaks, quotes and commas whole", async () => {
  const payloads = [
    "one\r\ntwo",
    'a,"b",c',
    "end\r\n",
    "x\r\n\r\ny",
    "\r\nfirst",
    "a\rb",
    "a\nb",
    "",
    "> ",
    "OK",
  ];
  const { dte, module } = session();
  await using _dte = dte;
  using _module = module;
  for (const payload of payloads) {
    await writeAll(module, bytes(`\r\n+ECMTRECV: 0,1,"t",${payload}\r\n`));
    deepStrictEqual(await take(dte, 1), [`unsolicited +ECMTRECV "0" "1" "t" ${JSON.stringify(payload)}`]);
  }
});

Deno.test("Dte ends a received payload where the next response begins", async () => {
  const { dte, module } = session();
  await using _dte = dte;
  using _module = module;
  await dte.send(bytes("AT+ECMTPUB=0\r"));
  await writeAll(
    module,
    bytes('\r\n+ECMTRECV: 0,1,"t",a\r\nb\r\n\r\nOK\r\n\r\n+ECMTRECV: 0,2,"t",c\r\n\r\n+ECMTSTAT: 0,1\r\n'),
  );
  deepStrictEqual(await take(dte, 4), [
    'unsolicited +ECMTRECV "0" "1" "t" "a\\r\\nb"',
    "OK",
    'unsolicited +ECMTRECV "0" "2" "t" "c"',
    'unsolicited +ECMTSTAT "0" "1"',
  ]);
});

Deno.test("Dte knows which of several commands in one write a response belongs to", async () => {
  const { dte, module } = session();
  await using _dte = dte;
  using _module = module;
  await dte.send(bytes("ATI\rAT+ECMTPUB=0\rAT+CGMR\r"));
  await writeAll(module, bytes("\r\nEC616\r\n\r\nOK\r\n"));
  deepStrictEqual(await take(dte, 2), ["information EC616", "OK"]);
  deepStrictEqual(dte.command, { name: "+ECMTPUB", form: "write" });
});

Deno.test("receive() returns undefined after its timeout or an abort, and leaves later arrivals", async () => {
  const { dte, module } = session();
  await using _dte = dte;
  using _module = module;
  strictEqual(await dte.receive(1), undefined);
  const stop = new AbortController();
  const waiting = dte.receive(60_000, stop.signal);
  stop.abort();
  strictEqual(await waiting, undefined);
  await writeAll(module, bytes("\r\nOK\r\n"));
  deepStrictEqual(await take(dte, 1), ["OK"]);
});

Deno.test("Dte returns the rest of a line, then the close repeatedly", async () => {
  const { dte, module } = session();
  await using _dte = dte;
  await writeAll(module, bytes("\r\nOK\r\n\r\n+ECMTP"));
  deepStrictEqual(await take(dte, 1), ["OK"]);
  module.close();
  const rest = await take(dte, 3);
  deepStrictEqual(rest, ["text +ECMTP", "closed end", "closed end"]);
  deepStrictEqual(dte.closed, { kind: "closed", how: "end" });
});

Deno.test("Dte reads no further than its inbox is large, and drops nothing", async () => {
  const { dte, module } = session({ inboxLimit: 3 });
  await using _dte = dte;
  using _module = module;
  const lines = Array.from({ length: 2_000 }, (_, i) => `text line ${i}`);
  const writing = writeAll(module, bytes(lines.map((line) => `\r\n${line.slice(5)}\r\n`).join("")));
  deepStrictEqual(await take(dte, lines.length), lines);
  await writing;
  ok(dte.waiting === 0);
});

Deno.test("Dte returns the start of a line that is too long", async () => {
  const { dte, module } = session();
  await using _dte = dte;
  using _module = module;
  await writeAll(module, bytes(`\r\n${"x".repeat(1000)}\r\n\r\nOK\r\n`));
  const long = await dte.receive(5_000);
  strictEqual(long?.kind === "overflow" && long.raw.length, DIALECT.maximumLine);
  deepStrictEqual(await take(dte, 1), ["OK"]);
});

Deno.test("a final result says which command it ends, also when several came before anyone looked", async () => {
  const { dte, module } = session();
  await using _dte = dte;
  using _module = module;
  strictEqual(dte.typed, 0);
  await dte.send(bytes("AT\rAT+NE"));
  await dte.send(bytes("VER\r"));
  strictEqual(dte.typed, 2);
  await writeAll(module, bytes("\r\nERROR\r\n\r\nOK\r\n\r\nOK\r\n"));
  const ended: unknown[] = [];
  for (let n = 0; n < 3; n++) {
    const arrival = await dte.receive(5_000);
    ended.push(arrival?.kind === "final" && [arrival.final, arrival.ends]);
  }
  deepStrictEqual(ended, [["ERROR", 1], ["OK", 2], ["OK", undefined]]);
});

Deno.test("restart() forgets earlier commands and returns the waiting arrivals", async () => {
  const both = Promise.withResolvers<void>();
  const { dte, module } = session({ onArrival: (arrival) => arrival.kind === "final" && both.resolve() });
  await using _dte = dte;
  using _module = module;
  await dte.send(bytes("AT+ECMTPUB=0\rAT+NEVER"));
  await writeAll(module, bytes("\r\n+ECMTSTAT: 0,1\r\n\r\nOK\r\n"));
  await both.promise;
  deepStrictEqual(dte.restart().map(show), ['unsolicited +ECMTSTAT "0" "1"', "OK"]);
  strictEqual(dte.command, undefined);
  strictEqual(dte.waiting, 0);
  await dte.send(bytes("AT\r"));
  await writeAll(module, bytes("AT\r\r\nOK\r\n"));
  deepStrictEqual(await take(dte, 1), ["OK"]);
});

Deno.test("Dte ignores garbage between lines, next to a prompt, and before an echo", async () => {
  const seen: string[] = [];
  const { dte, module } = session({ onArrival: (arrival) => void seen.push(show(arrival)) });
  await using _dte = dte;
  using _module = module;
  await dte.send(formatCommand("+ECMTPUB", "write", [{ kind: "number", value: 0 }]));
  await writeAll(module, bytes("\xff\xfe"));
  await writeAll(module, bytes("\r\n> "));
  deepStrictEqual(await take(dte, 1), ["prompt"]);
  await dte.send(bytes("data\x1a"));
  await writeAll(module, bytes("\xfe\0\r\nOK\r\n\x7f\r\n+ECMTPUB: 0,7,0\r\n\xff\r\n\r\n+ECMTSTAT: 0,1\r\n"));
  deepStrictEqual(await take(dte, 3), ["OK", 'answer +ECMTPUB "0" "7" "0"', 'unsolicited +ECMTSTAT "0" "1"']);
  deepStrictEqual(seen.filter((one) => one === "noise").length, 4);
  strictEqual(dte.waiting, 0);
});

Deno.test("Dte takes no garbage for a payload's end while a command waits, and text for no garbage", async () => {
  const { dte, module } = session();
  await using _dte = dte;
  using _module = module;
  await dte.send(formatCommand("+ECMTPUB", "read", []));
  await writeAll(
    module,
    bytes('\r\n+ECMTRECV: 0,0,"t",on\r\ne\r\n\xff\xfe\r\nOK\r\n\r\nREADY\t1 ü\r\n'.replace("ü", "\xc3\xbc")),
  );
  deepStrictEqual(await take(dte, 3), [
    'unsolicited +ECMTRECV "0" "0" "t" "on\\r\\ne"',
    "OK",
    "text READY\t1 ü",
  ]);
});

Deno.test("Dte takes a payload's lines of other scripts for no garbage, while a command waits too", async () => {
  const { dte, module } = session();
  await using _dte = dte;
  using _module = module;
  await dte.send(formatCommand("+ECMTPUB", "read", []));
  const payload = "one\r\n\u4f60\u597d";
  await writeAll(module, new TextEncoder().encode(`\r\n+ECMTRECV: 0,0,"t",${payload}\r\n\r\nOK\r\n`));
  deepStrictEqual(await take(dte, 2), [`unsolicited +ECMTRECV "0" "0" "t" ${JSON.stringify(payload)}`, "OK"]);
});

Deno.test("Dte reads bursts of 4 KB as it reads single bytes", async () => {
  const lines = Array.from(
    { length: 200 },
    (_, index) => `\r\n+ECMTRECV: 0,${index},"a/b",message ${index}\r\n`,
  );
  const all = bytes(lines.join("") + "\r\n+ECMTSTAT: 0,1\r\n");
  const read = async (size: number) => {
    const { dte, module } = session();
    await using _dte = dte;
    using _module = module;
    for (let from = 0; from < all.length; from += size) {
      await writeAll(module, all.subarray(from, from + size));
    }
    return await take(dte, 201);
  };
  const bursts = await read(4096);
  strictEqual(bursts[199], 'unsolicited +ECMTRECV "0" "199" "a/b" "message 199"');
  deepStrictEqual(await read(1), bursts);
});

Deno.test("Dte knows where a payload may end before a report of another part of the module", async () => {
  const { dte, module } = session();
  await using _dte = dte;
  using _module = module;
  await writeAll(module, bytes('\r\n+ECMTRECV: 0,1,"t",hello\r\n\r\n^NWINFO: 0,1\r\n\r\n+ECMTSTAT: 0,1\r\n'));
  const arrival = await dte.receive(5_000);
  ok(arrival?.kind === "result");
  strictEqual(arrival.args.at(-1)?.text, "hello\r\n\r\n^NWINFO: 0,1");
  deepStrictEqual(
    arrival.shorter?.map(({ args, reports }) => [args.at(-1)?.text, reports]),
    [["hello", [{ prefix: "^NWINFO", text: "^NWINFO: 0,1" }]]],
  );
  deepStrictEqual(await take(dte, 1), ['unsolicited +ECMTSTAT "0" "1"']);
});

Deno.test("Dte takes a prompt without a space where one is expected that may be bare", async () => {
  const prompting = { ...command("+ECMTPUB"), prompts: true };
  const { dte, module } = session({ dialect: { ...DIALECT, commands: [prompting], barePrompts: true } });
  await using _dte = dte;
  using _module = module;
  for (const prompt of ["\r\n>", "\r\n> ", "\r\n>\r\n+CSQ: 1\r\n"]) {
    await dte.send(bytes("AT+ECMTPUB=0\r"));
    await writeAll(module, bytes(prompt));
    deepStrictEqual(await take(dte, 1), ["prompt"], prompt);
    if (prompt.includes("CSQ")) deepStrictEqual(await take(dte, 1), ['unsolicited +CSQ "1"']);
    await dte.send(bytes("data\x1a"));
    await writeAll(module, bytes("\r\nOK\r\n"));
    deepStrictEqual(await take(dte, 1), ["OK"], prompt);
  }
});

Deno.test("Dte reads a pausing line end as the start of the next line, and not as part of the payload", async () => {
  const { dte, module } = session();
  await using _dte = dte;
  using _module = module;
  await writeAll(module, bytes('\r\n+ECMTRECV: 0,1,"t",one\r\n\r'));
  strictEqual(await dte.receive(3 * DIALECT.settleMs), undefined);
  await writeAll(module, bytes('\n+ECMTRECV: 0,2,"t",two\r\n'));
  deepStrictEqual(await take(dte, 2), [
    'unsolicited +ECMTRECV "0" "1" "t" "one"',
    'unsolicited +ECMTRECV "0" "2" "t" "two"',
  ]);
});

Deno.test("Dte keeps a line that tells why a command failed out of the inbox, and gives it where the command did not fail", async () => {
  const noise: string[] = [];
  const { dte, module } = session({
    dialect: { ...DIALECT, errorDetails: ["command", "ERR CODE:"] },
    onArrival: (arrival) => void (arrival.kind === "noise" && noise.push(arrival.text)),
  });
  await using _dte = dte;
  using _module = module;
  const line = formatCommand("+ECMTPUB", "write", [{ kind: "number", value: 0 }]);
  await dte.send(line);
  await writeAll(module, bytes("\r\n+ECMTPUB: 0,11\r\n\r\nERR CODE:0x1\r\n\r\nERROR\r\n"));
  deepStrictEqual(await take(dte, 1), ["ERROR"]);
  deepStrictEqual(noise, ["+ECMTPUB: 0,11", "ERR CODE:0x1"]);
  await dte.send(line);
  await writeAll(module, bytes("\r\n+ECMTPUB: 0,0\r\n\r\nOK\r\n"));
  deepStrictEqual(await take(dte, 2), ['answer +ECMTPUB "0" "0"', "OK"]);
});
