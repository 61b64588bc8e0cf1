import assert from "node:assert/strict";
import { KINDS } from "./sample.ts";

const ROOT = new URL("../../../", import.meta.url);

/** Runs `deno task fuzz files` with the permissions of the task. */
async function fuzzed(...args: readonly string[]): Promise<{ code: number; out: string; err: string }> {
  const words = ["run", "--quiet", "-P=fuzz", "tools/fuzz/fuzz.ts", "files", ...args];
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), { args: words, cwd: ROOT })
    .output();
  const [out, err] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
  return { code, out: out ?? "", err: err ?? "" };
}

/** The rows of the table at the end: for each kind how many were accepted, refused, and found. */
function rows(out: string): ReadonlyMap<string, readonly number[]> {
  const found = [...out.matchAll(/^([a-z]+) +(\d+) +(\d+) +(\d+) +\d+ ms +\d+ ms$/gm)];
  return new Map(found.map(([, kind = "", ...counts]) => [kind, counts.map(Number)]));
}

Deno.test("no mutated file or command line is a finding, and of every kind some are taken and some refused", async () => {
  const times = 100 * KINDS.length;
  const { code, out, err } = await fuzzed("--times", String(times), "--seed", "1");
  assert.equal(err, "");
  assert.match(out, /^1,400 inputs, 0 findings, /m);
  assert.equal(code, 0);
  const found = rows(out);
  assert.deepEqual([...found.keys()], [...KINDS]);
  for (const [kind, [accepted = 0, refused = 0]] of found) {
    assert.equal(accepted + refused, times / KINDS.length, kind);
    assert.ok(accepted > 0, `no ${kind} is taken`);
    assert.ok(refused > 0, `no ${kind} is refused`);
  }
});

Deno.test("fuzz files shows one input again, of the kinds that are asked for", async () => {
  const several = await fuzzed("--times", "3", "--seed", "5", "--kind", "profile", "--kind", "proof");
  assert.deepEqual([...rows(several.out).keys()], ["profile", "proof"]);
  const number = KINDS.indexOf("profile");
  const again = await fuzzed("--seed", "5", "--only", String(number));
  assert.match(again.out, new RegExp(`^${number} profile \\(.*\\) is (accepted|refused)`, "m"));
  assert.equal(again.code, 0);
});

Deno.test("fuzz files prints its usage, and what is wrong with an option", async () => {
  assert.match((await fuzzed("--help")).out, /^Usage: deno task fuzz files .*--kind KIND/);
  for (
    const args of [["--times", "-1"], ["--times", "x"], ["--seed", "1e9"], ["--kind", "siute"], ["--x"], [
      "word",
    ]]
  ) {
    const { code, err } = await fuzzed(...args);
    assert.equal(code, 2, args.join(" "));
    assert.match(err, /^error: [^]*\n\nUsage: /, args.join(" "));
    assert.doesNotMatch(err, /^\s+at /m);
  }
});
