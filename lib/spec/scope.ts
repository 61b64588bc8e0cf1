import type { Value } from "./value.ts";

/** What a value is once its variables are known. Bytes come from captures and byte forms. */
export type Data =
  | string
  | number
  | boolean
  | null
  | Uint8Array
  | readonly Data[]
  | { readonly [key: string]: Data };

/** What a name stands for: data, or a value that has its own names. */
export type Binding =
  | { readonly data: Data }
  | { readonly value: Value; readonly scope: Scope };

/** The names that a value may use; an inner scope hides the names of the outer one. */
export class Scope {
  readonly #names = new Map<string, Binding>();
  readonly #outer: Scope | undefined;

  constructor(outer?: Scope) {
    this.#outer = outer;
  }

  /** Gives `name` a value of its own, such as a capture or a built-in. */
  set(name: string, data: Data): this {
    this.#names.set(name, { data });
    return this;
  }

  /** Lets `name` stand for a value of the file, which sees the names of the outer scope: a row's `topic: $topic/a`. */
  bind(name: string, value: Value): this {
    this.#names.set(name, { value, scope: this.#outer ?? new Scope() });
    return this;
  }

  get(name: string): Binding | undefined {
    return this.#names.get(name) ?? this.#outer?.get(name);
  }

  /** All names, the inner ones first. */
  names(): readonly string[] {
    return [...new Set([...this.#names.keys(), ...(this.#outer?.names() ?? [])])];
  }
}
