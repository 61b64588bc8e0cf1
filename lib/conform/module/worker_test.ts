import assert from "node:assert/strict";
import { serve } from "../../module/serve.ts";
import { fold } from "../../run/result.ts";
import type { Suite } from "../../suite/file/model.ts";
import type { TargetFile } from "../../target/target_file.ts";
import { chartOf, judge, moduleTarget, suiteOf, verdicts } from "../test_bench.ts";

function moduleSuite(cases: string): Promise<Suite> {
  return suiteOf(`suite: demo\ntitle: Demo\ncases:\n${cases}`, "at");
}

const PUBLISHES = `
  - case: qos1
    purpose: PUB MUST report success when PUBACK has come
    covers: [ECMT-PUB-U3]
    use: { online: {} }
    steps:
      - dte -> AT+ECMTPUB=: [0, 7, 1, 0, $topic, hello]
      - dte <- OK
      - broker <- PUBLISH: { packetId: 7, topic: $topic, payload: hello, qos: 1, as: got }
      - broker -> PUBACK: { packetId: $got.packetId }
      - dte <- +ECMTPUB: [0, 7, 0, { optional: any }]
`;

Deno.test("a right module passes, and both of its sides are charted", async () => {
  const judged = await judge(await moduleSuite(PUBLISHES), moduleTarget());
  assert.deepEqual(verdicts(judged), { qos1: "pass" });
  const lanes = new Set(chartOf(judged, "qos1").map(({ lane }) => lane));
  assert.deepEqual([...lanes].sort(), ["broker", "dte"]);
  assert.equal(judged.exit, 0);
});

Deno.test("a wrong packet, a wrong result and a missing line of a module are failures", async () => {
  const suite = await moduleSuite(PUBLISHES);
  const wrong = async (defect: string) =>
    verdicts(await judge(suite, moduleTarget([defect], { withinMs: 500 }))).qos1 ?? "";
  assert.match(await wrong("pub-payload-upper-case"), /^fail: PUBLISH payload is "HELLO", expected "hello"$/);
  assert.match(await wrong("pub-result-missing"), /^fail: Nothing came within 500 ms, expected \+ECMTPUB: /);
});

Deno.test("a packet that no step takes is a failure of the module", async () => {
  const judged = await judge(
    await moduleSuite(
      PUBLISHES.replace(/ {6}- broker <- PUBLISH[^]*/, "      - dte <- nothing: { within: 100ms }\n"),
    ),
    moduleTarget(),
  );
  assert.match(
    verdicts(judged).qos1 ?? "",
    /^fail: Unexpected PUBLISH q1 id=7 .*, expected nothing after the last step$/,
  );
});

Deno.test("a prompt takes data, and words and numbers of a result are compared as they were written", async () => {
  const judged = await judge(
    await moduleSuite(`
  - case: data
    purpose: PUB MUST take data behind the prompt
    use: { online: {} }
    steps:
      - dte -> AT+ECMTPUB=: [0, 0, 0, 0, $topic]
      - dte <- prompt
      - dte -> data: { bytes: "two words", end: ctrl-z }
      - dte <- OK
      - dte <- one of: [{ +ECMTPUB: [0, 0, 0, { optional: any }] }, ERROR]
      - broker <- PUBLISH: { payload: two words, packetId: absent }
  - case: refused
    purpose: PUB MUST be refused where there is no connection
    steps:
      - dte -> AT+ECMTPUB=: [0, 7, 1, 0, $topic, hello]
      - dte <- +CME ERROR: 3
  - case: not-connected
    purpose: a module MUST NOT connect by itself
    steps:
      - broker <- nothing: { within: 50ms }
`),
    moduleTarget(),
  );
  assert.deepEqual(verdicts(judged), { data: "pass", refused: "pass", "not-connected": "pass" });
});

Deno.test("a module that opens no connection is reported", async () => {
  const judged = await judge(
    await moduleSuite(`
  - case: silent
    purpose: a module MUST connect
    steps:
      - dte -> AT+ECMTCONN?
      - dte <- OK
      - broker <- CONNECT: { within: 80ms }
`),
    moduleTarget(),
  );
  // The measured round trip is added.
  assert.match(verdicts(judged)["silent"] ?? "", /^fail: The module opened no connection within \d+ ms$/);
});

/** The virtual module on a raw TCP port, until it is disposed of. */
class Served implements AsyncDisposable {
  readonly #stop = new AbortController();
  readonly #line = Promise.withResolvers<string>();
  readonly #serving: Promise<void>;

  constructor() {
    this.#serving = serve({
      resolve: new Map(),
      defects: [],
      tcp: 0,
      signal: this.#stop.signal,
      print: (line) => this.#line.resolve(line),
    });
  }

  /** Its address: `tcp-serial://127.0.0.1:4001`. */
  async address(): Promise<string> {
    return (await this.#line.promise).replace(/^.* /, "");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await this.#serving;
  }
}

/** A module of which only the address is known. */
function lineTarget(address: string): TargetFile {
  const { start: _, ...file } = moduleTarget();
  return { ...file, address: { text: address, place: { file: "test", line: 1, column: 1, length: 1 } } };
}

