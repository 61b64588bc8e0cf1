import assert from "node:assert/strict";
import manifest from "../../deno.json" with { type: "json" };
import { anchors, documents, links, tasks } from "./documents.ts";

const ROOT = new URL("../../", import.meta.url);

Deno.test("every relative link of the documents leads to a file, and its anchor to a heading", async () => {
  const broken: string[] = [];
  let seen = 0;
  for (const document of await documents(ROOT)) {
    for (const link of links(await Deno.readTextFile(document))) {
      if (/^[a-z]+:/.test(link)) continue;
      seen++;
      const problem = await linkProblem(new URL(link, document));
      if (problem) broken.push(`${document.pathname.slice(ROOT.pathname.length)}: ${link} ${problem}`);
    }
  }
  assert.deepEqual(broken, []);
  assert.ok(seen > 30);
});

async function linkProblem(target: URL): Promise<string | undefined> {
  const anchor = target.hash.slice(1);
  target.hash = "";
  const found = await Deno.stat(target).catch(() => undefined);
  if (!found) return "is not there";
  if (anchor === "") return undefined;
  return anchors(await Deno.readTextFile(target)).has(anchor) ? undefined : "has no such heading";
}

Deno.test("every task that the documents and examples name is in deno.json", async () => {
  const known = Object.keys(manifest.tasks);
  const texts = [...await documents(ROOT)];
  for (const name of ["github-actions.yml", "gitlab-ci.yml"]) {
    texts.push(new URL(`examples/ci/${name}`, ROOT));
  }
  const named = new Set<string>();
  for (const text of texts) for (const task of tasks(await Deno.readTextFile(text))) named.add(task);
  assert.deepEqual([...named].filter((task) => !known.includes(task)), []);
  assert.ok(named.has("conform"));
});

Deno.test("the files that the documents name with a folder of the project are there", async () => {
  const missing: string[] = [];
  for (const document of await documents(ROOT)) {
    const text = await Deno.readTextFile(document);
    for (const [, path = ""] of text.matchAll(/`((?:lib|suites|tools|examples|docs)\/[A-Za-z0-9_./-]+)`/g)) {
      if (!await Deno.stat(new URL(path, ROOT)).catch(() => undefined)) {
        missing.push(`${document.pathname}: ${path}`);
      }
    }
  }
  assert.deepEqual(missing, []);
});

Deno.test("a link that leads nowhere is found, and one within code is none", () => {
  assert.deepEqual(links("[a](x.md#y) `[b](c)`\n```\n[d](e)\n```\n![f](g.png)"), ["x.md#y", "g.png"]);
  assert.deepEqual([...anchors("# The `within` key\n```\n# no\n```\n## Tasks, for work")], [
    "the-within-key",
    "tasks-for-work",
  ]);
  assert.deepEqual(tasks("npx -y deno@2.9.6 task test, deno task conform"), ["test", "conform"]);
});
