/** The contents of the npm package: the modules that commands need, and the files that they read. */

/** The entry modules, as paths in the project; what they import ships with them. */
export const ROOTS: readonly string[] = [
  "main.ts",
  "mod.ts",
  "tools/brokers/aedes.ts",
  "tools/compare/verdicts.ts",
  "tools/package/start/main.ts",
];

/** Folders whose modules may ship. */
const MODULES = ["lib", "reports", "tools/brokers", "tools/compare", "tools/package/start"];

/** Files and folders that commands or users read. */
const DATA = [
  "adapters",
  "suites",
  "expectations",
  "proofs",
  "docs/schema",
  "examples/own-suite",
  "README.md",
  "CHANGELOG.md",
  "LICENSE",
];

/** Returns the modules that may ship, as paths in the project: all except tests. */
export async function moduleFiles(project: URL): Promise<string[]> {
  const found = await filesBelow(project, MODULES);
  return [...ROOTS, ...found.filter((path) => /\.tsx?$/.test(path) && !ROOTS.includes(path))];
}

/** Whether a file of the package is a program, which its user's system starts: an adapter, or what builds one. */
export function isProgram(path: string): boolean {
  return /^adapters\/[a-z0-9-]+\/(?:adapter|build)$/.test(path);
}

/** Returns the files in the package that are read, as paths in the project. */
export async function dataFiles(project: URL): Promise<string[]> {
  return await filesBelow(project, DATA);
}

async function filesBelow(project: URL, paths: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  for (const path of paths) {
    if ((await Deno.stat(new URL(path, project))).isFile) found.push(path);
    else await gather(project, path, found);
  }
  return found;
}

async function gather(project: URL, folder: string, found: string[]): Promise<void> {
  for await (const { name, isDirectory } of Deno.readDir(new URL(`${folder}/`, project))) {
    const path = `${folder}/${name}`;
    if (isDirectory) {
      if (name !== "testdata") await gather(project, path, found);
    } else if (!/_test\.tsx?$|\.d\.ts$/.test(name)) found.push(path);
  }
}