Deno.test("a module that cannot be power-cycled is reset between cases, in whatever state a case leaves it", async () => {
  await using module = new Served();
  const leaves = (name: string, steps: string) =>
    `  - { case: ${name}, purpose: it MUST leave, use: ${steps} }\n${
      PUBLISHES.replace("\n", "").replace("case: qos1", `case: after-${name}`)
    }`;
  const judged = await judge(
    await moduleSuite([
      leaves("connected", "{ online: {} }, steps: [dte -> AT+ECMTCONN?, dte <- +ECMTCONN, dte <- OK]"),
      leaves("opened", "{ opened: {} }, steps: [dte -> AT, dte <- OK]"),
      leaves("configured", "{ configured: { option: keepalive, value: 5 } }, steps: [dte -> AT, dte <- OK]"),
      leaves(
        "waiting",
        "{ opened: {} }, steps: [dte -> AT+ECMTCONN=: [0, a, u, p], dte <- OK, broker <- CONNECT]",
      ),
      leaves("cut", "{ online: {} }, steps: [drop: broker, dte <- +ECMTSTAT: [0, 1]]"),
      leaves("prompt", "{ online: {} }, steps: [dte -> AT+ECMTPUB=: [0, 0, 0, 0, $topic], dte <- prompt]"),
    ].join("")),
    lineTarget(await module.address()),
  );
  assert.deepEqual(Object.entries(verdicts(judged)).filter(([, verdict]) => verdict !== "pass"), []);
  assert.equal(judged.cases.length, 12);
});

Deno.test("a case cut short by an unplugged line runs once more on the reopened line", async () => {
  await using module = new Served();
  const [, port = ""] = /:(\d+)$/.exec(await module.address()) ?? [];
  // In between is a device server: it loses the first connection when the case publishes.
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  let connections = 0;
  const serving = (async () => {
    const pipes: Promise<void>[] = [];
    try {
      for await (const host of listener) {
        pipes.push(bridge(host, Number(port), ++connections === 1 ? "ECMTPUB" : undefined));
      }
    } catch {
      // It has stopped listening.
    }
    await Promise.all(pipes);
  })();
  const judged = await judge(
    await moduleSuite(PUBLISHES),
    lineTarget(`tcp-serial://127.0.0.1:${listener.addr.port}`),
  );
  listener.close();
  await serving;
  assert.deepEqual(judged.cases.map(({ ended }) => ended?.verdict), [undefined, "pass"]);
  const { cases } = fold(judged.events);
  assert.deepEqual(cases.map(({ verdict, retried }) => [verdict, retried]), [["pass", 1]]);
  assert.equal(connections, 2);
  assert.equal(judged.exit, 0);
});

/** Forwards bytes in both directions until either end closes, or the host sends `until`. */
async function bridge(host: Deno.Conn, port: number, until: string | undefined): Promise<void> {
  const module = await Deno.connect({ hostname: "127.0.0.1", port });
  let typed = "";
  const pass = async (from: Deno.Conn, to: Deno.Conn) => {
    const buffer = new Uint8Array(4096);
    try {
      for (let size = await from.read(buffer); size !== null; size = await from.read(buffer)) {
        if (from === host) typed += new TextDecoder().decode(buffer.subarray(0, size));
        if (until !== undefined && typed.includes(until)) return;
        await to.write(buffer.subarray(0, size));
      }
    } catch {
      // The other end has closed.
    }
  };
  await Promise.race([pass(host, module), pass(module, host)]);
  for (const end of [host, module]) {
    try {
      end.close();
    } catch {
      // It is closed.
    }
  }
}

Deno.test("a serial line that is gone makes errors of what is left, and the run ends with 3", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const connections: Deno.TcpConn[] = [];
  const accepting = (async () => {
    try {
      for await (const connection of listener) {
        connections.push(connection);
        connection.close();
      }
    } catch {
      // It has stopped listening.
    }
  })();
  const { start: _, ...file } = moduleTarget();
  const address = `tcp-serial://127.0.0.1:${listener.addr.port}`;
  const judged = await judge(await moduleSuite(PUBLISHES), {
    ...file,
    address: { text: address, place: { file: "test", line: 1, column: 1, length: 1 } },
    line: { backMs: 500 },
  });
  assert.match(
    verdicts(judged).qos1 ?? "",
    /^error: The case could not be set up: The serial line \S+ is gone$/,
  );
  assert.equal(judged.exit, 3);
  listener.close();
  await accepting;
});

Deno.test("a wrong packet that a distant module sends last fails its case, though every step is done before it comes", async () => {
  const suite = await moduleSuite(`
  - case: received
    purpose: a message at QoS 0 MUST be shown, and not acknowledged
    use: { online: {} }
    steps:
      - broker -> PUBLISH: { topic: $topic, payload: hello }
      - dte <- +ECMTRECV: [0, any, any, hello]
  - case: watched
    purpose: the client MUST NOT acknowledge a QoS 0 message with the id 1
    use: { online: {} }
    steps:
      - ignore: dte
      - ignore: broker
      - broker -> PUBLISH: { topic: $topic, payload: hello }
      - wait: 1ms
`);
  const from = (defects: readonly string[]) =>
    judge(
      suite,
      moduleTarget([], { start: { kind: "virtual-module", defects, behaviour: {}, roundTripMs: 200 } }),
    );
  assert.deepEqual(verdicts(await from([])), { received: "pass", watched: "pass" });
  const { received = "", watched = "" } = verdicts(await from(["qos0-acknowledged"]));
  assert.match(received, /^fail: .*PUBACK/);
  assert.match(watched, /^fail: .*PUBACK/);
});
