import assert from "node:assert/strict";
import { describe } from "../../mqtt/describe.ts";
import { playStep } from "../../play/play.ts";
import { StepFailed } from "../../play/step_failed.ts";
import { TestCase } from "../../play/test_case.ts";
import { asText } from "../../spec/evaluate.ts";
import { stepsOf } from "../../suite/test_suite.ts";
import { dial } from "../../transport/dial.ts";
import { Played, polite } from "../test_broker.ts";
import { brokerPlay, type BrokerPlayOptions, brokerVariables } from "./play.ts";

/** A case on a broker that the test plays: its parties, and all packets that they send. */
class Bench implements AsyncDisposable {
  readonly heard: string[] = [];
  #connected = 0;
  readonly #broker = new Played((packet) => {
    this.heard.push(describe(packet));
    if (packet.type !== "CONNECT") return polite(packet);
    return [{ type: "CONNACK", reason: 0, sessionPresent: !packet.cleanStart && this.#connected++ > 0 }];
  });

  /** Creates the parties of a case whose lanes are `pub` and `sub`. */
  begin(
    { target, ...more }: Partial<Omit<BrokerPlayOptions, "target">> & {
      readonly target?: Partial<BrokerPlayOptions["target"]>;
    } = {},
    { context } = new TestCase(),
  ) {
    const address = { kind: "mqtt", host: "127.0.0.1", port: this.#broker.port } as const;
    return brokerPlay(context, {
      lanes: ["pub", "sub"],
      maximumQoS: 2,
      retains: true,
      interruption: new AbortController().signal,
      ...more,
      target: { connect: (signal) => dial(address, { signal }), ...target },
    });
  }

  /** Plays steps, disposes of the parties and returns what was sent after the steps. */
  async leave(play: ReturnType<typeof brokerPlay>, lines: readonly string[]): Promise<readonly string[]> {
    for (const step of await stepsOf(lines)) await playStep(step, play);
    this.heard.length = 0;
    await play[Symbol.asyncDispose]();
    return this.heard;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#broker[Symbol.asyncDispose]();
  }
}

const CONNECTED = ["pub -> CONNECT", "pub <- CONNACK"];

Deno.test("a lane connects with the client id in its variable, different from every other lane's", async () => {
  await using bench = new Bench();
  const lanes = ["pub", "sub"];
  const scope = brokerVariables("1", lanes, "3.1.1", 9);
  const place = { file: "", line: 1, column: 1, length: 1 };
  const value = (...path: string[]) => asText({ kind: "variable", path, place }, scope);
  assert.deepEqual(
    [["case"], ["topic"], ["protocol"], ["seed"], ["client", "pub"], ["client", "sub"]]
      .map((path) => value(...path)),
    ["1", "attest/1", "3.1.1", "9", "a10", "a11"],
  );
  await using play = bench.begin({ lanes });
  const lines = lanes.flatMap((lane) => [`${lane} -> CONNECT`, `${lane} <- CONNACK`]);
  for (const step of await stepsOf(lines)) await playStep(step, play);
  assert.deepEqual(bench.heard.map((said) => said.match(/"(.*?)"/)?.[1]), ["a10", "a11"]);
});

Deno.test("a client id is 1 to 23 letters and digits for any number of cases and lanes", () => {
  const lanes = Array.from({ length: 35 }, (_, at) => `l${at}`);
  const scope = brokerVariables("runrun01zzzz", lanes, "5.0", 1);
  const place = { file: "", line: 1, column: 1, length: 1 };
  const ids = lanes.map((lane) => asText({ kind: "variable", path: ["client", lane], place }, scope));
  assert.ok(ids.every((id) => /^[0-9a-zA-Z]{1,23}$/.test(id)), ids.join(" "));
  assert.equal(new Set(ids).size, lanes.length);
});

Deno.test("a lane's party is created once, and parties() returns the created ones", async () => {
  await using bench = new Bench();
  await using play = bench.begin();
  assert.deepEqual([...play.parties()], []);
  const sub = play.party("sub");
  assert.equal(play.client?.("sub"), sub);
  assert.deepEqual([...play.parties()], [sub]);
});

Deno.test("what a case may have left is taken away: its session, and what it retained", async () => {
  await using bench = new Bench();
  assert.deepEqual(await bench.leave(bench.begin(), CONNECTED), []);

  const left = ["pub -> CONNECT: { cleanStart: false }", "pub <- CONNACK"];
  assert.deepEqual(await bench.leave(bench.begin(), left), [
    'CONNECT level=4 "a10" clean keepAlive=10',
    "DISCONNECT",
  ]);

  const retained = [
    ...CONNECTED,
    "pub -> PUBLISH: { topic: attest/1, retain: true, payload: x }",
    "pub -> PINGREQ",
    "pub <- PINGRESP",
  ];
  assert.deepEqual(await bench.leave(bench.begin(), retained), [
    // No lane has this id.
    'CONNECT level=4 "a1z" clean keepAlive=10',
    'PUBLISH q0 retain "attest/1" ""',
    "DISCONNECT",
  ]);
  assert.deepEqual(await bench.leave(bench.begin({ retains: false }), retained), []);
});

Deno.test("a target that cannot be restarted offers no restart", async () => {
  await using bench = new Bench();
  await using play = bench.begin();
  assert.equal(play.restart, undefined);
});

Deno.test("after a restart a session that went through it is not judged", async () => {
  await using bench = new Bench();
  const connect = ["pub -> CONNECT: { cleanStart: false }", "pub <- CONNACK"];
  const publish = "pub -> PUBLISH: { topic: $topic, qos: 2, packetId: 7, payload: x }";
  const first = await stepsOf([...connect, publish, "drop: pub"]);
  // A client that has lost nothing sends this with DUP 1.
  const again = await stepsOf([...connect, publish]);
  let restarts = 0;
  const restart = () => Promise.resolve(void restarts++);
  for (const restarted of [false, true]) {
    await using play = bench.begin({ target: { restart } });
    for (const step of first) await playStep(step, play);
    if (restarted) await play.restart?.();
    const resent = (async () => {
      for (const step of again) await playStep(step, play);
    })();
    if (restarted) await resent;
    else await assert.rejects(resent, /add breaks: \[resent-without-dup\]/);
  }
  assert.equal(restarts, 1);
});

Deno.test("a target that does not come back from a restart is not a failure of the case", async () => {
  await using bench = new Bench();
  const restart = () => Promise.reject(new Error("It did not listen again"));
  await using play = bench.begin({ target: { restart } });
  await assert.rejects(async () => await play.restart?.(), (error) => {
    assert.ok(error instanceof StepFailed);
    assert.deepEqual(error.problem, {
      message: "It did not listen again",
      verdict: "error",
      connectionLost: true,
    });
    return true;
  });
});

Deno.test("a broker is tested by versions of MQTT only", async () => {
  await using bench = new Bench();
  assert.throws(() => bench.begin({}, new TestCase({}, { protocol: "ECMT" })), {
    name: "TypeError",
    message: 'A broker cannot be tested with "ECMT"',
  });
});
