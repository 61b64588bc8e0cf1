import { UsageError } from "../../catalog/usage_error.ts";
import { readText } from "../../catalog/text_file.ts";
import { shownPath } from "../../catalog/home.ts";
import { jsonFault } from "./json_fault.ts";
import { pathToFileURL } from "node:url";

/** The data of one case run in a result. */
export interface Judged {
  readonly id: string;
  readonly target: string;
  readonly protocol: string;
  readonly verdict: string;
}

/** A parsed `result.json`: its name for messages, and its content, which may be anything. */
export interface ResultFile {
  readonly file: string;
  readonly result: unknown;
}

/** Reads a `result.json`. Throws {@link UsageError}, with line and column if the text is not JSON. */
export async function readResultFile(path: string): Promise<ResultFile> {
  const url = pathToFileURL(path);
  const file = shownPath(url);
  return { file, result: parsed(await readText(url), file) };
}

/** The list of the case runs of a result. Throws {@link UsageError} if there is none. */
export function caseList({ file, result }: ResultFile): readonly unknown[] {
  const cases: unknown = field(result, "cases");
  if (Array.isArray(cases)) return cases;
  throw new UsageError(`${file}:1:1: expected a result with a list "cases", found none`);
}

/** A text of one item of {@link caseList}. Throws {@link UsageError}, which names the item, if it is missing. */
export function caseText(file: string, one: unknown, index: number, name: string): string {
  const value = field(one, name);
  if (typeof value === "string") return value;
  throw new UsageError(`${file}: cases[${index}] has no text "${name}"; expected a result.json of attest`);
}

/** Reads the case runs of a `result.json`, or of the folder of a run. Throws {@link UsageError}, which names the place. */
export async function casesOf(path: string): Promise<readonly Judged[]> {
  const isFolder = await Deno.stat(path).then((found) => found.isDirectory, () => false);
  const read = await readResultFile(isFolder ? `${path}/result.json` : path);
  return caseList(read).map((one, index) => {
    const text = (name: string) => caseText(read.file, one, index, name);
    return { id: text("id"), target: text("target"), protocol: text("protocol"), verdict: text("verdict") };
  });
}

function parsed(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    const before = text.slice(0, jsonFault(text)).split("\n");
    const place = `${before.length}:${[...before.at(-1) ?? ""].length + 1}`;
    throw new UsageError(
      `${file}:${place}: the text is not JSON from here on; expected a result.json of attest`,
    );
  }
}

/** A field of a value that may be an object; undefined if it is not one, or does not have the field. */
export function field(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null && Object.hasOwn(value, name)
    ? Reflect.get(value, name)
    : undefined;
}
