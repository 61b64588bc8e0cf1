import { UsageError } from "../../lib/catalog/usage_error.ts";
import { readText } from "../../lib/catalog/text_file.ts";
import { shownPath } from "../../lib/catalog/home.ts";
import { jsonFault } from "./json_fault.ts";
import { pathToFileURL } from "node:url";

/** What a result says of one case run. */
export interface Judged {
  readonly id: string;
  readonly target: string;
  readonly protocol: string;
  readonly verdict: string;
}

/**
 * Reads the case runs of a `result.json`, or of the folder of a run. Throws {@link UsageError}, which names the place: a line
 * and a column where the text is no JSON, the item of the list of cases where a field is missing.
 */
export async function casesOf(path: string): Promise<readonly Judged[]> {
  const isFolder = await Deno.stat(path).then((found) => found.isDirectory, () => false);
  const url = pathToFileURL(isFolder ? `${path}/result.json` : path);
  const file = shownPath(url);
  const result = parsed(await readText(url), file);
  const cases: unknown = field(result, "cases");
  if (!Array.isArray(cases)) {
    throw new UsageError(`${file}:1:1: a result has a list "cases", and this has none`);
  }
  return cases.map((one: unknown, index) => {
    const text = (name: string) => {
      const value = field(one, name);
      if (typeof value === "string") return value;
      throw new UsageError(
        `${file}: cases[${index}] has no text "${name}"; expected a result.json of attest`,
      );
    };
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
      `${file}:${place}: the text is no JSON from here on; expected a result.json of attest`,
    );
  }
}

function field(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null && Object.hasOwn(value, name)
    ? Reflect.get(value, name)
    : undefined;
}
