import assert from "node:assert/strict";
import { seededRandom } from "../../ground/seeded_random.ts";
import { judge, suiteOf } from "../test_bench.ts";
import { Adapter, lineTarget, Served, shipped } from "./test_lines.ts";

const UNPLUGS = 20;

Deno.test("a line that is pulled out 20 times at random costs no case its right verdict", async () => {
  const random = seededRandom(20);
  const suites = [await shipped("at/session"), await shipped("at/disc"), await shipped("at/open")];
  await using adapter = await Adapter.start({ dataGuardMs: 1_000, openTimeoutMs: 1_000 });
  let unplugs = 0;
  let out = Promise.resolve();
  const unplug = async () => {
    await pause(random() * 120);
    await adapter.unplug();
    await pause(10 + random() * 200);
    await adapter.plug();
  };
  const target = lineTarget(`serial:${adapter.path}`, { withinMs: 2_000 });
  const judged = await judge(suites, target, {
    emit(event) {
      if (event.kind !== "case-started" || unplugs === UNPLUGS || random() < 0.3) return;
      unplugs++;
      out = out.then(unplug);
    },
  });
  await out;
  assert.equal(unplugs, UNPLUGS);
  const planned = suites.flatMap((suite) => suite.cases.map(({ id }) => id));
  const last = new Map(judged.cases.map(({ id, ended }) => [id, ended]));
  assert.deepEqual([...last.keys()].sort(), planned.sort());
  assert.ok(judged.cases.length > planned.length, "no case was cut and begun once more");
  for (const [id, ended] of last) {
    const { verdict, reason = "" } = ended ?? {};
    if (verdict === "error") assert.match(`${id}: ${reason}`, /serial line serial:\S+ is gone/);
    else assert.equal(verdict, "pass", `${id}: ${reason}`);
  }
});

Deno.test("a case whose line goes each time is an error once it was run twice, and the next one passes", async () => {
  await using adapter = await Adapter.start();
  const suite = { ...await shipped("at/session") };
  const cases = suite.cases.slice(0, 2);
  const [first, second] = cases.map(({ id }) => id);
  let out = Promise.resolve();
  const judged = await judge({ ...suite, cases }, lineTarget(`serial:${adapter.path}`), {
    emit(event) {
      if (event.kind !== "chart" || event.direction !== "sent" || event.lane !== "dte") return;
      if (event.n > 2) return;
      out = out.then(() => adapter.unplug()).then(() => adapter.plug());
    },
  });
  await out;
  assert.deepEqual(judged.cases.map(({ id }) => id), [first, first, second]);
  assert.deepEqual(judged.cases.map(({ ended }) => ended?.verdict), [undefined, "error", "pass"]);
  assert.match(judged.cases[1]?.ended?.reason ?? "", /is gone in the middle of the case$/);
  assert.equal(judged.exit, 3);
});

Deno.test("what a module's network side misses during a lost line is neither a failure nor a violated SHOULD", async () => {
  await using adapter = await Adapter.start();
  const suite = await suiteOf(
    `suite: demo
title: Demo
cases:
  - { case: dials, level: should, purpose: it SHOULD dial, steps: [dte -> AT, dte <- OK, broker <- opened] }
  - { case: falls-silent, purpose: it MUST fall silent, steps: [dte -> AT, dte <- OK, broker <- nothing: { within: 2s }] }
`,
    "at",
  );
  let out = Promise.resolve();
  const judged = await judge(suite, lineTarget(`serial:${adapter.path}`), {
    emit(event) {
      if (event.kind !== "step" || event.index !== 1) return;
      out = out.then(() => adapter.unplug()).then(() => adapter.plug());
    },
  });
  await out;
  const last = judged.cases.flatMap(({ ended }) => ended ?? []);
  assert.deepEqual(last.map(({ verdict, warnings }) => [verdict, warnings]), [["error", []], ["error", []]]);
});

/** A device server that can be switched off: its connections are cut, and new ones are refused until it is on again. */
class DeviceServer implements AsyncDisposable {
  readonly #module: string;
  readonly #port: number;
  readonly #ends = new Set<Deno.Conn>();
  readonly #pipes: Promise<void>[] = [];
  #listener: Deno.TcpListener | undefined;

  constructor(module: string) {
    this.#module = module;
    this.#listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    this.#port = this.#listener.addr.port;
    this.#pipes.push(this.#serve(this.#listener));
  }

  get address(): string {
    return `tcp-serial://127.0.0.1:${this.#port}`;
  }

  on(): void {
    this.#listener = Deno.listen({ hostname: "127.0.0.1", port: this.#port });
    this.#pipes.push(this.#serve(this.#listener));
  }

  off(): void {
    this.#listener?.close();
    this.#listener = undefined;
    for (const end of this.#ends) close(end);
    this.#ends.clear();
  }

  async #serve(listener: Deno.TcpListener): Promise<void> {
    for (;;) {
      const host = await listener.accept().catch(() => undefined);
      if (!host) return;
      const [, name = "", port = ""] = /([^/:]+):(\d+)$/.exec(this.#module) ?? [];
      const module = await Deno.connect({ hostname: name, port: Number(port) });
      for (const end of [host, module]) this.#ends.add(end);
      this.#pipes.push(pass(host, module), pass(module, host));
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.off();
    await Promise.all(this.#pipes);
  }
}

async function pass(from: Deno.Conn, to: Deno.Conn): Promise<void> {
  try {
    await from.readable.pipeTo(to.writable);
  } catch {
    // One of them was cut.
  }
}

function close(end: Deno.Conn): void {
  try {
    end.close();
  } catch {
    // It has closed by itself.
  }
}

Deno.test("a device server that goes away and refuses for a while costs a case one more run", async () => {
  await using served = new Served("tcp");
  await using server = new DeviceServer(await served.address());
  const suite = await shipped("at/session");
  const cases = suite.cases.slice(0, 8);
  let outage: Promise<void> | undefined;
  const outageOf = async () => {
    server.off();
    await pause(500);
    server.on();
  };
  const judged = await judge({ ...suite, cases }, lineTarget(server.address), {
    emit(event) {
      if (event.kind === "chart" && event.n === 4 && event.direction === "sent") outage ??= outageOf();
    },
  });
  await outage;
  assert.deepEqual(judged.cases.flatMap(({ ended }) => ended?.verdict ?? []), cases.map(() => "pass"));
  assert.equal(judged.cases.length, cases.length + 1);
});

Deno.test("a line that stays away is given up after the target's time, and no case is lost", async () => {
  await using adapter = await Adapter.start();
  const suite = await shipped("at/session");
  const cases = suite.cases.slice(0, 4);
  let out: Promise<void> | undefined;
  const target = lineTarget(`serial:${adapter.path}`, { line: { backMs: 300 } });
  const judged = await judge({ ...suite, cases }, target, {
    emit(event) {
      if (event.kind === "chart" && event.n === 2) out ??= adapter.unplug();
    },
  });
  await out;
  const last = new Map(judged.cases.map(({ id, ended }) => [id, ended?.verdict]));
  assert.deepEqual([...last.values()], ["pass", "error", "error", "error"]);
  assert.equal(judged.exit, 3);
});

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
