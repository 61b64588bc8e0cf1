import assert from "node:assert/strict";
import { Program, runToEnd } from "./program.ts";

const { signal } = new AbortController();

function reset(command: readonly string[], withinMs = 10_000): Promise<void> {
  return runToEnd("lab", "reset", command, withinMs, signal);
}

Deno.test("a user's command that does its work is waited for", async () => {
  const folder = await Deno.makeTempDir();
  await reset(["touch", `${folder}/a b`]);
  assert.ok((await Deno.stat(`${folder}/a b`)).isFile);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("a user's command gets its words unchanged, and no shell reads them", async () => {
  await assert.rejects(reset(["sh", "-c", 'echo "$1" >&2; exit 4', "sh", "$(id); *"]), {
    message: 'The target "lab" was not reset: "sh" exited with status 4, with the output: $(id); *',
  });
});

Deno.test("a user's command that hangs, fails or is missing is reported in a sentence", async () => {
  await assert.rejects(reset(["false"]), {
    message: 'The target "lab" was not reset: "false" exited with status 1',
  });
  await assert.rejects(reset(["no-such-program"]), {
    message: 'The target "lab" needs the program "no-such-program", which is not installed here',
  });
  // It ignores the stop signal, and its child keeps its output open.
  await assert.rejects(reset(["sh", "-c", "trap '' TERM; sleep 5 & sleep 5"], 200), {
    message: 'The target "lab" was not reset: "sh" did not end within 0.2 s',
  });
});

Deno.test("a user's command without permission is reported with the flag that permits it", async () => {
  const script = await Deno.makeTempFile({ suffix: ".ts" });
  await Deno.writeTextFile(
    script,
    `import { runToEnd } from ${JSON.stringify(import.meta.resolve("./program.ts"))};
await runToEnd("lab", "reset", ["./reset.sh", "3"], 1, new AbortController().signal)
  .catch((error) => console.log(error.message));
`,
  );
  const args = ["run", "--no-prompt", "--no-check", "--allow-run=mosquitto", script];
  const { stdout } = await new Deno.Command(Deno.execPath(), { args, stderr: "null" }).output();
  assert.equal(
    new TextDecoder().decode(stdout),
    'The target "lab" starts "./reset.sh", which is not permitted; run with --allow-run=./reset.sh\n',
  );
  await Deno.remove(script);
});

Deno.test("once its run is interrupted, a program that does not want to end is not waited for long", async () => {
  const command = ["sh", "-c", "trap '' TERM; echo ready; while :; do sleep 1; done"];
  for (const when of ["before", "meanwhile"]) {
    const run = new AbortController();
    // Without the interruption this would exceed any test timeout.
    const program = new Program("lab", { command, stopMs: 3_600_000, signal: run.signal });
    while (!program.lastWords.includes("ready")) await new Promise((resolve) => setTimeout(resolve, 10));
    if (when === "before") run.abort();
    const ending = program[Symbol.asyncDispose]();
    run.abort();
    await ending;
    assert.equal(program.running, false);
  }
});
