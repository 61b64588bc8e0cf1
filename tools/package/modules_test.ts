import assert from "node:assert/strict";
import { packageOf, specifiersOf, withInstalledCommands, withJavaScriptPaths } from "./modules.ts";

Deno.test("withJavaScriptPaths() renames modules of the package and nothing else", () => {
  const text =
    'import "./a.ts"; new URL("../b.tsx", x); run("{attest}/tools/c.ts"); say("see main.ts", "./d e.ts")';
  assert.equal(
    withJavaScriptPaths(text),
    'import "./a.js"; new URL("../b.js", x); run("{attest}/tools/c.js"); say("see main.ts", "./d e.ts")',
  );
});

Deno.test("specifiersOf() finds imports of all kinds, and none in a comment", () => {
  const text = `/** Does.
 * import { no } from "no";
 */ import { a } from "a";
import b, { c as d } from "./b.js";
import * as e from "@x/e/f";
import "./g.js";
export { h } from "./h.js";
import css from "./i.css" with { type: "text" };
import {
  j,
} from "node:j";
const k = await import("./k.js");
const l = await import(
  "l"
);
new Worker(new URL("./m.js", import.meta.url));
const text = \`from "\${n}"\`;`;
  assert.deepEqual(specifiersOf(text), [
    "a",
    "./b.js",
    "@x/e/f",
    "./g.js",
    "./h.js",
    "./i.css",
    "node:j",
    "./k.js",
    "l",
    "./m.js",
  ]);
});

Deno.test("packageOf() names the package of a specifier", () => {
  assert.equal(packageOf("preact/jsx-runtime"), "preact");
  assert.equal(packageOf("@x/e/f"), "@x/e");
  assert.equal(packageOf("./preact"), undefined);
  assert.equal(packageOf("node:fs"), undefined);
});

Deno.test("withInstalledCommands() replaces tasks with the installed command", () => {
  assert.equal(
    withInstalledCommands("deno task list, deno task --quiet completions, deno task ${x}, a deno task."),
    "attest list, attest completions, attest ${x}, a deno task.",
  );
  assert.equal(withInstalledCommands('["deno",\n  "task", "conform"]'), '["attest", "conform"]');
});
