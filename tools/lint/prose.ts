/** Finds the prose of a file: comments and texts of TypeScript, comments and values of YAML, Markdown without code. */

/** A piece of prose; `line` is the first one in its file, counted from 1. */
export interface Prose {
  readonly line: number;
  readonly text: string;
}

/** Returns the prose of a file by the ending of its name; none for an ending without a reader. */
export function proseOf(file: string, text: string): readonly Prose[] {
  if (/\.tsx?$/.test(file)) return typescriptProse(text, /_test\.tsx?$/.test(file));
  if (file.endsWith(".md")) return markdownProse(text);
  if (file.endsWith(".yaml")) return yamlProse(text);
  return [];
}

/** A comment or a text with its place in the source. */
interface Piece {
  text: string;
  readonly start: number;
  end: number;
  readonly line: boolean;
}

/** Reads comments and texts from the syntax tree of the linter, which exists in `deno test` only. */
function typescriptProse(source: string, test: boolean): readonly Prose[] {
  const comments: Piece[] = [];
  const texts: Piece[] = [];
  const addText = (node: Deno.lint.Node) => {
    const text = textOf(node);
    if (text !== undefined && isSentence(text) && !(test && isInput(text))) {
      texts.push({ text, start: node.range[0], end: node.range[1], line: false });
    }
  };
  const plugin: Deno.lint.Plugin = {
    name: "prose",
    rules: {
      read: {
        create: (context) => ({
          Program() {
            for (const { type, value, range: [start, end] } of context.sourceCode.getAllComments()) {
              const last = comments.at(-1);
              const text = value.replaceAll(/^[ \t]*\* ?/gm, "").trim();
              if (type === "Line" && last?.line && /^\n\s*$/.test(source.slice(last.end, start))) {
                last.text += `\n${text}`;
                last.end = end;
              } else comments.push({ text, start, end, line: type === "Line" });
            }
          },
          Literal: (node) => isPart(node) ? undefined : addText(node),
          TemplateLiteral: (node) => isPart(node) ? undefined : addText(node),
          BinaryExpression: (node) => isPart(node) ? undefined : addText(node),
          JSXText: (node) => {
            texts.push({ text: node.value, start: node.range[0], end: node.range[1], line: false });
          },
        }),
      },
    },
  };
  Deno.lint.runPlugin(plugin, "prose.tsx", source);
  return [...comments.filter(({ text }) => !/^deno-(?:lint|fmt)-ignore/.test(text)), ...texts].map((
    { text, start },
  ) => ({
    text,
    line: source.slice(0, start).split("\n").length,
  }));
}

/** Whether a node is a part of a longer text, which is read as a whole. */
function isPart({ parent }: { readonly parent: Deno.lint.Node }): boolean {
  return parent.type === "BinaryExpression" && textOf(parent) !== undefined;
}

/** Returns the text of a string, a template or a sum of them, with "…" for each expression; undefined for anything else. */
function textOf(node: Deno.lint.Node): string | undefined {
  if (node.type === "Literal") return typeof node.value === "string" ? node.value : undefined;
  if (node.type === "TemplateLiteral") return node.quasis.map(({ cooked }) => cooked).join("…");
  if (node.type !== "BinaryExpression" || node.operator !== "+") return undefined;
  const [left, right] = [textOf(node.left), textOf(node.right)];
  return left === undefined && right === undefined ? undefined : `${left ?? "…"}${right ?? "…"}`;
}

/** Whether a text of a test is input, such as a suite with mistakes on purpose, rather than a title or a message. */
function isInput(text: string): boolean {
  return /[{}[\]\n]|[-=]>|<-/.test(text);
}

/** Whether a text is prose rather than a key, a path or data: at least three words, some of them in small letters. */
function isSentence(text: string): boolean {
  return /(?:^|[\s(])[A-Za-z][a-z']*,? [a-z]+[,;:]? [A-Za-z"$…]/.test(text);
}

/** Markdown without code blocks; each paragraph, heading, item or table row is one piece. */
function markdownProse(source: string): readonly Prose[] {
  const found: { line: number; text: string }[] = [];
  let fence = false;
  let open = false;
  for (const [index, line] of source.split("\n").entries()) {
    if (/^\s*(```|~~~)/.test(line)) {
      fence = !fence;
      open = false;
      continue;
    }
    if (fence || /^ {4,}\S/.test(line) && !open) continue;
    const starts = /^\s*(?:[-*+|#>]|\d+\.)/.test(line);
    const last = found.at(-1);
    if (line.trim() === "") open = false;
    else if (open && last && !starts) last.text += `\n${line}`;
    else {
      found.push({ line: index + 1, text: line });
      open = true;
    }
  }
  return found;
}

const YAML_TEXT =
  /^(\s*)(?:- )?(title|purpose|about|reason|why|fault|sent|came|avoided|description):\s+(.+)$/;

/** The comments of a YAML file, and the values of its keys for readers. */
function yamlProse(source: string): readonly Prose[] {
  const found: Prose[] = [];
  const all = source.split("\n");
  for (let index = 0; index < all.length; index++) {
    const line = all[index] ?? "";
    const comment = /(?:^|\s)#(.*)$/.exec(line.replaceAll(/"(?:[^"\\]|\\.)*"|'[^']*'/g, '""'));
    const value = YAML_TEXT.exec(line);
    if (value) {
      const [, indent = "", , first = ""] = value;
      let text = /^[>|][-+]?$/.test(first) ? "" : first;
      const begin = index + 1;
      while (/^\s*\S/.test(all[index + 1] ?? "") && indentOf(all[index + 1] ?? "") > indent.length + 1) {
        text += ` ${all[++index]?.trim()}`;
      }
      found.push({ line: begin, text });
    } else if (comment) {
      let text = comment[1] ?? "";
      const begin = index + 1;
      while (/^\s*#/.test(all[index + 1] ?? "")) text += ` ${all[++index]?.trim().slice(1)}`;
      found.push({ line: begin, text });
    }
  }
  return found;
}

function indentOf(line: string): number {
  return line.length - line.trimStart().length;
}
