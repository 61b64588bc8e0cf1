import { concat } from "../../../lib/ground/bytes.ts";
import type { Random } from "../inputs.ts";
import { one, TEXTS } from "./hostile.ts";

/** Pieces that may confuse a reader of text: control characters, broken UTF-8, byte-order marks, line ends. */
const PIECES: readonly (readonly number[])[] = [
  ...[[0x00], [0x07], [0x1b, 0x5b], [0x7f], [0x85], [0x0d], [0x0a], [0x0d, 0x0a], [0x09], [0x20], [0x0c]],
  ...[[0xff], [0xfe], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xf4, 0x90, 0x80, 0x80], [0xe2, 0x82], [0xc3]],
  ...[[0xef, 0xbb, 0xbf], [0xe2, 0x80, 0xa8], [0xe2, 0x80, 0xae], [0xf0, 0x9f, 0x98, 0x80]],
  ...[
    "$",
    "{",
    "}",
    "[",
    "]",
    ":",
    ",",
    "-",
    "#",
    "&",
    "*",
    "!",
    "|",
    ">",
    "'",
    '"',
    "%",
    "@",
    "?",
    "\\",
    "~",
  ]
    .map((sign) => [sign.charCodeAt(0)]),
];

/** Returns the bytes after one to four changes: cut, duplicated, swapped, inserted, removed, overwritten. */
export function mutatedBytes(bytes: Uint8Array, next: Random): Uint8Array {
  let made = bytes;
  for (let times = 1 + next(4); times > 0; times--) made = changed(made, next);
  return made;
}

function changed(bytes: Uint8Array, next: Random): Uint8Array {
  const at = next(bytes.length + 1);
  const to = Math.min(bytes.length, at + 1 + next(next(3) === 0 ? 400 : 8));
  const [head, part, tail] = [bytes.subarray(0, at), bytes.subarray(at, to), bytes.subarray(to)];
  switch (next(8)) {
    case 0:
      return head;
    case 1:
      return concat([head, part, part, tail]);
    case 2:
      return concat([head, tail]);
    case 3: {
      const behind = tail.subarray(0, 1 + next(40));
      return concat([head, behind, part, tail.subarray(behind.length)]);
    }
    case 4:
      return concat([head, Uint8Array.from(one(PIECES, next)), part, tail]);
    case 5:
      return concat([head, Uint8Array.from(one(PIECES, next)), tail]);
    case 6:
      return concat([head, new TextEncoder().encode(one(TEXTS, next)), part, tail]);
    default:
      return concat([head, Uint8Array.from(part, (byte) => byte ^ (1 << next(8))), tail]);
  }
}

/** Returns the text with one to three of its lines changed; the unchanged rest keeps the file's form valid. */
export function mutatedLines(text: string, next: Random): string {
  const lines = text.split("\n");
  for (let times = 1 + next(3); times > 0 && lines.length > 0; times--) {
    const at = next(lines.length);
    const line = lines[at] ?? "";
    switch (next(7)) {
      case 0:
        lines.splice(at, 1);
        break;
      case 1:
        lines.splice(at, 0, ...Array.from({ length: one([1, 2, 200], next) }, () => line));
        break;
      case 2:
        lines[at] = lines[at + 1] ?? "";
        lines[at + 1] = line;
        break;
      case 3:
        lines[at] = next(2) === 0 ? `  ${line}` : line.replace(/^ {1,2}/, "");
        break;
      case 4:
        // After the key: replace the value, whatever it is.
        lines[at] = line.replace(
          /^([\s-]*[^:]*:\s*|[\s-]*-\s+)?.*$/s,
          (_, key = "") => `${key}${one(TEXTS, next)}`,
        );
        break;
      case 5:
        lines[at] = line.replace(
          /\d+/g,
          (digits) => next(2) === 0 ? `${digits}${"9".repeat(next(25))}` : `-${digits}`,
        );
        break;
      default:
        lines[at] = line.replace(/[A-Za-z][\w.]*/g, (word) => next(4) === 0 ? `$${word}.b.c` : word);
    }
  }
  return lines.join("\n");
}
