import { type CommandArg, formatCommand } from "../../at/command.ts";
import { concat } from "../../ground/bytes.ts";
import { isByteForm } from "../../spec/bytes.ts";
import { asText, bytesOf, evaluate, resolve } from "../../spec/evaluate.ts";
import type { Scope } from "../../spec/scope.ts";
import { keyOf, type Value, wordOf } from "../../spec/value.ts";
import type { Sent } from "../../suite/step/sent.ts";

const DATA_ENDS = {
  "ctrl-z": Uint8Array.of(0x1a),
  esc: Uint8Array.of(0x1b),
  none: new Uint8Array(),
} as const;

/** The bytes that a step types on a serial line; `escapes` get a backslash in quotes. Throws ValueError for a value that can't be typed. */
export function typedBytes(sent: Sent, scope: Scope, escapes = ""): Uint8Array {
  switch (sent.kind) {
    case "command":
      return formatCommand(
        sent.name,
        sent.form,
        sent.args.map((arg) => escaped(commandArg(arg, scope), escapes)),
      );
    case "raw":
      return bytesOf(sent.bytes, scope);
    case "data":
      return concat([bytesOf(sent.bytes, scope), DATA_ENDS[sent.end]]);
    default:
      throw new TypeError("The serial lane sends commands, data and bytes only");
  }
}

/** A parameter in quotes with a backslash before each character that needs one. */
function escaped(arg: CommandArg, escapes: string): CommandArg {
  if (escapes === "" || arg.kind !== "quoted") return arg;
  const bytes = typeof arg.value === "string" ? new TextEncoder().encode(arg.value) : arg.value;
  const needs = new Set(new TextEncoder().encode(escapes));
  return {
    kind: "quoted",
    value: Uint8Array.from([...bytes].flatMap((byte) => needs.has(byte) ? [0x5c, byte] : [byte])),
  };
}

/** A parameter as it is typed: strings in quotes, numbers bare, or as `{bare}` and `{quoted}` say. */
function commandArg(value: Value, scope: Scope): CommandArg {
  const found = resolve(value, scope);
  if (wordOf(found.value) === "omit") return { kind: "omit" };
  const bare = keyOf(found.value, "bare");
  if (bare) return { kind: "bare", value: bytesOf(bare, found.scope) };
  const quoted = keyOf(found.value, "quoted");
  if (quoted) return { kind: "quoted", value: bytesOf(quoted, found.scope) };
  if (isByteForm(found.value)) return { kind: "quoted", value: bytesOf(found.value, found.scope) };
  const data = evaluate(found.value, found.scope);
  // The number as written, so leading zeros are sent.
  if (typeof data === "number") return { kind: "bare", value: asText(found.value, found.scope) };
  return { kind: "quoted", value: bytesOf(found.value, found.scope) };
}
