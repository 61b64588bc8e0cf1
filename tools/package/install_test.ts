import assert from "node:assert/strict";
import { pathToFileURL } from "node:url";
import { missing } from "../../reports/testdata/tool.ts";
import { buildPackage, type Built } from "./build.ts";
import { BIN, DENO_VERSION, MOST_BYTES, NPM_NAME } from "./naming.ts";

const ROOT = new URL("../../", import.meta.url);

/** A folder in which no command may write. */
const FORBIDDEN = "/var/tmp/attest-elsewhere";

const SUITE = `suite: own/greeting
title: What a user relies on
protocols: ["3.1.1"]
cases:
  - case: arrives
    purpose: a greeting MUST reach its subscriber
    steps:
      - sub -> CONNECT
      - sub <- CONNACK: { reason: 0 }
      - sub -> SUBSCRIBE: { packetId: 1, filter: $topic, qos: 0 }
      - sub <- SUBACK: { packetId: 1, reason: 0 }
      - sub -> PUBLISH: { topic: $topic, qos: 0, payload: hello }
      - sub <- PUBLISH: { topic: $topic, qos: 0, payload: hello }
`;

function target(name: string, defects: string): string {
  return `target: ${name}
title: The reference broker
tests: broker
start: { embedded: reference-broker, defects: [${defects}] }
protocols: ["3.1.1"]
supports: [qos1, qos2, retained, wills, sessions, wildcards]
`;
}

/** Whether npm or its registry is missing; prints that, so a skip is visible. */
async function noRegistry(): Promise<boolean> {
  if (missing("npm")) return true;
  const args = ["view", `deno@${DENO_VERSION}`, "version", "--fetch-retries=0", "--fetch-timeout=20000"];
  const { success } = await new Deno.Command("npm", { args, stdout: "null", stderr: "null" }).output();
  if (!success) console.log("Skipped: a test needs the npm registry, which does not answer");
  return !success;
}

async function ran(program: string, args: readonly string[], cwd: string) {
  const { code, stdout, stderr } = await new Deno.Command(program, { args: [...args], cwd, stdin: "null" })
    .output();
  const text = new TextDecoder();
  return { code, out: text.decode(stdout), err: text.decode(stderr) };
}

async function built(folder: string): Promise<Built> {
  return await buildPackage(ROOT, new URL("build/", pathToFileURL(`${folder}/`)));
}

