/** A command that a page shows. */
export interface ShownCommand {
  /** The page, relative to the root of the repository. */
  readonly page: string;
  readonly line: number;
  /** The text without a prompt and without the comment after it. */
  readonly text: string;
}

/**
 * Returns the commands in the shell blocks of a page, in order. In a block with a prompt only the lines after
 * `$ ` are commands, and the others are their output; a backslash at the end joins two lines.
 */
export function shownCommands(page: string, markdown: string): readonly ShownCommand[] {
  const found: ShownCommand[] = [];
  for (const match of markdown.matchAll(/^```(?:sh|bash|shell|console)\n(.*?)^```/gms)) {
    const first = markdown.slice(0, match.index).split("\n").length + 1;
    const lines = (match[1] ?? "").split("\n");
    const prompted = lines.some((line) => line.startsWith("$ "));
    for (let at = 0; at < lines.length; at++) {
      const line = first + at;
      let text = lines[at] ?? "";
      if (prompted && !text.startsWith("$ ")) continue;
      while (text.endsWith("\\")) text = text.slice(0, -1).trimEnd() + " " + (lines[++at] ?? "").trim();
      const [bare = ""] = /^(?:'[^']*'|"[^"]*"|[^'"#]|(?<=\S)#)*/.exec(text.replace(/^\$ /, "")) ?? [];
      if (bare.trim() !== "") found.push({ page, line, text: bare.trim() });
    }
  }
  return found;
}
