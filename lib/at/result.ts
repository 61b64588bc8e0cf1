/** Parses result lines and classifies them by meaning. */
import type { TypedCommand } from "./command.ts";
import { commandSpec, type Dialect, type FinalSpec, resultSpec } from "./dialect.ts";

/** A parameter of a result line. */
export interface ResultArg {
  /**
   * `number`: digits without quotes. `quoted`: the text between the quotes. `raw`: the rest of the line.
   * `group`: text in parentheses, from a test form. `empty`: nothing between the commas. `bare`: anything
   * else.
   */
  readonly kind: "number" | "quoted" | "bare" | "raw" | "group" | "empty";
  /** Decoded as UTF-8. Invalid UTF-8 becomes U+FFFD; `bytes` has the original. */
  readonly text: string;
  readonly bytes: Uint8Array;
  /** Set for a number. */
  readonly value?: number;
  /** Set for a quoted rest of the line if the dialect allows both forms: the text between the quotes. */
  readonly unquoted?: { readonly text: string; readonly bytes: Uint8Array };
}

/** A line by its form, whatever command it belongs to. `text` is the whole line as UTF-8. */
export type ParsedLine =
  | {
    readonly kind: "final";
    /** `OK`, `ERROR`, `+CME ERROR`, … */
    readonly final: string;
    readonly ok: boolean;
    /** The code or text of an error. */
    readonly args: readonly ResultArg[];
    readonly text: string;
  }
  | {
    readonly kind: "result";
    readonly prefix: string;
    readonly args: readonly ResultArg[];
    readonly text: string;
  }
  | { readonly kind: "line"; readonly text: string };

/**
 * The role of a line for the command in progress: its final result, information, the answer that follows
 * `OK`, an unsolicited line, or other text.
 */
export type LineRole = "final" | "information" | "answer" | "unsolicited" | "text";

const DECODER = new TextDecoder("utf-8", { ignoreBOM: true });
const COMMA = 0x2c;
const QUOTE = 0x22;
const COLON = 0x3a;
const SPACE = 0x20;
const OPEN = 0x28;
const CLOSE = 0x29;

/**
 * Parses a line without its framing. A colon and an optional space follow the prefix; parameters are split at
 * commas outside quotes and parentheses. If the dialect defines the last field as raw, the field takes the
 * rest of the line: without its quotes if the dialect says that it is quoted, and in both forms if the
 * dialect does not say.
 */
export function parseResult(line: Uint8Array, dialect: Dialect): ParsedLine {
  const text = DECODER.decode(line);
  const bare = dialect.finals.find((final) => final.text === text);
  if (bare) return { kind: "final", final: bare.text, ok: bare.ok, args: [], text };

  const prefix = prefixOf(line);
  if (prefix === undefined) return { kind: "line", text };
  let from = prefix.length + 1;
  const final = dialect.finals.find((each) => each.text === prefix);
  if (final) return parseFinal(final, line.subarray(from), text);

  const spec = resultSpec(dialect, prefix);
  const rawAt = spec?.fields.findIndex((field) => field.raw) ?? -1;
  const quoted = spec?.fields[rawAt]?.quoted;
  if (line[from] === SPACE) from++;
  return { kind: "result", prefix, args: splitArgs(line.subarray(from), rawAt, quoted), text };
}

/**
 * Returns the role of a line for `command`, which has no final result yet; undefined if no command is in
 * progress.
 */
export function classify(line: ParsedLine, dialect: Dialect, command: TypedCommand | undefined): LineRole {
  if (line.kind === "final") return "final";
  if (line.kind === "line") return command ? "information" : "text";
  const spec = resultSpec(dialect, line.prefix);
  if (command && line.prefix === command.name) {
    const brings = commandSpec(dialect, command.name)?.result === line.prefix;
    return command.form === "write" && brings ? "answer" : "information";
  }
  // Information carries the name of its command; a line from another part of the module may come at any time.
  return spec?.role ?? "unsolicited";
}

