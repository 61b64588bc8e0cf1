import assert from "node:assert/strict";
import { parseStat, treeUsage } from "./process_tree.ts";

const linux = Deno.build.os === "linux";

Deno.test("parseStat() is not misled by a program's name", () => {
  const line = "71 (a) b (c) S 7 71 71 0 -1 4194560 100 0 0 0 11 22 33 44 20 0 1 0 900 4096 55 1 0 0";
  assert.deepEqual(parseStat(line), { parent: 7, ticks: 110, pages: 55 });
});

Deno.test({
  name: "treeUsage() counts what a shell and its children used as the shell's own `times` does",
  ignore: !linux,
  fn: async () => {
    const burn = "i=0; while [ $i -lt 300000 ]; do i=$((i+1)); done";
    // One child has ended, one still runs, and the shell itself works too.
    const script = `(${burn}); ${burn}; times; (${burn}; echo ready; read line) <&3`;
    const child = new Deno.Command("sh", {
      args: ["-c", `exec 3<&0; ${script}`],
      stdin: "piped",
      stdout: "piped",
    }).spawn();
    let text = "";
    const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
    while (!text.includes("ready")) text += (await reader.read()).value ?? "ready";
    const usage = await treeUsage([child.pid]);
    await child.stdin.close();
    while (!(await reader.read()).done) { /* read to the end */ }
    await child.status;

    // Two lines, for the shell and its children, each user and system: `0m0.370000s 0m0.010000s`.
    const seconds = [...text.matchAll(/(\d+)m([\d.]+)s/g)].map((one) => Number(one[1]) * 60 + Number(one[2]));
    assert.equal(seconds.length, 4);
    const before = seconds.reduce((sum, one) => sum + one, 0);
    // `times` ran before the last of three equal loops.
    assert.ok(usage.cpuSeconds > before, `${usage.cpuSeconds} s against ${before} s of the first two loops`);
    assert.ok(
      usage.cpuSeconds < 2.5 * before,
      `${usage.cpuSeconds} s against ${before} s of the first two loops`,
    );
    assert.equal(usage.processes, 2);
    assert.ok(usage.residentBytes > 100_000);
  },
});

Deno.test({
  name: "treeUsage() counts nothing for a process that has ended",
  ignore: !linux,
  fn: async () => {
    const child = new Deno.Command("true").spawn();
    await child.status;
    assert.deepEqual(await treeUsage([child.pid]), { cpuSeconds: 0, residentBytes: 0, processes: 0 });
  },
});
