/** The topic names that a client's topic aliases stand for. */
export interface TopicAliases {
  /** The topic name of an alias; undefined for one that was not set. */
  get(alias: number): string | undefined;
  /** Sets an alias; replaces the topic name that it had before. */
  set(alias: number, topic: string): void;
}

/** The topic aliases that the broker uses on one connection of a 5.0 client. They end with the connection. [MQTT-3.3.2-7] of 5.0 */
export class SendingAliases {
  readonly #maximum: number;
  readonly #byTopic = new Map<string, number>();
  #last = 0;

  /** Begins without aliases; `maximum` is the highest alias that the client accepts. */
  constructor(maximum: number) {
    this.#maximum = maximum;
  }

  /** The alias of a topic name, and whether the client already knows it; undefined if no alias may be used. */
  find(topic: string): { readonly alias: number; readonly known: boolean } | undefined {
    if (this.#maximum === 0) return undefined;
    const known = this.#byTopic.get(topic);
    return known === undefined ? { alias: this.#last % this.#maximum + 1, known: false } : {
      alias: known,
      known: true,
    };
  }

  /** Records that an alias was sent with its topic name; the topic name that had the alias before loses it. */
  sent(topic: string, alias: number): void {
    for (const [other, its] of this.#byTopic) if (its === alias) this.#byTopic.delete(other);
    this.#byTopic.set(topic, alias);
    this.#last = alias;
  }
}