/** Returns the prefix of a line without its colon (`+ECMTPUB` for `+ECMTPUB: 0,7,0`), or undefined. */
export function prefixOf(line: Uint8Array): string | undefined {
  const colon = line.subarray(0, 48).indexOf(COLON);
  if (colon < 2) return undefined;
  const head = String.fromCharCode(...line.subarray(0, colon));
  return /^[+#^%*$&!][A-Za-z][A-Za-z0-9_ ]*$/.test(head) ? head : undefined;
}

function parseFinal(final: FinalSpec, rest: Uint8Array, text: string): ParsedLine {
  const from = rest[0] === SPACE ? 1 : 0;
  // Error text may contain anything, including commas, and is one parameter.
  const arg = argOf(trim(rest.subarray(from)));
  return { kind: "final", final: final.text, ok: final.ok, args: [arg], text };
}

function splitArgs(rest: Uint8Array, rawAt: number, quoted: boolean | undefined): ResultArg[] {
  if (rest.length === 0 && rawAt !== 0) return [];
  const args: ResultArg[] = [];
  let from = 0;
  while (args.length < 64) {
    if (args.length === rawAt) {
      const raw = rest.subarray(from);
      // Quotes inside the text belong to it; only the outermost pair is removed.
      const inQuotes = raw.length >= 2 && raw[0] === QUOTE && raw.at(-1) === QUOTE;
      const inner = inQuotes && quoted !== false ? bytesAndText(raw.subarray(1, -1)) : undefined;
      const whole = { kind: "raw", ...(quoted && inner ? inner : bytesAndText(raw)) } as const;
      args.push(quoted === undefined && inner ? { ...whole, unquoted: inner } : whole);
      return args;
    }
    const end = argEnd(rest, from);
    args.push(argOf(trim(rest.subarray(from, end))));
    if (end >= rest.length) return args;
    from = end + 1;
  }
  args.push({ kind: "raw", ...bytesAndText(rest.subarray(from)) });
  return args;
}

/** Returns the end of the parameter that starts at `from`: a comma outside quotes and parentheses. */
function argEnd(rest: Uint8Array, from: number): number {
  let start = from;
  while (rest[start] === SPACE) start++;
  if (rest[start] === QUOTE) {
    // There are no escapes: a quoted text ends at the first quote before a comma or the end of the line.
    for (let i = start + 1; i < rest.length; i++) {
      if (rest[i] !== QUOTE) continue;
      let next = i + 1;
      while (rest[next] === SPACE) next++;
      if (next >= rest.length || rest[next] === COMMA) return next;
    }
  }
  let depth = 0;
  let quoted = false;
  for (let i = from; i < rest.length; i++) {
    const byte = rest[i];
    if (byte === QUOTE) quoted = !quoted;
    else if (byte === OPEN && !quoted) depth++;
    else if (byte === CLOSE && !quoted) depth = Math.max(0, depth - 1);
    else if (byte === COMMA && depth === 0 && !quoted) return i;
  }
  // Unbalanced: split at the next comma, whatever surrounds it.
  const comma = rest.indexOf(COMMA, from);
  return comma < 0 || (depth === 0 && !quoted) ? rest.length : comma;
}

function argOf(bytes: Uint8Array): ResultArg {
  if (bytes.length === 0) return { kind: "empty", bytes, text: "" };
  if (bytes.length >= 2 && bytes[0] === QUOTE && bytes[bytes.length - 1] === QUOTE) {
    return { kind: "quoted", ...bytesAndText(bytes.subarray(1, -1)) };
  }
  const whole = bytesAndText(bytes);
  if (/^[+-]?\d{1,15}$/.test(whole.text)) return { kind: "number", ...whole, value: Number(whole.text) };
  return { kind: bytes[0] === OPEN ? "group" : "bare", ...whole };
}

function trim(bytes: Uint8Array): Uint8Array {
  let from = 0;
  let end = bytes.length;
  while (from < end && bytes[from] === SPACE) from++;
  while (end > from && bytes[end - 1] === SPACE) end--;
  return bytes.subarray(from, end);
}

function bytesAndText(bytes: Uint8Array): { bytes: Uint8Array; text: string } {
  return { bytes, text: DECODER.decode(bytes) };
}
