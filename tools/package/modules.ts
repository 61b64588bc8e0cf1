/** Converts modules for the package to JavaScript, because Deno strips no types below `node_modules`. */
import { BIN } from "./naming.ts";

/** Returns the path of a module with its extension in the package; any other text unchanged. */
export function asJavaScript(path: string): string {
  return path.replace(/\.tsx?$/, ".js");
}

/** Replaces the path of every other module of the package in a transpiled module with its new extension. */
export function withJavaScriptPaths(text: string): string {
  return text.replaceAll(
    /"((?:\.{1,2}|\{attest\})\/[^"\s]*\.tsx?)"/g,
    (_whole, path: string) => `"${asJavaScript(path)}"`,
  );
}

/**
 * Replaces the command lines in a transpiled module's messages with those of an installed attest: `attest
 * conform` instead of `deno task conform`, because a user of the package has no tasks.
 */
export function withInstalledCommands(text: string): string {
  return text
    .replaceAll(/\bdeno task (?:--quiet )?(?=[a-z$])/g, `${BIN} `)
    .replaceAll("deno run -P=read main.ts --help", `${BIN} --help`)
    .replaceAll(/"deno",\s*"task",/g, `"${BIN}",`);
}

/**
 * Returns what a transpiled module imports: the specifiers of its static and dynamic imports, of workers and
 * of scripts.
 */
export function specifiersOf(text: string): string[] {
  // A comment may precede an import on its line; an import within a comment does not count.
  const imports = text.matchAll(/(?:^|\*\/ )(?:import|export)\s(?:[\w\s{},*$]*?from\s)?"([^"\n]+)"/gm);
  const dynamic = text.matchAll(/\bimport\(\s*"([^"\n]+)"/g);
  const urls = text.matchAll(/new URL\("(\.[^"\n]*\.js)", import\.meta\.url\)/g);
  return [...imports, ...dynamic, ...urls].map(([, specifier = ""]) => specifier);
}

/**
 * Returns the package of a bare specifier (`preact` for `preact/jsx-runtime`), or undefined for a path or a
 * built-in module.
 */
export function packageOf(specifier: string): string | undefined {
  if (/^(\.|\/|[a-z]+:)/.test(specifier)) return undefined;
  return specifier.split("/").slice(0, specifier.startsWith("@") ? 2 : 1).join("/");
}
