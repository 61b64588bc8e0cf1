import assert from "node:assert/strict";

const ROOT = new URL("../../", import.meta.url);

Deno.test("no file imports itself over others, types included", async () => {
  const imports = new Map<string, readonly string[]>();
  for (const folder of ["lib", "reports", "tools"]) {
    for await (const file of sources(folder)) imports.set(file, await importsOf(file));
  }
  assert.ok(imports.size > 300, `only ${imports.size} files were found`);
  assert.deepEqual(circles(imports), []);
});

Deno.test("circles() finds files that import each other, and those that do so over a third", () => {
  const graph = new Map([["a", ["b"]], ["b", ["c"]], ["c", ["a", "d"]], ["d", []], ["e", ["e"]]]);
  assert.deepEqual(circles(graph), [["a", "b", "c"], ["e"]]);
});

/** Returns the groups of files that import each other in circles, by Tarjan's algorithm, each sorted. */
function circles(graph: ReadonlyMap<string, readonly string[]>): readonly (readonly string[])[] {
  const index = new Map<string, number>();
  const low = new Map<string, number>();
  const stack: string[] = [];
  const found: string[][] = [];
  const visit = (node: string): number => {
    const own = index.size;
    index.set(node, own);
    low.set(node, own);
    stack.push(node);
    for (const next of graph.get(node) ?? []) {
      const reached = !index.has(next) ? visit(next) : stack.includes(next) ? index.get(next) ?? own : own;
      low.set(node, Math.min(low.get(node) ?? own, reached));
    }
    const lowest = low.get(node) ?? own;
    if (lowest !== own) return lowest;
    const group = stack.splice(stack.indexOf(node));
    if (group.length > 1 || graph.get(node)?.includes(node)) found.push(group.sort());
    return own;
  };
  for (const node of graph.keys()) if (!index.has(node)) visit(node);
  return found.sort();
}

async function importsOf(file: string): Promise<readonly string[]> {
  const text = await Deno.readTextFile(new URL(file, ROOT));
  const specifiers = text.matchAll(/(?:^|\n)\s*(?:import|export)\b[^;"']*?["'](\.[^"']+\.tsx?)["']/g);
  return [...specifiers].map(([, to = ""]) => new URL(to, new URL(file, ROOT)).href.slice(ROOT.href.length));
}

async function* sources(folder: string): AsyncGenerator<string> {
  for await (const entry of Deno.readDir(new URL(`${folder}/`, ROOT))) {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory) yield* sources(path);
    else if (/\.tsx?$/.test(entry.name)) yield path;
  }
}
