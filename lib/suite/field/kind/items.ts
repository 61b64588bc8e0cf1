import { resolve, ValueError } from "../../../spec/evaluate.ts";
import type { Scope } from "../../../spec/scope.ts";
import type { Value } from "../../../spec/value.ts";

/** A value, and the scope in which its variables are read. */
export interface Scoped {
  readonly value: Value;
  readonly scope: Scope;
}

/** The items of a list, each with its scope; `name` is the field's. Throws {@link ValueError} for what is no list. */
export function itemsOf(name: string, value: Value, scope: Scope): readonly Scoped[] {
  const found = resolve(value, scope);
  if (found.value.kind !== "list") throw new ValueError(`${name} is a list`, value.place);
  return found.value.items.map((item) => ({ value: item, scope: found.scope }));
}
