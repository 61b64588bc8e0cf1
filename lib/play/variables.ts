import { evaluate, ValueError } from "../spec/evaluate.ts";
import type { Data, Scope } from "../spec/scope.ts";

/** The longest text of one variable in a report. */
const LONGEST = 200;
/** The most bytes of a character in UTF-8. */
const MOST_OF_A_CHARACTER = 4;

/** Returns the value of each variable of a case when a step fails, as text for a report. */
export function describeVariables(
  scope: Scope,
  place: { file: string; line: number; column: number; length: number },
): Record<string, string> {
  const described: Record<string, string> = {};
  for (const name of scope.names()) {
    try {
      described[name] = cut(textOf(evaluate({ kind: "variable", path: [name], place }, scope)));
    } catch (error) {
      if (!(error instanceof ValueError)) throw error;
      described[name] = `(${error.message})`;
    }
  }
  return described;
}

function textOf(data: Data): string {
  if (typeof data === "string") return data;
  return JSON.stringify(data, (_key, value) => value instanceof Uint8Array ? bytesText(value) : value);
}

function bytesText(bytes: Uint8Array): string {
  const first = bytes.subarray(0, MOST_OF_A_CHARACTER * LONGEST);
  try {
    // The cut may split a character, which is then omitted.
    return new TextDecoder("utf-8", { fatal: true }).decode(first, { stream: first.length < bytes.length });
  } catch {
    return `0x${bytes.subarray(0, LONGEST / 2).toHex()}`;
  }
}

function cut(text: string): string {
  const characters = [...text];
  return characters.length > LONGEST ? `${characters.slice(0, LONGEST).join("")}…` : text;
}
