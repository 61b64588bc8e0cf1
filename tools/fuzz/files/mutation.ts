import { seededRandom } from "../../../lib/ground/seeded_random.ts";
import type { Random } from "../inputs.ts";
import { mutatedArgs } from "./args.ts";
import { jsonText, yamlText } from "./document.ts";
import { one } from "./hostile.ts";
import { mutatedBytes, mutatedLines } from "./mutate_bytes.ts";
import { mutatedTree, thinned } from "./mutate_tree.ts";
import { type Corpus, type Kind, KINDS, type Sample } from "./sample.ts";

/** One input, which depends only on the seed and its number. */
export interface Mutation {
  readonly number: number;
  readonly kind: Kind;
  /** What it was made from. */
  readonly from: string;
  /** The content of the file, or the words of a command line, one per line. */
  readonly bytes: Uint8Array;
  /** The words of a command line; empty for a file. */
  readonly args: readonly string[];
}

/** Returns the kind of a mutation, which depends only on its number. */
export function kindOf(number: number): Kind {
  return KINDS[number % KINDS.length] ?? "suite";
}

/** Returns the mutation with a number: the same one for the same seed, whatever was created before. */
export function mutationOf(corpus: Corpus, seed: number, number: number): Mutation {
  const source = seededRandom((Math.imul(seed, 0x9e3779b1) ^ Math.imul(number + 1, 0x85ebca6b)) >>> 0);
  const next: Random = (below) => Math.floor(source() * below);
  const kind = kindOf(number);
  if (kind === "args") {
    const args = mutatedArgs(next);
    return { number, kind, from: args[0] ?? "", bytes: new TextEncoder().encode(args.join("\n")), args };
  }
  const samples = corpus.get(kind) ?? [];
  // Samples that are already wrong are changed only sometimes; most changes of valid ones get further.
  const right = samples.filter(({ name }) => !/\/bad/.test(name));
  const sample = one(next(8) === 0 ? samples : right, next);
  const { bytes, how } = mutated(sample, samples, next);
  return { number, kind, from: `${sample.name}, ${how}`, bytes, args: [] };
}

function mutated(
  sample: Sample,
  samples: readonly Sample[],
  next: Random,
): { readonly bytes: Uint8Array; readonly how: string } {
  const encode = (text: string) => new TextEncoder().encode(text);
  const { data, language } = sample;
  const whole = data === undefined || language === undefined;
  // A file of thousands of lines would be read mostly where it is valid.
  const text = () => whole || next(4) === 0 ? sample.text : written(thinned(data, next), language);
  switch (next(whole ? 3 : 8)) {
    case 0:
      return { bytes: mutatedBytes(encode(text()), next), how: "bytes changed" };
    case 1:
    case 2:
      return { bytes: encode(mutatedLines(text(), next)), how: "lines changed" };
    default: {
      const others = samples.flatMap((one) => one.data === undefined ? [] : [one.data]);
      const tree = mutatedTree(data, others, language === "yaml" ? "yaml" : "json", next);
      const made = encode(written(tree, language ?? "json"));
      // Sometimes both, so a wrong form has wrong values.
      if (next(12) === 0) return { bytes: mutatedBytes(made, next), how: "values and bytes changed" };
      return { bytes: made, how: "values changed" };
    }
  }
}

function written(data: unknown, language: "yaml" | "json" | "lines"): string {
  switch (language) {
    case "yaml":
      return yamlText(data);
    case "json":
      return jsonText(data, 2);
    case "lines":
      return (Array.isArray(data) ? data : [data]).map((line) => `${jsonText(line)}\n`).join("");
  }
}
