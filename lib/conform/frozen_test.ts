import assert from "node:assert/strict";
import { dial } from "../transport/dial.ts";
import { addressTarget, brokerSuite, judge } from "./test_bench.ts";

const missing = !installed("mosquitto");
if (missing) console.log("Skipped, since it is not installed: a test with mosquitto");

/** So many cases run at once. */
const JOBS = 4;

Deno.test({
  name: "a broker that stops answering costs the cases at hand their time, and then the run is over",
  ignore: missing,
  fn: async () => {
    const port = freePort();
    const broker = new Deno.Command("mosquitto", { args: ["-p", `${port}`], stdout: "null", stderr: "null" })
      .spawn();
    try {
      await listening(port);
      const suite = await brokerSuite(`
  - case: answered
    purpose: each PUBLISH MUST be acknowledged
    matrix: { row: [${Array.from({ length: 60 }, (_, at) => at).join(", ")}] }
    use: { connected: { lane: pub } }
    steps:
      - repeat: { times: 20, as: i, steps: [pub -> PUBLISH: { topic: $topic, qos: 1, packetId: $i }, pub <- PUBACK: { packetId: $i }] }
`);
      let ended = 0;
      const run = await judge(suite, addressTarget(port, { withinMs: 300 }), {
        jobs: JOBS,
        emit: (event) => {
          // It keeps its connections, and its kernel takes new ones.
          if (event.kind === "case-ended" && ++ended === 10) broker.kill("SIGSTOP");
        },
      });
      assert.equal(run.exit, 3);
      const verdicts = Map.groupBy(run.cases, (one) => one.ended?.verdict ?? "none");
      assert.equal(verdicts.get("pass")?.length, run.cases.length - (verdicts.get("error")?.length ?? 0));
      assert.equal(run.cases.length, 60);
      assert.ok((verdicts.get("pass")?.length ?? 0) >= 10);
      for (const { ended } of verdicts.get("error") ?? []) {
        assert.match(ended?.reason ?? "", /can no longer be reached at mqtt:\/\/127\.0\.0\.1:\d+/);
      }
      // Those that were at hand have waited; the others were not tried any more.
      const waited = verdicts.get("error")?.filter(({ ended }) => ended?.reason?.includes("Nothing came")) ??
        [];
      assert.ok(waited.length >= 1 && waited.length <= JOBS, `${waited.length}`);
    } finally {
      broker.kill("SIGKILL");
      await broker.status;
    }
  },
});

function installed(program: string): boolean {
  try {
    new Deno.Command(program, { args: ["-h"], stdout: "null", stderr: "null" }).outputSync();
    return true;
  } catch {
    return false;
  }
}

function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}

async function listening(port: number): Promise<void> {
  for (let tries = 0; tries < 250; tries++) {
    try {
      const address = { kind: "mqtt", host: "127.0.0.1", port } as const;
      (await dial(address, { withinMs: 1_000 })).close();
      return;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
  throw new Error("mosquitto does not listen");
}
