import type { YAMLError } from "yaml";

/** Says what is wrong with the form of a YAML file in our words, with the mistake that most often is behind it. */
export function yamlMessage(error: YAMLError, text: string): { message: string; hint?: string } {
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
      return { message: "a key over several lines", hint: "is the indentation right, and is a : missing?" };
    case "MISSING_CHAR":
      if (text.slice(start).includes("#")) {
        return {
          message: "a bracket, brace, comma or quote is missing",
          hint: 'a # begins a comment; write "#"',
        };
      }
      return { message: "a bracket, brace, comma or quote is missing", hint: "close what was opened" };
    case "BAD_INDENT":
      return { message: "wrong indentation, or a bracket or brace that is not closed" };
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
      return { message: `the file is not YAML here (${error.code})` };
  }
}
