import assert from "node:assert/strict";
import { FAILS, PASSES, suiteText, TestFolder } from "../catalog/test_folder.ts";
import { ended, endedAfter, spawned } from "./test_screen.ts";

/** Cases that take a while, on a broker that answers. */
const busy = (count: number, rounds = 300) =>
  Array.from(
    { length: count },
    (_, at) =>
      `  - { case: busy${at}, purpose: it MUST answer, use: {}, limit: 1m, steps: [c -> CONNECT, c <- CONNACK, repeat: { times: ${rounds}, steps: [c -> PINGREQ, c <- PINGRESP, wait: 10ms] }] }\n`,
  )
    .join("");

const found = await Promise.all(
  [["mosquitto", "-h"], ["/usr/bin/python3", "--version"]].map(async ([program = "", ...args]) => {
    try {
      await new Deno.Command(program, { args, stdout: "null", stderr: "null" }).output();
      return true;
    } catch {
      console.log(`${program} is not installed: what needs it is not tested`);
      return false;
    }
  }),
);
const [hasMosquitto = false, hasPython = false] = found;

Deno.test("an address without a listener ends with 3 and one sentence within 10 s", async () => {
  await using folder = new TestFolder();
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  listener.close();
  for (
    const address of [`mqtt://127.0.0.1:${port}`, `tcp-serial://127.0.0.1:${port}`, "serial:/dev/no-such-tty"]
  ) {
    const child = spawned(["conform", "--target", address, "--out", `${folder.path}/out`]);
    const { status, out, err } = await ended(child, 10_000);
    assert.equal(status, 3, `${address}: ${out}${err}`);
    assert.equal(err, "");
    const sentences = out.split("\n").filter((line) => /refused|no serial port/i.test(line));
    assert.equal(sentences.length, 1, out);
    assert.deepEqual(folder.names("out"), ["journal.ndjson", "junit.xml", "report.html", "result.json"]);
  }
});

Deno.test("Ctrl-C in the middle ends with 130, and the reports hold what was run", async () => {
  await using folder = new TestFolder();
  const suite = folder.write("own.yaml", suiteText(PASSES + FAILS + busy(40)));
  const child = spawned([
    "conform",
    suite,
    "--target",
    "reference",
    "--out",
    `${folder.path}/out`,
    "--jobs",
    "50",
  ]);
  const { status, out } = await endedAfter(child, "own/fails", () => child.kill("SIGINT"));
  assert.equal(status, 130, out);
  assert.match(out, /Interrupted: /);
  assert.deepEqual(folder.names("out"), ["journal.ndjson", "junit.xml", "report.html", "result.json"]);
  const result = JSON.parse(folder.read("out/result.json"));
  assert.ok(
    result.cases.some(({ id, verdict }: Record<string, string>) => id === "own/fails" && verdict === "fail"),
  );
  assert.equal(
    folder.read("out/journal.ndjson").trimEnd().split("\n").at(-1)?.includes('"interrupted":true'),
    true,
  );
});

Deno.test("Ctrl-C ends a program that was started for the run", { ignore: !hasMosquitto }, async () => {
  await using folder = new TestFolder();
  const suite = folder.write("own.yaml", suiteText(FAILS + busy(5)));
  const child = spawned(["conform", suite, "--target", "mosquitto", "--out", `${folder.path}/out`]);
  const { status, out } = await endedAfter(child, "own/fails", () => child.kill("SIGINT"));
  assert.equal(status, 130, out);
  const port = Number(/mqtt:\/\/127\.0\.0\.1:(\d+)/.exec(out)?.[1]);
  await assert.rejects(Deno.connect({ hostname: "127.0.0.1", port }), Deno.errors.ConnectionRefused);
});

Deno.test(
  "a Ctrl-C that comes twice at once, as npx passes it on, still ends the run normally",
  { ignore: !hasMosquitto },
  async () => {
    await using folder = new TestFolder();
    const suite = folder.write("own.yaml", suiteText(FAILS + busy(5)));
    const child = spawned(["conform", suite, "--target", "mosquitto", "--out", `${folder.path}/out`]);
    const { status, out } = await endedAfter(child, "own/fails", () => {
      child.kill("SIGINT");
      child.kill("SIGTERM");
    });
    assert.equal(status, 130, out);
    const port = Number(/mqtt:\/\/127\.0\.0\.1:(\d+)/.exec(out)?.[1]);
    assert.equal(JSON.parse(folder.read("out/result.json")).kind, "conform");
    await assert.rejects(Deno.connect({ hostname: "127.0.0.1", port }), Deno.errors.ConnectionRefused);
  },
);

