/** Runs tasks that would disturb each other one after the other, in the order of their requests. */
export class Turns {
  #last: Promise<void> = Promise.resolve();

  /** Runs `work` after all earlier tasks have ended. */
  async take<T>(work: () => Promise<T>): Promise<T> {
    const before = this.#last;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#last = promise;
    await before;
    try {
      return await work();
    } finally {
      resolve();
    }
  }
}
