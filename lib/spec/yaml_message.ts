import type { YAMLError } from "yaml";

/** A YAML syntax mistake in plain words. `at` is the real offset if the parser noticed the mistake later. */
export interface YamlMessage {
  readonly message: string;
  readonly hint?: string | undefined;
  readonly at?: number | undefined;
}

/** Explains a YAML syntax error in plain words, with its most common cause as the hint. */
export function yamlMessage(error: YAMLError, text: string): YamlMessage {
  const [start] = error.pos;
  const before = text.slice(Math.max(0, start - 2), start);
  switch (error.code) {
    case "TAB_AS_INDENT":
      return { message: "a tab as indentation", hint: "indent with spaces" };
    case "BAD_SCALAR_START":
      return { message: `a value cannot begin with "${text[start] ?? ""}"`, hint: "put it into quotes" };
    case "BAD_ALIAS":
      return {
        message: "an alias, which is not supported",
        hint: 'put a text that begins with * into quotes: "*"',
      };
    case "BAD_DQ_ESCAPE":
      return {
        message: "unknown escape in double quotes",
        hint: "write \\\\ for a backslash, or use single quotes",
      };
    case "BLOCK_AS_IMPLICIT_KEY":
    case "BLOCK_IN_FLOW":
      return {
        message: "a map on the line of a key",
        hint: 'put a text that holds ": " into quotes, or use { }',
      };
    case "MULTILINE_IMPLICIT_KEY":
      return {
        message: "a key over several lines",
        hint: "check the indentation, and whether a : is missing",
      };
    case "MISSING_CHAR":
      if (text.slice(start).includes("#")) {
        return {
          message: "a bracket, brace, comma or quote is missing",
          hint: 'a # begins a comment; write "#"',
        };
      }
      return { message: "a bracket, brace, comma or quote is missing", hint: "close what was opened" };
    case "BAD_INDENT":
      return unclosed(text, start) ??
        { message: "wrong indentation, or a bracket or brace that is not closed" };
    case "UNEXPECTED_TOKEN":
      if (before.endsWith("$") && text[start] === "{") {
        return { message: "a ${…} within [ ] or { } needs quotes", hint: 'write "${name}"' };
      }
      return {
        message: `unexpected "${text[start]?.trim() ?? ""}"`,
        hint: "put a text with such a character into quotes",
      };
    case "TAG_RESOLVE_FAILED":
      return { message: "a tag, which is not supported", hint: "put text that begins with ! into quotes" };
    case "KEY_OVER_1024_CHARS":
      return { message: "a key of more than 1024 characters" };
    case "MULTIPLE_ANCHORS":
    case "MULTIPLE_TAGS":
    case "BAD_PROP_ORDER":
      return { message: "anchors and tags, which are not supported", hint: "leave them out" };
    case "MULTIPLE_DOCS":
      return { message: "a second document in one file", hint: "put it into a file of its own" };
    default:
      return { message: `invalid YAML here (${error.code})` };
  }
}

/** Finds the last unclosed bracket or brace before `end`. Skips quoted text and comments. */
function unclosed(text: string, end: number): YamlMessage | undefined {
  const open: number[] = [];
  let quoted = "";
  for (let at = 0; at < end; at++) {
    const character = text[at] ?? "";
    const before = text[at - 1] ?? "\n";
    if (quoted !== "") {
      if (character === quoted) quoted = "";
      else if (character === "\\" && quoted === '"') at++;
    } else if (/["']/.test(character) && /[\s[{,:]/.test(before)) quoted = character;
    else if (character === "#" && /\s/.test(before)) at = endOfLine(text, at) - 1;
    else if (/[[{]/.test(character) && (open.length > 0 || /[\s[{,]/.test(before))) open.push(at);
    else if (/[\]}]/.test(character)) open.pop();
  }
  const at = open.at(-1);
  if (at === undefined) return undefined;
  const comment = text.slice(at, endOfLine(text, at)).includes("#");
  const message = `unclosed "${text[at]}"`;
  return { message, at, hint: comment ? 'a # begins a comment; write "#"' : undefined };
}

function endOfLine(text: string, at: number): number {
  const end = text.indexOf("\n", at);
  return end < 0 ? text.length : end;
}
