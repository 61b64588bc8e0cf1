import { concat } from "../ground/bytes.ts";

/** Command lines as the host sends them. */

/** The form of a command: `=…`, `?`, `=?`, or alone; `basic` is one without a `+`, such as `ATE0`. */
export const COMMAND_FORMS = ["write", "read", "test", "execute", "basic"] as const;
/** One of {@link COMMAND_FORMS}. */
export type CommandForm = (typeof COMMAND_FORMS)[number];

/** A parameter to send. Bytes are sent unchanged, because a test may have to send what the grammar forbids. */
export type CommandArg =
  | { readonly kind: "number"; readonly value: number }
  /** Put in quotes without escaping: these command sets have no escapes. */
  | { readonly kind: "quoted"; readonly value: string | Uint8Array }
  | { readonly kind: "bare"; readonly value: string | Uint8Array }
  /** Nothing between the commas. */
  | { readonly kind: "omit" };

/** A command that the host has sent: its name and form. */
export interface TypedCommand {
  /** With its `+`; for a basic command the text after `AT`. */
  readonly name: string;
  readonly form: CommandForm;
}

const ENCODER = new TextEncoder();

/**
 * Encodes a command line: `+ECMTSUB`, `write` and its parameters become `AT+ECMTSUB=0,1,"t",2` and CR. Only
 * the forms `write` and `basic` use parameters. `end` terminates the line.
 */
export function formatCommand(
  name: string,
  form: CommandForm,
  args: readonly CommandArg[] = [],
  end = "\r",
): Uint8Array {
  const parts: Uint8Array[] = [ENCODER.encode(`AT${name}`)];
  if (form === "read") parts.push(ENCODER.encode("?"));
  if (form === "test") parts.push(ENCODER.encode("=?"));
  if (form === "write") parts.push(ENCODER.encode("="));
  if (form === "write" || form === "basic") {
    args.forEach((arg, i) => {
      if (i > 0) parts.push(ENCODER.encode(","));
      parts.push(argBytes(arg));
    });
  }
  parts.push(ENCODER.encode(end));
  return concat(parts);
}

/**
 * Parses the command of a command line. Returns undefined for bytes that are not a command. If a line
 * contains several commands, returns the first, although the final result belongs to the last.
 */
export function readCommand(line: Uint8Array): TypedCommand | undefined {
  // Latin-1 maps each byte to one character, whatever the parameters contain.
  const text = String.fromCharCode(...line.subarray(0, 128)).replace(/^[\r\n ]+/, "");
  const extended = /^AT([+#^%*$][A-Z0-9_]{1,32}) *(=\?|=|\?|[\r\n;]|$)/i.exec(text);
  if (extended) {
    const [, name = "", sign = ""] = extended;
    const form = sign === "=" ? "write" : sign === "?" ? "read" : sign === "=?" ? "test" : "execute";
    return { name: name.toUpperCase(), form };
  }
  const basic = /^AT([A-Z0-9&]*)[\r\n;=?]/i.exec(text);
  return basic ? { name: (basic[1] ?? "").toUpperCase(), form: "basic" } : undefined;
}

function argBytes(arg: CommandArg): Uint8Array {
  switch (arg.kind) {
    case "number":
      return ENCODER.encode(String(arg.value));
    case "quoted":
      return concat([ENCODER.encode('"'), bytesOf(arg.value), ENCODER.encode('"')]);
    case "bare":
      return bytesOf(arg.value);
    case "omit":
      return new Uint8Array();
  }
}

function bytesOf(value: string | Uint8Array): Uint8Array {
  return typeof value === "string" ? ENCODER.encode(value) : value;
}
