import { stripVTControlCharacters } from "node:util";

const PLAIN = /^[\x20-\x7e]*$/;
const NO_WIDTH = /[\p{Mn}\p{Me}\p{Cf}\p{Cc}]/gu;
const TWO_WIDE =
  /[\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}\p{Emoji_Presentation}\u3000-\u303e\uff01-\uff60\uffe0-\uffe6]/gu;

/** The width of a text in columns of a terminal: 0 for colours, 2 for East Asian characters and emoji. */
export function displayWidth(text: string): number {
  if (PLAIN.test(text)) return text.length;
  const shown = stripVTControlCharacters(text).replaceAll(NO_WIDTH, "");
  return [...shown].length + (shown.match(TWO_WIDE)?.length ?? 0);
}
