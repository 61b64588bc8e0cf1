import type { Value } from "./value.ts";

/** The data of a value after its variables are replaced. Bytes come from captures and byte forms. */
export type Data =
  | string
  | number
  | boolean
  | null
  | Uint8Array
  | readonly Data[]
  | { readonly [key: string]: Data };

/** What a name is bound to: data, or a value with its own scope. */
export type Binding =
  | { readonly data: Data }
  | { readonly value: Value; readonly scope: Scope };

/** The names that a value may use. An inner scope hides the names of the outer one. */
export class Scope {
  readonly #names = new Map<string, Binding>();
  readonly #outer: Scope | undefined;

  constructor(outer?: Scope) {
    this.#outer = outer;
  }

  /** Binds `name` to data, such as a capture or a built-in. */
  set(name: string, data: Data): this {
    this.#names.set(name, { data });
    return this;
  }

  /**
   * Binds `name` to a value of the file, which is evaluated in the outer scope, such as a row's `topic:
   * $topic/a`.
   */
  bind(name: string, value: Value): this {
    this.#names.set(name, { value, scope: this.#outer ?? new Scope() });
    return this;
  }

  get(name: string): Binding | undefined {
    return this.#names.get(name) ?? this.#outer?.get(name);
  }

  /** All names, innermost first. */
  names(): readonly string[] {
    return [...new Set([...this.#names.keys(), ...(this.#outer?.names() ?? [])])];
  }
}
