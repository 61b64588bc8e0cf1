/** Characters that RFC 3454 table B.1 maps to nothing. */
const TO_NOTHING = /[\u00ad\u034f\u1806\u180b-\u180d\u200b-\u200d\u2060\ufe00-\ufe0f\ufeff]/gu;
/** Spaces other than U+0020, of table C.1.2. */
const SPACES = /[\p{Zs}]/gu;
/** The characters that tables C.2 to C.9 forbid. */
const PROHIBITED =
  /[\p{Cc}\p{Co}\p{Cs}\u0340\u0341\u06dd\u070f\u180e\u2028\u2029\u200e\u200f\u202a-\u202e\u2061-\u2063\u206a-\u206f\u2ff0-\u2ffb\ufdd0-\ufdef\ufff9-\ufffd\u{1d173}-\u{1d17a}\u{e0001}\u{e0020}-\u{e007f}]|[\ufffe\uffff]/u;

/**
 * Prepares a user name or password by RFC 4013 (SASLprep). Returns undefined if it contains a forbidden
 * character. Does not apply the rules for right-to-left text, and for characters that Unicode 3.2 lacks: a
 * server that applies them refuses such text by itself.
 */
export function saslprep(text: string): string | undefined {
  const prepared = text.replace(TO_NOTHING, "").replace(SPACES, " ").normalize("NFKC");
  return PROHIBITED.test(prepared) ? undefined : prepared;
}
