import assert from "node:assert/strict";
import { shownPath } from "./home.ts";
import { TestFolder } from "./test_folder.ts";
import { readText } from "./text_file.ts";
import { writeWhole } from "./whole_file.ts";
import { pathToFileURL } from "node:url";

Deno.test("an unreadable file is reported in a sentence, with a path that the user can open", async () => {
  await using folder = new TestFolder();
  await assert.rejects(
    readText(pathToFileURL("no such.yaml")),
    /^UsageError: There is no file "no such\.yaml"$/,
  );
  await assert.rejects(
    readText(pathToFileURL(folder.path)),
    /" is a folder; expected a file, so name one in it$/,
  );
});

Deno.test("shownPath() is short below the working folder, and whole elsewhere", () => {
  assert.equal(shownPath(pathToFileURL("suites/mqtt/my #1.yaml")), "suites/mqtt/my #1.yaml");
  assert.equal(shownPath(new URL("file:///elsewhere/a.yaml")), "/elsewhere/a.yaml");
});

Deno.test("writeWhole() replaces a file and leaves nothing beside it", async () => {
  await using folder = new TestFolder();
  const path = folder.write("a.txt", "before");
  await writeWhole(path, "after");
  assert.equal(folder.read("a.txt"), "after");
  await writeWhole(path, Uint8Array.of(0x6f, 0x6b));
  assert.equal(folder.read("a.txt"), "ok");
  assert.deepEqual(folder.names(), ["a.txt"]);
});
