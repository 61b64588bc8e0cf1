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

/** Returns the bytes that a step sends on a serial line. Throws ValueError for a value that cannot be sent. */
export function typedBytes(sent: Sent, scope: Scope): Uint8Array {
  switch (sent.kind) {
    case "command":
      return formatCommand(sent.name, sent.form, sent.args.map((arg) => commandArg(arg, scope)));
    case "raw":
      return bytesOf(sent.bytes, scope);
    case "data":
      return concat([bytesOf(sent.bytes, scope), DATA_ENDS[sent.end]]);
    default:
      throw new TypeError("The serial lane sends commands, data and bytes only");
  }
}

/** Converts a parameter: strings are quoted, numbers bare, unless `{bare}` or `{quoted}` says otherwise. */
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
