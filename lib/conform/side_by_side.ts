import type { TargetFile } from "../target/target_file.ts";

/** Something that is done on a target. */
interface OnTarget {
  readonly file: TargetFile;
}

/**
 * What may run at the same time: lists whose items follow each other. Modules on serial lines run side by side, each beside all others
 * but those on the same line, and those that reach this machine at the same fixed port. Everything else is one list: what runs on
 * this machine would slow each other down.
 */
export function sideBySide<T extends OnTarget>(items: readonly T[]): readonly (readonly T[])[] {
  const turns: { readonly keys: string[]; readonly items: T[] }[] = [];
  for (const one of items) {
    const keys = keysOf(one.file);
    const own = turns.find((turn) => keys.some((key) => turn.keys.includes(key)));
    if (own) {
      own.items.push(one);
      own.keys.push(...keys);
    } else turns.push({ keys: [...keys], items: [one] });
  }
  return turns.map(({ items }) => items);
}

/** What no two targets use at the same time. */
function keysOf({ tests, address, broker }: TargetFile): readonly string[] {
  if (tests !== "module" || !address) return ["this machine"];
  const line = `line ${address.text.replace(/\?.*$/, "")}`;
  return broker?.port ? [line, `port ${broker.port}`] : [line];
}
