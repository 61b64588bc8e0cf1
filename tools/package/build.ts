/** Builds the npm package from the project. */
import { posix } from "node:path";
import { fileURLToPath } from "node:url";
import { dataFiles, isProgram, moduleFiles, ROOTS } from "./contents.ts";
import { denoJson, packageJson, type ProjectManifest } from "./manifests.ts";
import {
  asJavaScript,
  packageOf,
  specifiersOf,
  withInstalledCommands,
  withJavaScriptPaths,
} from "./modules.ts";
import { NPM_NAME } from "./naming.ts";
import { type Entry, tarball } from "./tarball.ts";

/** A built package. */
export interface Built {
  /** The name of its file, in npm's form. */
  readonly file: string;
  readonly bytes: Uint8Array;
  /** The paths in it. */
  readonly paths: readonly string[];
}

/**
 * Builds the package from the project's files; `work` is a folder that it may write to and that it removes.
 * Throws if a module imports a missing file, or a package that is not in `deno.json`.
 */
export async function buildPackage(project: URL, work: URL): Promise<Built> {
  const manifest: ProjectManifest = JSON.parse(await Deno.readTextFile(new URL("deno.json", project)));
  try {
    await transpile(project, await moduleFiles(project), work);
    const used = new Set<string>();
    const entries = new Map<string, Entry>();
    const due = ROOTS.map(asJavaScript);
    for (let path = due.pop(); path !== undefined; path = due.pop()) {
      // The package has its own manifest.
      if (entries.has(path) || path === "deno.json") continue;
      const { entry, specifiers } = await read(path, project, work);
      entries.set(path, entry);
      for (const specifier of specifiers) {
        const name = packageOf(specifier);
        if (name !== undefined) used.add(name);
        else if (specifier.startsWith(".")) due.push(posix.join(posix.dirname(path), specifier));
      }
    }
    const unknown = [...used].filter((name) => !Object.hasOwn(manifest.imports, name));
    if (unknown.length > 0) throw new Error(`Not in the imports of deno.json: ${unknown.join(", ")}`);
    for (const path of await dataFiles(project)) {
      entries.set(path, { path, bytes: await Deno.readFile(new URL(path, project)), runs: isProgram(path) });
    }
    const ships = (script: string) => entries.has(asJavaScript(script));
    const manifests = [
      { path: "package.json", bytes: json(packageJson(manifest, used)) },
      { path: "deno.json", bytes: json(denoJson(manifest, used, ships)) },
    ];
    const all = [...entries.values(), ...manifests];
    return {
      file: `${NPM_NAME}-${manifest.version}.tgz`,
      bytes: tarball(all),
      paths: all.map(({ path }) => path),
    };
  } finally {
    await Deno.remove(work, { recursive: true }).catch(() => {});
  }
}

/** Writes each module as JavaScript below `work`, at its path in the project. */
async function transpile(project: URL, modules: readonly string[], work: URL): Promise<void> {
  const { success, stderr } = await new Deno.Command("deno", {
    args: ["transpile", "--quiet", "--source-map=none", `--outdir=${fileURLToPath(work)}`, ...modules],
    cwd: project,
    stdin: "null",
    stdout: "null",
  }).output();
  if (!success) throw new Error(`deno transpile failed: ${new TextDecoder().decode(stderr)}`);
}

/** Reads a file that a module imports, and its own imports: a transpiled module, or a file of the project. */
async function read(path: string, project: URL, work: URL): Promise<{ entry: Entry; specifiers: string[] }> {
  const made = await Deno.readTextFile(new URL(path, work)).catch(() => undefined);
  if (made === undefined) {
    return { entry: { path, bytes: await Deno.readFile(new URL(path, project)) }, specifiers: [] };
  }
  const moved = withJavaScriptPaths(made);
  // The completions support both ways to call attest.
  const text = path.startsWith("lib/cli/completion/") ? moved : withInstalledCommands(moved);
  const entry = { path, bytes: encoded(text), runs: text.startsWith("#!") };
  return { entry, specifiers: specifiersOf(text) };
}

function json(value: unknown): Uint8Array {
  return encoded(`${JSON.stringify(value, null, 2)}\n`);
}

function encoded(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
