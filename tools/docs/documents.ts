/** Returns the Markdown files for readers as URLs: README, change log, and everything below docs. */
export async function documents(root: URL): Promise<readonly URL[]> {
  const found = [new URL("README.md", root), new URL("CHANGELOG.md", root)];
  await gather(new URL("docs/", root), found);
  return found;
}

async function gather(folder: URL, found: URL[]): Promise<void> {
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    if (isDirectory) await gather(new URL(`${name}/`, folder), found);
    else if (name.endsWith(".md")) found.push(new URL(name, folder));
  }
}

/** Returns the targets of the links and images in a Markdown text, without those in code. */
export function links(markdown: string): readonly string[] {
  const prose = markdown.replaceAll(/^```[^]*?^```/gm, "").replaceAll(/`[^`\n]*`/g, "");
  return [...prose.matchAll(/\]\(([^()\s]+)\)/g)].map(([, target = ""]) => target);
}

/** Returns the anchors of the headings in a Markdown text, as GitHub generates them. */
export function anchors(markdown: string): ReadonlySet<string> {
  const prose = markdown.replaceAll(/^```[^]*?^```/gm, "");
  return new Set(
    [...prose.matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) =>
      heading.toLowerCase().replaceAll(/[^\p{L}\p{N} _-]/gu, "").replaceAll(" ", "-")
    ),
  );
}

/** Returns the tasks that a text tells the reader to run, including those by npx. */
export function tasks(markdown: string): readonly string[] {
  return [...markdown.matchAll(/\bdeno(?:@[\d.]+)? task ([a-z][a-z-]*)/g)].map(([, task = ""]) => task);
}
