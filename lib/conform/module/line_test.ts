import assert from "node:assert/strict";
import { openPty } from "../../transport/pty.ts";
import { SerialPort } from "../../transport/serial.ts";
import type { Transport } from "../../transport/transport.ts";
import type { ModuleTarget } from "../../target/target.ts";
import { ModuleLine } from "./line.ts";
import { ecmt, judge, moduleTarget, suiteOf, verdicts } from "../test_bench.ts";
import { installed, lineTarget, Served, shipped, Socat } from "./test_lines.ts";

const signal = new AbortController().signal;

const hasSocat = await installed("socat", "-V");

Deno.test("a module over raw TCP gets the verdicts that it gets where it is power-cycled", async () => {
  const suites = [await shipped("at/session"), await shipped("at/disc")];
  const cycled = await judge(suites, moduleTarget());
  await using served = new Served("tcp");
  const led = await judge(suites, lineTarget(await served.address()));
  assert.deepEqual(verdicts(led), verdicts(cycled));
  assert.ok(led.cases.length > 40);
});

Deno.test("a module connected through a pair of ptys gets them too", { ignore: !hasSocat }, async () => {
  const suites = [await shipped("at/session")];
  const cycled = await judge(suites, moduleTarget());
  await using served = new Served("pty");
  await using socat = await Socat.start(await served.address());
  const led = await judge(suites, lineTarget(`serial:${socat.path}`));
  assert.deepEqual(verdicts(led), verdicts(cycled));
});

Deno.test("after the last case the module is left without a context", async () => {
  await using served = new Served("pty");
  const address = `serial:${await served.address()}`;
  const online = (name: string) =>
    suiteOf(
      `suite: demo\ntitle: Demo\ncases:\n  - { case: ${name}, purpose: it MUST connect, ${
        name === "first"
          ? "use: { online: {} }, steps: [dte -> AT, dte <- OK]"
          : "steps: [dte -> AT+ECMTCONN?, dte <- OK]"
      } }\n`,
      "at",
    );
  assert.deepEqual(verdicts(await judge(await online("first"), lineTarget(address))), { first: "pass" });
  assert.deepEqual(verdicts(await judge(await online("next"), lineTarget(address))), { next: "pass" });
});

/** A module target whose line the test opens. */
async function played(openPort: () => Transport): Promise<ModuleTarget> {
  const dialect = await ecmt();
  return {
    kind: "module",
    name: "played",
    address: "serial:/dev/ttyPlayed",
    protocols: ["ECMT"],
    supports: [],
    values: new Map(),
    withinMs: 1_000,
    limitMs: 1_000,
    dialect,
    mostPorts: 1,
    brokerHost: "127.0.0.1",
    brokerPort: 0,
    listenHost: "127.0.0.1",
    line: { backMs: 500 },
    setup: [],
    teardown: [],
    openPort() {
      try {
        return Promise.resolve({ transport: openPort(), [Symbol.asyncDispose]: () => Promise.resolve() });
      } catch (error) {
        return Promise.reject(error);
      }
    },
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

Deno.test("a lost line is awaited and reopened, and reported once if it does not come back", async () => {
  const gone = new Error("There is no such port");
  await using served = new Served("pty");
  const module = await served.address();
  const { master, path } = openPty();
  const lines: (() => Transport)[] = [
    () => SerialPort.open(path),
    () => {
      throw gone;
    },
    () => SerialPort.open(module),
  ];
  const target = await played(() => {
    const open = lines.shift();
    if (!open) throw gone;
    return open();
  });
  await using line = await ModuleLine.open(target, { signal });
  master.close();
  await line.restart();
  assert.equal(line.lost, false);
  assert.equal(lines.length, 0);
  line.dte.close();
  await line.dte.receive(5_000);
  assert.equal(line.lost, true);
  for (let count = 0; count < 2; count++) {
    await assert.rejects(line.restart(), { message: "The serial line serial:/dev/ttyPlayed is gone" });
    assert.equal(line.lost, false);
  }
});
