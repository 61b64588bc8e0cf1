import assert from "node:assert/strict";
import plugin from "./floors.ts";
import { floorProblem } from "./house.ts";

const ROOT = new URL("../../", import.meta.url);

Deno.test("floorProblem() lets a folder rest on those below it", () => {
  assert.equal(floorProblem("lib/conform/run.ts", "../mqtt/packet.ts"), undefined);
  assert.equal(floorProblem("lib/conform/run.ts", "./stage.ts"), undefined);
  assert.equal(floorProblem("lib/mqtt/encode.ts", "node:util"), undefined);
  assert.equal(floorProblem("main.ts", "./lib/cli/program.ts"), undefined);
});

Deno.test("floorProblem() refuses imports upward, sideways and of the face", () => {
  assert.match(
    floorProblem("lib/mqtt/encode.ts", "../link/mqtt_link.ts") ?? "",
    /must not import from "lib\/link"/,
  );
  assert.match(floorProblem("lib/module/line.ts", "../at/line.ts") ?? "", /must not import from "lib\/at"/);
  assert.match(
    floorProblem("reports/junit.ts", "../lib/conform/run.ts") ?? "",
    /may import lib\/ground, lib\/run/,
  );
  assert.match(floorProblem("lib/conform/run.ts", "../../mod.ts") ?? "", /the public module/);
  assert.match(floorProblem("mod.ts", "./lib/cli/program.ts") ?? "", /move it to lib\/catalog/);
  assert.match(floorProblem("lib/new/file.ts", "../mqtt/packet.ts") ?? "", /is on no floor/);
});

Deno.test("the lint plugin reports an import that goes up", () => {
  const file = new URL("lib/mqtt/x.ts", ROOT).pathname;
  const diagnostics = Deno.lint.runPlugin(
    plugin,
    file,
    'import "../link/mqtt_link.ts";\nexport * from "./y.ts";\n',
  );
  assert.equal(diagnostics.length, 1);
  assert.equal(diagnostics[0]?.id, "house/floors");
});

Deno.test("every file of the house keeps to its floor, and to 400 lines", async () => {
  const problems: string[] = [];
  let files = 0;
  for (const folder of ["lib", "reports", "tools"]) {
    for await (const file of sources(folder)) {
      files++;
      const text = await Deno.readTextFile(new URL(file, ROOT));
      const lines = text.split("\n").length;
      if (lines > 400) problems.push(`${file} has ${lines} lines`);
      if (/_test\.tsx?$/.test(file)) continue;
      for (const match of text.matchAll(/(?:^|\n)\s*(?:import|export)\b[^;"']*?["'](\.[^"']+)["']/g)) {
        const problem = floorProblem(file, match[1] ?? "");
        if (problem) problems.push(`${file}: ${problem}`);
      }
    }
  }
  assert.ok(files > 50, `only ${files} files were found`);
  assert.deepEqual(problems, []);
});

Deno.test("no folder of lib has more than 40 source files directly in it", async () => {
  const counts = new Map<string, number>();
  for await (const file of sources("lib")) {
    if (/_test\.tsx?$|\/testdata\//.test(file)) continue;
    const folder = file.slice(0, file.lastIndexOf("/"));
    counts.set(folder, (counts.get(folder) ?? 0) + 1);
  }
  assert.deepEqual([...counts].filter(([, count]) => count > 40), []);
});

async function* sources(folder: string): AsyncGenerator<string> {
  for await (const entry of Deno.readDir(new URL(`${folder}/`, ROOT))) {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory) yield* sources(path);
    else if (/\.tsx?$/.test(entry.name)) yield path;
  }
}
