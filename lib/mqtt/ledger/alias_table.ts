/** Characters of topic names that one table keeps. */
const KEPT_CHARACTERS = 1024 * 1024;

/** The topic aliases that one end has set on a network connection. */
export class AliasTable {
  // A topic for which there is no room is undefined: the alias is set, and nobody can say to what.
  readonly #topics = new Map<number, string | undefined>();
  #characters = 0;

  /** Whether the alias was set. */
  has(alias: number): boolean {
    return this.#topics.has(alias);
  }

  /** The topic name of an alias; undefined where it is not known. */
  topic(alias: number): string | undefined {
    return this.#topics.get(alias);
  }

  /** Sets an alias to a topic name, over what it was. */
  set(alias: number, topic: string): void {
    this.#characters -= this.#topics.get(alias)?.length ?? 0;
    const kept = this.#characters + topic.length <= KEPT_CHARACTERS;
    if (kept) this.#characters += topic.length;
    this.#topics.set(alias, kept ? topic : undefined);
  }
}
