// Control and format characters, line separators and unpaired surrogates: what would change how the text around it looks.
const UNSAFE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}"\\]/gu;

/** Text in double quotes for people to read: control characters escaped, and cut to `most` characters with "…" behind it. */
export function quote(text: string, most = 80): string {
  const cut = text.length > most;
  const shown = cut ? text.slice(0, most) : text;
  return `"${shown.replace(UNSAFE, escape)}"${cut ? "…" : ""}`;
}

function escape(character: string): string {
  switch (character) {
    case '"':
    case "\\":
      return "\\" + character;
    case "\n":
      return "\\n";
    case "\r":
      return "\\r";
    case "\t":
      return "\\t";
    default: {
      const code = (character.codePointAt(0) ?? 0).toString(16);
      return code.length > 4 ? `\\u{${code}}` : `\\u${code.padStart(4, "0")}`;
    }
  }
}
