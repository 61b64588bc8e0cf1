/**
 * An adapter in a process of its own, for tests: a client of MQTT 3.1.1 that connects and publishes, and does one thing wrong.
 * Its arguments are a file to which it appends its process ids, and what it does wrong.
 */
import { LineSplitter } from "../../client/line_splitter.ts";

const [pids = "", wrong = "nothing"] = Deno.args;
const encoder = new TextEncoder();

function write(message: unknown): void {
  Deno.stdout.writeSync(encoder.encode(`${JSON.stringify(message)}\n`));
}

/** A string with its length in two bytes. */
function field(text: string): readonly number[] {
  const bytes = encoder.encode(text);
  return [bytes.length >> 8, bytes.length & 0xff, ...bytes];
}

function packet(first: number, body: readonly number[]): Uint8Array<ArrayBuffer> {
  return Uint8Array.from([first, body.length, ...body]);
}

const clients = new Map<string, Deno.TcpConn>();

async function connect(name: string, port: number, clientId: string): Promise<void> {
  const connection = await Deno.connect({ hostname: "127.0.0.1", port });
  clients.set(name, connection);
  await connection.write(packet(0x10, [...field("MQTT"), 4, 2, 0, 60, ...field(clientId)]));
  void listen(name, connection);
}

/** Reports what the broker sends, one packet in each read. */
async function listen(name: string, connection: Deno.TcpConn): Promise<void> {
  const buffer = new Uint8Array(1_000);
  try {
    while (await connection.read(buffer) !== null) {
      if (buffer[0] === 0x20) write({ on: "connected", client: name, sessionPresent: false });
      if (buffer[0] === 0x40) write({ on: "published", client: name, token: buffer[3] });
    }
  } catch {
    // A reset has closed it.
  }
}

/** What the adapter can do wrong at a publish, in place of answering it. */
const WRONGS: Readonly<Record<string, (id: number) => void>> = {
  flooding: () => {
    for (;;) write({ on: "error", client: "nobody's", text: "more and more" });
  },
  "flooding with events": (id) => {
    const [client] = clients.keys();
    write({ id, ok: true, token: 1 });
    for (;;) write({ on: "error", client, text: "more and more" });
  },
  twice: (id) => {
    write({ id, ok: true, token: 1 });
    write({ id, ok: true, token: 1 });
  },
  "out of order": (id) => write({ id: id + 1, ok: true, token: 1 }),
  never: () => {},
  deaf: () => {
    for (;;);
  },
  "half a line": () => {
    Deno.stdout.writeSync(encoder.encode('{"id":'));
    Deno.exit(3);
  },
  "endless line": () => {
    for (;;) Deno.stdout.writeSync(encoder.encode("x".repeat(65_536)));
  },
};

function answer(request: Readonly<Record<string, unknown>>): unknown {
  const { id, client, topic } = request;
  switch (request.do) {
    case "connect":
      return connect(String(client), Number(request.port), String(request.clientId)).then(() => ({
        id,
        ok: true,
      }));
    case "publish": {
      const act = WRONGS[wrong];
      if (act) return act(Number(id));
      const bytes = packet(0x32, [...field(String(topic)), 0, 1, ...encoder.encode("x")]);
      return clients.get(String(client))?.write(bytes).then(() => ({ id, ok: true, token: 1 }));
    }
    default:
      for (const connection of clients.values()) connection.close();
      clients.clear();
      return { id, ok: true };
  }
}

if (wrong === "deaf") Deno.addSignalListener("SIGTERM", () => {});
Deno.writeTextFileSync(pids, `${Deno.pid}\n`, { append: true });
if (wrong === "with a child") {
  const child = new Deno.Command("sleep", { args: ["600"], stdin: "null", stdout: "null", stderr: "null" })
    .spawn();
  Deno.writeTextFileSync(pids, `${child.pid}\n`, { append: true });
}
write({
  hello: "test",
  adapter: 1,
  version: "1.0.0",
  protocols: ["3.1.1"],
  transports: ["tcp"],
  supports: [],
});
const lines = new LineSplitter(1_000_000);
for await (const bytes of Deno.stdin.readable) {
  for (const line of lines.push(bytes)) {
    const reply = await answer(JSON.parse(line));
    if (reply) write(reply);
  }
}
Deno.exit(0);
