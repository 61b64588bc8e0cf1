/** Keeps several parties in step, so none gets ahead of another. */
export class InStep {
  #parties: number;
  #there = 0;
  #told = false;
  #step = Promise.withResolvers<boolean>();

  /** `parties` is the number of parties; each of them calls {@link next} or {@link leave}. */
  constructor(parties: number) {
    this.#parties = parties;
  }

  /**
   * Waits until all remaining parties have done their step. Returns whether any party has ever reported
   * something.
   */
  async next(tells: boolean): Promise<boolean> {
    const { promise } = this.#step;
    this.#told ||= tells;
    this.#there++;
    this.#pass();
    return await promise;
  }

  /** Leaves the group. */
  leave(): void {
    this.#parties--;
    this.#pass();
  }

  #pass(): void {
    if (this.#there < this.#parties || this.#there === 0) return;
    this.#there = 0;
    this.#step.resolve(this.#told);
    this.#step = Promise.withResolvers();
  }
}
