import assert from "node:assert/strict";
import { missing, run } from "../../reports/testdata/tool.ts";
import { tarball } from "./tarball.ts";

const LONG = `${"folder/".repeat(14)}${"name".repeat(20)}.js`;
const ENTRIES = [
  { path: "b.js", bytes: new TextEncoder().encode("#!\n"), runs: true },
  { path: LONG, bytes: new Uint8Array(1025).fill(65) },
  { path: "a.txt", bytes: new Uint8Array() },
];

Deno.test({
  name: "tarball() writes what tar reads: names, sizes and modes, sorted by path",
  ignore: missing("tar"),
  async fn() {
    const listed = await run("tar", ["--numeric-owner", "--utc", "-tzvf", "-"], tarball(ENTRIES));
    assert.deepEqual(listed.trimEnd().split("\n").map((line) => line.replaceAll(/ +/g, " ")), [
      "-rw-r--r-- 0/0 0 1985-10-26 08:15 package/a.txt",
      "-rwxr-xr-x 0/0 3 1985-10-26 08:15 package/b.js",
      `-rw-r--r-- 0/0 1025 1985-10-26 08:15 package/${LONG}`,
    ]);
    const text = await run("tar", ["-xzOf", "-", "package/b.js"], tarball(ENTRIES));
    assert.equal(text, "#!\n");
  },
});

Deno.test("tarball() makes the same bytes of the same files in any order", () => {
  assert.deepEqual(tarball(ENTRIES), tarball(ENTRIES.toReversed()));
});

Deno.test("tarball() refuses a path that the format can't hold", () => {
  const path = "x".repeat(101);
  assert.throws(() => tarball([{ path, bytes: new Uint8Array() }]), /is too long for a tar archive/);
});
