/** Several parties that take the same steps, none of them ahead of another. */
export class InStep {
  #parties: number;
  #there = 0;
  #told = false;
  #step = Promise.withResolvers<boolean>();

  /** `parties` is how many take part; each of them calls {@link next} or {@link leave}. */
  constructor(parties: number) {
    this.#parties = parties;
  }

  /** Waits until all that still take part have done their step. Gives whether any party has ever told something. */
  async next(tells: boolean): Promise<boolean> {
    const { promise } = this.#step;
    this.#told ||= tells;
    this.#there++;
    this.#pass();
    return await promise;
  }

  /** Takes part no more. */
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
