import assert from "node:assert/strict";
import { OwnFolder } from "./own_folder.ts";

async function exists(path: string): Promise<boolean> {
  return await Deno.stat(path).then(() => true, () => false);
}

/** A place for folders that no other run uses. */
class Place implements AsyncDisposable {
  readonly path = Deno.makeTempDirSync({ prefix: "attest-test-" });

  make(): Promise<OwnFolder> {
    return OwnFolder.make(this.path);
  }

  /** A folder whose owner was killed. */
  async left(): Promise<string> {
    const code = `import { OwnFolder } from ${JSON.stringify(import.meta.resolve("./own_folder.ts"))};
      console.log((await OwnFolder.make(Deno.args[0])).path); Deno.exit(0);`;
    const args = ["eval", "--no-lock", code, this.path];
    const { stdout } = await new Deno.Command(Deno.execPath(), { args }).output();
    return new TextDecoder().decode(stdout).trim();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Deno.remove(this.path, { recursive: true });
  }
}

Deno.test("a folder goes with its owner, and once only", async () => {
  await using place = new Place();
  const folder = await place.make();
  await Deno.writeTextFile(`${folder.path}/file`, "text");
  await folder[Symbol.asyncDispose]();
  await folder[Symbol.asyncDispose]();
  assert.equal(await exists(folder.path), false);
});

Deno.test("a folder whose owner was killed goes when the next one is made", async () => {
  await using place = new Place();
  const left = await place.left();
  assert.equal(await exists(left), true);
  await using next = await place.make();
  assert.deepEqual(next.left, [left]);
  assert.equal(await exists(left), false);
});

Deno.test("a folder goes too whose owner was killed before it had locked it", async () => {
  await using place = new Place();
  const left = await Deno.makeTempDir({ dir: place.path, prefix: "attest-run-" });
  await using next = await place.make();
  assert.deepEqual(next.left, [left]);
  assert.equal(await exists(left), false);
});

Deno.test("folders that are made at once stay, each as long as its owner lives", async () => {
  await using place = new Place();
  await using owned = new AsyncDisposableStack();
  const folders = await Promise.all(Array.from({ length: 40 }, () => place.make()));
  for (const folder of folders) owned.use(folder);
  assert.equal(new Set(folders.map(({ path }) => path)).size, folders.length);
  for (const { path } of folders) assert.equal(await exists(`${path}/lock`), true);
});

Deno.test("what only has a similar name, or is a link, stays", async () => {
  await using place = new Place();
  const similar = `${place.path}/attest-run-of-somebody`;
  const link = `${place.path}/attest-run-0123456789abcdef`;
  await Deno.mkdir(similar);
  // Deno creates links with all permissions only.
  await new Deno.Command("ln", { args: ["-s", similar, link] }).output();
  await using next = await place.make();
  assert.deepEqual(next.left, []);
  assert.equal((await Deno.lstat(link)).isSymlink, true);
  assert.equal(await exists(similar), true);
});
