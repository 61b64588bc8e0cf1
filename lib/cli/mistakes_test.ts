/**
 * The messages for a user's mistakes. Each file of `testdata/mistakes` has blocks: a title after `===`, files after
 * `---`, a command line after `$`, and then what attest prints (lines on standard output begin with `1>`) and its exit
 * status. `here/` is a folder of the block's own. UPDATE_GOLDEN=1 writes what attest prints into the files.
 */
import assert from "node:assert/strict";
import { golden, updatesGolden } from "../../tools/golden.ts";
import { TestFolder } from "../catalog/test_folder.ts";
import { said } from "./test_screen.ts";

const FOLDER = new URL("testdata/mistakes/", import.meta.url);

interface Mistake {
  readonly title: string;
  readonly files: readonly (readonly [name: string, text: string])[];
  readonly command: string;
}

function mistakesIn(text: string): readonly Mistake[] {
  return text.split(/^=== /m).slice(1).map((block) => {
    const [title = ""] = block.split("\n", 1);
    const at = block.search(/^\$ /m);
    assert.ok(at > 0, `"${title}" has no command`);
    const [command = ""] = block.slice(at + 2).split("\n", 1);
    const files = block.slice(title.length + 1, at).split(/^--- /m).slice(1).map((file) => {
      const [name = ""] = file.split("\n", 1);
      return [name, file.slice(name.length + 1)] as const;
    });
    return { title, files, command };
  });
}

/** The words of a command line, with the block's own folder filled in. */
function wordsOf(command: string, folder: string): readonly string[] {
  return (command.match(/'[^']*'|\S+/g) ?? []).map((word) =>
    word.replace(/^'(.*)'$/, "$1").replace(/(^|=)here\//, `$1${folder}/`)
  );
}

/** A block as it is written, with what attest prints now. */
async function played({ title, files, command }: Mistake): Promise<{ text: string; status: number }> {
  await using folder = new TestFolder();
  for (const [name, text] of files) folder.write(name.replace(/^here\//, ""), text);
  const { status, out, err } = await said(...wordsOf(command, folder.path));
  const lines = [
    ...(out === "" ? [] : out.split("\n").map((line) => `1> ${line}`)),
    ...(err === "" ? [] : err.split("\n")),
    `exit ${status}`,
  ].map((line) => line.replaceAll(folder.path, "here").trimEnd());
  const written = files.map(([name, text]) => `--- ${name}\n${text}`).join("");
  return { text: `=== ${title}\n${written}$ ${command}\n${lines.join("\n")}\n`, status };
}

const titles = new Set<string>();
for (const { name } of [...Deno.readDirSync(FOLDER)].sort((a, b) => a.name < b.name ? -1 : 1)) {
  Deno.test(`each mistake of ${name} is reported with what is wrong, where, and what to do`, async () => {
    const text = await Deno.readTextFile(new URL(name, FOLDER));
    const shown: string[] = [];
    const statuses = new Map<string, number>();
    for (const mistake of mistakesIn(text)) {
      assert.ok(!titles.has(mistake.title), `"${mistake.title}" occurs twice`);
      titles.add(mistake.title);
      const { text, status } = await played(mistake);
      shown.push(text);
      assert.doesNotMatch(text, /^\s+at .*:\d+:\d+/m, "a stack");
      // A mistake here is the user's own: nothing is run, and attest does not fail.
      statuses.set(mistake.title, status);
    }
    await golden(new URL(name, FOLDER), shown.join("\n"));
    assert.deepEqual([...statuses].filter(([, status]) => status !== 2), []);
  });
}

Deno.test("the mistakes are many", { ignore: updatesGolden() }, () => {
  assert.ok(titles.size >= 60, `${titles.size} mistakes`);
});
