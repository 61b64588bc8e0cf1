/** The Markdown files that a reader is led to, as URLs: README, change log, and everything below docs. */
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

/** The targets of the links and pictures of a Markdown text, code left out. */
export function links(markdown: string): readonly string[] {
  const prose = markdown.replaceAll(/^```[^]*?^```/gm, "").replaceAll(/`[^`\n]*`/g, "");
  return [...prose.matchAll(/\]\(([^()\s]+)\)/g)].map(([, target = ""]) => target);
}

/** The anchors of the headings of a Markdown text, as GitHub makes them. */
export function anchors(markdown: string): ReadonlySet<string> {
  const prose = markdown.replaceAll(/^```[^]*?^```/gm, "");
  return new Set(
    [...prose.matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) =>
      heading.toLowerCase().replaceAll(/[^\p{L}\p{N} _-]/gu, "").replaceAll(" ", "-")
    ),
  );
}

/** The tasks that a text tells the reader to run, by npx too. */
export function tasks(markdown: string): readonly string[] {
  return [...markdown.matchAll(/\bdeno(?:@[\d.]+)? task ([a-z][a-z-]*)/g)].map(([, task = ""]) => task);
}
