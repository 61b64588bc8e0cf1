/** Modules as the package has them: JavaScript, since Deno strips no types below `node_modules`. */
import { BIN } from "./naming.ts";

/** A path of a module with the ending that it has in the package; any other text as it is. */
export function asJavaScript(path: string): string {
  return path.replace(/\.tsx?$/, ".js");
}

/** The text of a transpiled module, every path of another module of the package in it with its new ending. */
export function withJavaScriptPaths(text: string): string {
  return text.replaceAll(
    /"((?:\.{1,2}|\{attest\})\/[^"\s]*\.tsx?)"/g,
    (_whole, path: string) => `"${asJavaScript(path)}"`,
  );
}

/**
 * The text of a transpiled module, with the command line of an installed attest in its messages: `attest conform` in the
 * place of `deno task conform`. A user of the package has no tasks.
 */
export function withInstalledCommands(text: string): string {
  return text
    .replaceAll(/\bdeno task (?:--quiet )?(?=[a-z$])/g, `${BIN} `)
    .replaceAll("deno run -P=read main.ts --help", `${BIN} --help`)
    .replaceAll(/"deno",\s*"task",/g, `"${BIN}",`);
}

/** What a transpiled module imports: the specifiers of its static and dynamic imports, of workers and of scripts. */
export function specifiersOf(text: string): string[] {
  // A comment may stand before an import on its line; an import within a comment counts for nothing.
  const imports = text.matchAll(/(?:^|\*\/ )(?:import|export)\s(?:[\w\s{},*$]*?from\s)?"([^"\n]+)"/gm);
  const dynamic = text.matchAll(/\bimport\(\s*"([^"\n]+)"/g);
  const urls = text.matchAll(/new URL\("(\.[^"\n]*\.js)", import\.meta\.url\)/g);
  return [...imports, ...dynamic, ...urls].map(([, specifier = ""]) => specifier);
}

/** The package of a bare specifier: `preact` of `preact/jsx-runtime`; undefined for a path and for what is built in. */
export function packageOf(specifier: string): string | undefined {
  if (/^(\.|\/|[a-z]+:)/.test(specifier)) return undefined;
  return specifier.split("/").slice(0, specifier.startsWith("@") ? 2 : 1).join("/");
}
