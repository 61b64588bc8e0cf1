import assert from "node:assert/strict";

/**
 * Compares `actual` with the golden file at `path` (or file URL). With UPDATE_GOLDEN=1, as set by `deno task
 * fix`, writes the file and its folder instead.
 */
export async function golden(path: string | URL, actual: string): Promise<void> {
  if (updatesGolden()) {
    const file = path instanceof URL
      ? path
      : new URL(`file://${path.startsWith("/") ? "" : `${Deno.cwd()}/`}${path}`);
    await Deno.mkdir(new URL(".", file), { recursive: true });
    await Deno.writeTextFile(file, actual);
    return;
  }
  assert.equal(actual, await expectedText(path), `${path} differs; deno task fix rewrites it`);
}

/** Whether to rewrite golden files. */
export function updatesGolden(): boolean {
  const mayRead = Deno.permissions.querySync({ name: "env", variable: "UPDATE_GOLDEN" }).state === "granted";
  return mayRead && Deno.env.get("UPDATE_GOLDEN") === "1";
}

async function expectedText(path: string | URL): Promise<string> {
  try {
    return await Deno.readTextFile(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    throw new Error(`No golden file ${path}; deno task fix writes it`);
  }
}