Deno.test("the package is small, brings what commands read, and no test", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const { file, bytes, paths } = await built(folder);
    assert.match(file, new RegExp(`^${NPM_NAME}-\\d+\\.\\d+\\.\\d+\\.tgz$`));
    assert.ok(bytes.length < MOST_BYTES, `${bytes.length} bytes`);
    for (
      const path of [
        "main.js",
        "deno.json",
        "package.json",
        "suites/mqtt/ping.yaml",
        "suites/targets/aedes.yaml",
      ]
        .concat(
          "lib/target/watch/watcher.js",
          "lib/load/engine/worker.js",
          "lib/load/run/reference_process.js",
          "adapters/mqttjs/adapter",
          "adapters/mqttjs/adapter.js",
          "adapters/mosquitto-clients/command_line.py",
        )
    ) assert.ok(paths.includes(path), path);
    assert.deepEqual(paths.filter((path) => /_test\.|testdata|(^|\/)test_|\.tsx?$/.test(path)), []);
    assert.deepEqual([...Deno.readDirSync(folder)], []);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test(
  { name: "the package installs and runs a suite of its user", ignore: await noRegistry() },
  async (t) => {
    const folder = await Deno.realPath(await Deno.makeTempDir());
    const work = `${folder}/a, b/work`;
    const bin = `${folder}/node_modules/.bin/${BIN}`;
    try {
      const { file, bytes } = await built(folder);
      await Deno.writeFile(`${folder}/${file}`, bytes);
      const installed = await ran("npm", ["install", "--no-audit", "--no-fund", `./${file}`], folder);
      assert.equal(installed.code, 0, installed.err);
      await Deno.mkdir(work, { recursive: true });
      await Deno.writeTextFile(`${work}/own.yaml`, SUITE);
      await Deno.writeTextFile(`${work}/good.yaml`, target("good", ""));
      await Deno.writeTextFile(`${work}/bad.yaml`, target("bad", "qos0-lost"));

      await t.step("a run that passes exits with 0 and leaves its reports in the user's folder", async () => {
        const args = [
          "conform",
          "own.yaml",
          "--target",
          "good.yaml",
          "--out",
          "out",
          "--format",
          "html,junit",
        ];
        const { code, out, err } = await ran(bin, args, work);
        assert.equal(code, 0, out + err);
        assert.match(out, /1 passed, 0 failed/);
        const files = [...Deno.readDirSync(`${work}/out`)].map(({ name }) => name).sort();
        assert.deepEqual(files, ["journal.ndjson", "junit.xml", "report.html"]);
      });

      await t.step(
        "shipped suites and targets are found by their names, and results go below",
        async () => {
          const { code, out, err } = await ran(
            bin,
            ["conform", "mqtt/ping/answered", "--target", "reference"],
            work,
          );
          assert.equal(code, 0, out + err);
          assert.deepEqual([...Deno.readDirSync(`${work}/results`)].length, 1);
        },
      );

      await t.step("the adapter of a client library runs from the package", async () => {
        const args = ["conform", "client/connect", "--filter", "client/connect/first-packet"];
        const said = await ran(bin, [...args, "--target", "mqttjs", "--out", "client"], work);
        assert.equal(said.code, 0, said.out + said.err);
        assert.match(said.out, /1 passed, 0 failed/);
      });

      await t.step("a failure exits with 1", async () => {
        const { code, out } = await ran(bin, ["conform", "own.yaml", "--target", "bad.yaml"], work);
        assert.equal(code, 1, out);
      });

      await t.step("a mistake exits with 2, and the message names the installed command", async () => {
        const { code, err } = await ran(bin, ["conform", "mqtt/pong"], work);
        assert.equal(code, 2);
        assert.match(err, new RegExp(`"${BIN} list" shows`));
      });

      await t.step("it may write in the user's folder and in /tmp only", async () => {
        const args = ["conform", "own.yaml", "--target", "good.yaml", "--out", FORBIDDEN];
        const { code, err } = await ran(bin, args, work);
        assert.notEqual(code, 0);
        assert.ok(err.includes(FORBIDDEN), err);
        await assert.rejects(Deno.stat(FORBIDDEN), Deno.errors.NotFound);
      });

      await t.step("--show-permissions prints what a command is granted", async () => {
        const { code, out } = await ran(bin, ["--show-permissions", "module"], work);
        assert.equal(code, 0);
        assert.ok(out.includes(`--allow-read=.,${folder}/node_modules/${NPM_NAME}\n`), out);
        assert.doesNotMatch(out, /--allow-write|--allow-run/);
        const page = await Deno.readTextFile(new URL("docs/how-to/install.md", ROOT));
        const shown = /^\$ npx attest --show-permissions report\n([^`]*)```/m.exec(page)?.[1];
        assert.equal((await ran(bin, ["--show-permissions", "report"], work)).out, shown);
        const unknown = await ran(bin, ["--show-permissions", "nothing"], work);
        assert.equal(unknown.code, 2);
        assert.match(unknown.err, /expects a command, found "nothing": one of conform, load, /);
      });

      await t.step("a run that SIGTERM interrupts writes its reports and exits with 130", async () => {
        await using child = new Deno.Command(bin, {
          args: ["conform", "mqtt/ping", "--target", "reference", "--out", "interrupted"],
          cwd: work,
          stdin: "null",
          stdout: "piped",
          stderr: "null",
        }).spawn();
        using output = outputOf(child);
        await output.until(/Target reference at/);
        child.kill("SIGTERM");
        assert.equal((await child.status).code, 130);
        await output.end();
        assert.ok((await Deno.stat(`${work}/interrupted/report.html`)).isFile);
      });

      for (const [signal, status] of [["SIGINT", 0], ["SIGTERM", 0], ["SIGKILL", 137]] as const) {
        await t.step(`${signal} ends Deno too`, async () => {
          await endsWith(bin, work, signal, status);
        });
      }
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
);

/** Serves the reference broker, ends it by a signal to the command, and waits until nothing holds its output. */
async function endsWith(bin: string, cwd: string, signal: Deno.Signal, status: number): Promise<void> {
  await using child = new Deno.Command(bin, {
    args: ["broker", "--port", "0"],
    cwd,
    stdin: "null",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  using output = outputOf(child);
  const [, port] = await output.until(/mqtt:\/\/127\.0\.0\.1:(\d+)\n/);
  child.kill(signal);
  assert.equal((await child.status).code, status);
  // The output ends when the last process that holds it has ended.
  await output.end();
  await assert.rejects(
    Deno.connect({ hostname: "127.0.0.1", port: Number(port) }),
    Deno.errors.ConnectionRefused,
  );
}

/** Reads what a command prints, and kills it after two minutes, so a command that hangs fails with its output. */
function outputOf(child: Deno.ChildProcess) {
  const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  const timer = setTimeout(() => child.kill("SIGKILL"), 120_000);
  let said = "";
  return {
    /** Returns the first match in the output, or fails if the output ends before. */
    async until(pattern: RegExp): Promise<RegExpExecArray> {
      for (;;) {
        const match = pattern.exec(said);
        if (match) return match;
        const { value, done } = await reader.read();
        assert.ok(!done, `it ended early: ${said}`);
        said += value;
      }
    },
    async end(): Promise<void> {
      while (!(await reader.read()).done);
    },
    [Symbol.dispose]: () => clearTimeout(timer),
  };
}
