import { Context, type ContextHost } from "./context.ts";
import { Settings } from "./settings.ts";
import type { State } from "./states.ts";

/** The contexts of a module by their `tcpconnectID`, and those that have ended but are not yet disposed of. */
export class Contexts implements AsyncDisposable {
  readonly #host: Omit<ContextHost, "forget">;
  readonly #byId = new Map<number, Context>();
  readonly #leaving = new Set<Promise<void>>();
  readonly #left: Context[] = [];

  constructor(host: Omit<ContextHost, "forget">) {
    this.#host = host;
  }

  /** Returns the context with an id, or undefined. */
  find(id: number): Context | undefined {
    return this.#byId.get(id);
  }

  /** Returns the state of the context with an id, or `none` if there is no context. */
  state(id: number): State {
    return this.#byId.get(id)?.state ?? "none";
  }

  /** All contexts, by id. */
  all(): readonly Context[] {
    return [...this.#byId.values()].sort((a, b) => a.id - b.id);
  }

  /** Creates settings for a context that does not exist yet. */
  fresh(): Settings {
    return new Settings(this.#host.behaviour);
  }

  /** Returns the context with an id; creates it with `settings` if there is none. */
  make(id: number, settings = this.fresh()): Context {
    const found = this.#byId.get(id);
    if (found) return found;
    const made = new Context(id, settings, {
      ...this.#host,
      forget: (context) => this.#forget(context),
    });
    this.#byId.set(id, made);
    return made;
  }

  /** Ends all contexts and their connections, as a power cut does. */
  async clear(): Promise<void> {
    const contexts = [...this.#byId.values(), ...this.#left.splice(0)];
    this.#byId.clear();
    await Promise.all(contexts.map((context) => context[Symbol.asyncDispose]()));
    await Promise.all(this.#leaving);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.clear();
  }

  #forget(context: Context): void {
    if (this.#byId.get(context.id) === context) this.#byId.delete(context.id);
    // A module that does not close its connections keeps them until its power is cut.
    if (!this.#host.hooks.closesTcp) {
      this.#left.push(context);
      return;
    }
    const leaving: Promise<void> = context[Symbol.asyncDispose]().finally(() =>
      this.#leaving.delete(leaving)
    );
    this.#leaving.add(leaving);
  }
}
