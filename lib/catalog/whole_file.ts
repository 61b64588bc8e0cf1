/** Writes a file atomically: no reader sees a part of it. */
export async function writeWhole(path: string, content: string | Uint8Array): Promise<void> {
  const partial = `${path}.partial`;
  await Deno.writeFile(partial, typeof content === "string" ? new TextEncoder().encode(content) : content);
  await Deno.rename(partial, path);
}