Deno.test(
  "Mosquitto killed in the middle makes the remaining cases errors, in whole reports, and the run ends with 3",
  {
    ignore: !hasMosquitto,
  },
  async () => {
    await using folder = new TestFolder();
    const port = freePort();
    const config = folder.write(
      "mosquitto.conf",
      `listener ${port} 127.0.0.1\nallow_anonymous true\nlog_type none\n`,
    );
    const broker = new Deno.Command("mosquitto", {
      args: ["-c", config],
      stdin: "null",
      stdout: "null",
      stderr: "null",
    })
      .spawn();
    try {
      await listening(port);
      const suite = folder.write("own.yaml", suiteText(PASSES + FAILS + busy(60)));
      const target = folder.write(
        "killed.yaml",
        `target: killed\ntitle: K\ntests: broker\naddress: mqtt://127.0.0.1:${port}\nback: 3s\n`,
      );
      const child = spawned([
        "conform",
        suite,
        "--target",
        target,
        "--out",
        `${folder.path}/out`,
        "--jobs",
        "20",
      ]);
      // The busy cases wait, so they begin first and the broker is killed among them.
      const { status, out, err } = await endedAfter(
        child,
        "Target ",
        () => void killWhenBusy(broker, folder),
      );
      assert.equal(status, 3, out + err);
      assert.deepEqual(folder.names("out"), ["journal.ndjson", "junit.xml", "report.html", "result.json"]);
      const { cases, totals } = JSON.parse(folder.read("out/result.json"));
      assert.equal(cases.length, 62);
      assert.equal(totals.error, 62, JSON.stringify(totals));
      assert.ok(
        cases.every(({ reason }: { reason?: string }) => reason?.includes("can no longer be reached")),
      );
    } finally {
      try {
        broker.kill("SIGKILL");
      } catch {
        // The broker was killed in the middle.
      }
      await broker.status;
    }
  },
);

Deno.test("on a pipe the output is plain", async () => {
  await using folder = new TestFolder();
  const suite = folder.write("own.yaml", suiteText(PASSES + FAILS));
  const { status, out } = await ended(
    spawned(["conform", suite, "--target", "reference", "--out", `${folder.path}/out`], {
      env: { FORCE_COLOR: "1", TERM: "xterm" },
    }),
  );
  assert.equal(status, 1);
  assert.doesNotMatch(out.replaceAll("\n", ""), /\p{Cc}/u);
  assert.match(out, /^fail {2}own\/fails .* Unexpected PINGRESP/m);
});

const ESC = String.fromCharCode(0x1b);

/** Runs on a terminal of its own, made by python's pty module, and returns all that was drawn. */
async function onTerminal(folder: TestFolder, env: Readonly<Record<string, string>>): Promise<string> {
  const suite = folder.write("own.yaml", suiteText(PASSES + FAILS + busy(1, 40)));
  const child = spawned([
    "conform",
    suite,
    "--target",
    "reference",
    "--out",
    `${folder.path}/out`,
    "--format",
    "json",
  ], {
    env: { TERM: "xterm-256color", NO_COLOR: "", ...env },
    through: [
      "/usr/bin/python3",
      "-c",
      "import os, pty, sys; sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:])))",
    ],
  });
  const { status, out, err } = await ended(child);
  assert.equal(status, 1, out + err);
  return out;
}

Deno.test("on a terminal one line is redrawn, in colours, and the cursor comes back", {
  ignore: !hasPython,
}, async () => {
  await using folder = new TestFolder();
  const out = await onTerminal(folder, {});
  assert.ok(out.includes(`${ESC}[31m`));
  const drawn = out.split(`\r${ESC}[2K`).filter((line) => /^\d+\/3 {2}.*\d+\/s/.test(line));
  assert.ok(drawn.length >= 2, out);
  assert.ok(!out.includes(`${ESC}[?25l`) || out.includes(`${ESC}[?25h`), "the cursor stays hidden");
  assert.match(out, /1 failed/);
});

Deno.test("NO_COLOR is obeyed on a terminal", { ignore: !hasPython }, async () => {
  await using folder = new TestFolder();
  const out = await onTerminal(folder, { NO_COLOR: "1" });
  assert.doesNotMatch(out.replaceAll(ESC, "<esc>"), /<esc>\[[0-9;]*m/);
  assert.match(out, /1 failed/);
});

function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}

async function listening(port: number): Promise<void> {
  for (let tries = 0; tries < 400; tries++) {
    try {
      return (await Deno.connect({ hostname: "127.0.0.1", port })).close();
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }
  assert.fail(`there is no listener on ${port}`);
}

/** Kills the broker once the journal, which grows as cases end and as its buffer fills, shows that cases are busy. */
async function killWhenBusy(broker: Deno.ChildProcess, folder: TestFolder): Promise<void> {
  for (let tries = 0; tries < 1_000; tries++) {
    if (folder.read("out/journal.ndjson").includes("PINGRESP")) break;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  broker.kill("SIGKILL");
}
