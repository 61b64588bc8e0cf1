/** A variable name in a text. `at` and `length` include its dollar sign and braces, in UTF-16 units. */
export interface DollarName {
  readonly name: string;
  readonly at: number;
  readonly length: number;
}

/** A dollar sign that starts no name: no name follows, or the closing brace is missing. */
export interface DollarMistake {
  readonly kind: "nameless" | "unclosed";
  readonly at: number;
  readonly length: number;
}

/** A text split into literal parts and names, with the first mistake. */
export interface DollarText {
  /** Never empty. Two literal parts are never adjacent. */
  readonly parts: readonly (string | DollarName)[];
  readonly mistake?: DollarMistake | undefined;
}

/**
 * Finds the names in a text: `$name` and `${name}`; `$$` is a dollar sign. `name` is a sticky pattern for a
 * name; the longest match counts. A dollar sign without a name is kept as text and reported as a mistake.
 */
export function splitDollars(text: string, name: RegExp): DollarText {
  const parts: (string | DollarName)[] = [];
  let literal = "";
  let mistake: DollarMistake | undefined;
  let end = 0;
  for (let at = text.indexOf("$"); at >= 0; at = text.indexOf("$", end)) {
    literal += text.slice(end, at);
    const found = nameAt(text, at, name);
    if ("name" in found) {
      if (literal !== "") parts.push(literal);
      literal = "";
      parts.push(found);
      end = at + found.length;
      continue;
    }
    literal += "$";
    end = at + (text[at + 1] === "$" ? 2 : 1);
    if (text[at + 1] !== "$") mistake ??= found;
  }
  literal += text.slice(end);
  if (literal !== "" || parts.length === 0) parts.push(literal);
  return { parts, mistake };
}

function nameAt(text: string, at: number, pattern: RegExp): DollarName | DollarMistake {
  const braced = text[at + 1] === "{";
  const begin = at + (braced ? 2 : 1);
  pattern.lastIndex = begin;
  const name = pattern.exec(text)?.[0];
  if (name === undefined) return { kind: "nameless", at, length: braced && text[begin] === "}" ? 3 : 1 };
  const end = begin + name.length;
  if (!braced) return { name, at, length: end - at };
  return text[end] === "}" ? { name, at, length: end + 1 - at } : { kind: "unclosed", at, length: 1 };
}
