import { resolve, ValueError } from "../../../spec/evaluate.ts";
import type { Scope } from "../../../spec/scope.ts";
import type { Value } from "../../../spec/value.ts";

/** A value and the scope of its variables. */
export interface Scoped {
  readonly value: Value;
  readonly scope: Scope;
}

/**
 * Returns the items of a list, each with its scope; `name` is the field's name. Throws {@link ValueError} if
 * the value is not a list.
 */
export function itemsOf(name: string, value: Value, scope: Scope): readonly Scoped[] {
  const found = resolve(value, scope);
  if (found.value.kind !== "list") throw new ValueError(`expected a list for ${name}`, value.place);
  return found.value.items.map((item) => ({ value: item, scope: found.scope }));
}
