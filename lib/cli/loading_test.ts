import assert from "node:assert/strict";

const ROOT = new URL("../../", import.meta.url);

interface Graph {
  readonly roots: readonly string[];
  readonly redirects: Readonly<Record<string, string>>;
  readonly modules: readonly {
    readonly specifier: string;
    readonly dependencies?: readonly {
      readonly isDynamic?: boolean;
      readonly code?: { readonly specifier?: string };
    }[];
  }[];
}

/** Returns what is loaded with a file before it imports anything by itself. */
async function loadedWith(file: string): Promise<readonly string[]> {
  const info = new Deno.Command(Deno.execPath(), {
    args: ["info", "--json", "--config", new URL("deno.json", ROOT).pathname, new URL(file, ROOT).pathname],
    env: { NO_COLOR: "1" },
  });
  const { roots, modules, redirects }: Graph = JSON.parse(
    new TextDecoder().decode((await info.output()).stdout),
  );
  const known = new Map(modules.map((one) => [one.specifier, one]));
  const loaded = new Set<string>();
  const visit = (specifier: string) => {
    const target = redirects[specifier] ?? specifier;
    if (loaded.has(target)) return;
    loaded.add(target);
    for (const { isDynamic, code } of known.get(target)?.dependencies ?? []) {
      if (!isDynamic && code?.specifier !== undefined) visit(code.specifier);
    }
  };
  roots.forEach(visit);
  return [...loaded].map((specifier) => specifier.replace(ROOT.href, ""));
}

/** Files, and what must not be loaded with them. */
const LATER: readonly (readonly [file: string, later: RegExp])[] = [
  // Every start loads these: the list of commands, and nothing that a command works with.
  [
    "main.ts",
    /^lib\/(?!cli\/|catalog\/|ground\/|spec\/problem\.ts)|^reports\/|^npm:(?!.*commander)|^node:tls/,
  ],
  [
    "lib/cli/commands/conform.ts",
    /^lib\/(play|conform|load|broker\/broker\.ts)\b|^reports\/mod\.ts|preact|uplot|x509/,
  ],
  [
    "lib/cli/commands/load.ts",
    /^lib\/(play|conform|load\/(run|module|engine\/engine))\b|^reports\/mod\.ts|preact|uplot|x509/,
  ],
  ["lib/cli/commands/list.ts", /^lib\/(play|conform|load|link)\b|^reports\/mod\.ts|x509/],
  [
    "lib/cli/commands/report.ts",
    /^lib\/(play|conform|load|suite|transport)\b|^reports\/mod\.ts|preact|uplot/,
  ],
];

for (const [file, later] of LATER) {
  Deno.test(`${file} does not load what is needed later or never`, async () => {
    const loaded = await loadedWith(file);
    assert.ok(loaded.includes(file));
    assert.deepEqual(loaded.filter((name) => later.test(name)), []);
  });
}
