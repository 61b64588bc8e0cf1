import assert from "node:assert/strict";

const ROOT = new URL("../../", import.meta.url);

async function deno(...args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await new Deno.Command("deno", {
    args: [...args],
    cwd: ROOT,
    env: { NO_COLOR: "1" },
    stdin: "null",
  }).output();
  const text = new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
  assert.equal(code, 0, text);
  return text;
}

Deno.test("everything that the library shows is documented", async () => {
  await deno("doc", "--lint", "mod.ts");
});

Deno.test("deno publish would take the library and what it reads, and no test or tool", async () => {
  const text = await deno("publish", "--dry-run", "--allow-dirty", "--no-check");
  const paths = [...text.matchAll(/file:\/\/(\S+) \(/g)].map(([, path = ""]) =>
    path.slice(ROOT.pathname.length)
  );
  for (
    const path of ["mod.ts", "main.ts", "deno.json", "suites/mqtt/ping.yaml", "lib/load/engine/worker.ts"]
  ) {
    assert.ok(paths.includes(path), path);
  }
  const wrong = /_test\.|testdata|(^|\/)test_|^tools\/(?!brokers\/)|^(dist|results)\//;
  assert.deepEqual(paths.filter((path) => wrong.test(path)), []);
});
