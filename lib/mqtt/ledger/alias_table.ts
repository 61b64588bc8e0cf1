/** The most characters of topic names that one table stores. */
const KEPT_CHARACTERS = 1024 * 1024;

/** The topic aliases that one end has set on a network connection. */
export class AliasTable {
  // The topic is undefined if there was no room for it: the alias is set, but its topic is unknown.
  readonly #topics = new Map<number, string | undefined>();
  #characters = 0;

  /** Whether the alias was set. */
  has(alias: number): boolean {
    return this.#topics.has(alias);
  }

  /** Returns the topic name of an alias, or undefined if it is unknown. */
  topic(alias: number): string | undefined {
    return this.#topics.get(alias);
  }

  /** Sets an alias to a topic name and replaces the previous one. */
  set(alias: number, topic: string): void {
    this.#characters -= this.#topics.get(alias)?.length ?? 0;
    const kept = this.#characters + topic.length <= KEPT_CHARACTERS;
    if (kept) this.#characters += topic.length;
    this.#topics.set(alias, kept ? topic : undefined);
  }
}
