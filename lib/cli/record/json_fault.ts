const SPACE = /[ \t\n\r]*/y;
// deno-lint-ignore no-control-regex
const STRING = /"(?:[^"\\\x00-\x1f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
const SCALAR = new RegExp(
  `${STRING.source}|-?(?:0|[1-9]\\d*)(?:\\.\\d+)?(?:[eE][-+]?\\d+)?|true|false|null`,
  "y",
);

/**
 * The offset at which a text stops being JSON: that of the first invalid token, or of the end. For text that `JSON.parse`
 * rejects, because the engine does not always give the place.
 */
export function jsonFault(text: string): number {
  let at = 0;
  const take = (pattern: RegExp): boolean => {
    pattern.lastIndex = at;
    const found = pattern.exec(text);
    if (found) at = pattern.lastIndex;
    return found !== null;
  };
  const sign = (wanted: string): boolean => {
    take(SPACE);
    if (at >= text.length || !wanted.includes(text.charAt(at))) return false;
    at++;
    return true;
  };
  const open: ("{" | "[")[] = [];
  for (;;) {
    // Here a value is expected, in a map preceded by its key.
    const holder = open.at(-1);
    take(SPACE);
    if (holder === "{" && !(take(STRING) && sign(":"))) return at;
    if (sign("{[")) {
      const opened = text.charAt(at - 1) === "{" ? "{" : "[";
      open.push(opened);
      if (!sign(opened === "{" ? "}" : "]")) continue;
      open.pop();
    } else {
      take(SPACE);
      if (!take(SCALAR)) return at;
    }
    // Here a value has ended, and perhaps the list or map around it.
    for (;;) {
      const within = open.at(-1);
      if (within === undefined) {
        take(SPACE);
        return at;
      }
      if (sign(",")) break;
      if (!sign(within === "{" ? "}" : "]")) return at;
      open.pop();
    }
  }
}
