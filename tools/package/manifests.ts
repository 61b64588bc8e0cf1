/** The two manifests of the npm package, derived from the project's `deno.json`. */
import { BIN, DENO_VERSION, NPM_NAME } from "./naming.ts";
import { asJavaScript } from "./modules.ts";

/** The part of the project's `deno.json` that is read here. */
export interface ProjectManifest {
  readonly version: string;
  readonly description: string;
  readonly license: string;
  readonly imports: Readonly<Record<string, string>>;
  readonly tasks: Readonly<Record<string, { readonly description: string; readonly command: string }>>;
  readonly permissions: Readonly<Record<string, unknown>>;
}

/** Permission sets that no task of the package names: those of the programs that attest starts. */
const STARTED = ["aedes"];

/** Packages that no module imports but that an imported package needs as peers. */
const PEERS = ["commander"];

/**
 * Returns the `package.json`; `used` are the packages that the shipped modules import, as `deno.json` names
 * them.
 */
export function packageJson(project: ProjectManifest, used: ReadonlySet<string>): unknown {
  const { version, description, license } = project;
  const pinned = Object.entries(project.imports)
    .filter(([name]) => used.has(name) || PEERS.includes(name))
    .map(([name, specifier]) => [name, specifier.slice(specifier.lastIndexOf("@") + 1)] as const);
  return {
    name: NPM_NAME,
    version,
    description,
    license,
    type: "module",
    bin: { [BIN]: "tools/package/start/main.js" },
    engines: { node: ">=20" },
    dependencies: Object.fromEntries([...pinned, ["deno", DENO_VERSION] as const].sort()),
  };
}

/**
 * Returns the `deno.json` of the package: the tasks whose script `ships`, with that script as JavaScript, and
 * the permission sets that they name. Tasks that write files of the project are omitted. Packages come from
 * the `node_modules` that npm has filled.
 */
export function denoJson(
  project: ProjectManifest,
  used: ReadonlySet<string>,
  ships: (script: string) => boolean,
): unknown {
  const { version, description, license } = project;
  const tasks = Object.entries(project.tasks).flatMap(([name, { description, command }]) => {
    const words = command.split(" ");
    const script = words.find((word) => word.endsWith(".ts"));
    if (!command.startsWith("deno run ") || script === undefined || !ships(script)) return [];
    if (writesInProject(project.permissions[setOf(command) ?? ""])) return [];
    return [[name, { description, command: words.map(asJavaScript).join(" ") }] as const];
  });
  const sets = new Set([
    ...STARTED,
    ...tasks.flatMap(([, { command }]) => setOf(command) ?? []),
  ]);
  return {
    version,
    description,
    license,
    nodeModulesDir: "manual",
    lock: false,
    imports: Object.fromEntries(Object.entries(project.imports).filter(([name]) => used.has(name))),
    tasks: Object.fromEntries(tasks),
    permissions: Object.fromEntries(Object.entries(project.permissions).filter(([name]) => sets.has(name))),
  };
}

/** Returns the name of the permission set of a task. */
function setOf(command: string): string | undefined {
  return /-P=(\S+)/.exec(command)?.[1];
}

/** Whether a set allows its task to write in a folder of the project, and not only where the user works. */
function writesInProject(set: unknown): boolean {
  if (typeof set !== "object" || set === null || !("write" in set) || !Array.isArray(set.write)) return false;
  return set.write.some((path) => path !== "." && !String(path).startsWith("/"));
}
