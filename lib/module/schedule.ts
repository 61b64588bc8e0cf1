/** The timers of one owner, which end with it. */
export class Schedule implements Disposable {
  readonly #timers = new Set<ReturnType<typeof setTimeout>>();
  readonly #waiting = new Set<() => void>();
  #over = false;

  /**
   * Calls `action` after `ms` milliseconds, unless the timer is stopped or its owner disposed of. Returns a
   * function that stops it.
   */
  after(ms: number, action: () => void): () => void {
    if (this.#over) return () => {};
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      action();
    }, ms);
    this.#timers.add(timer);
    return () => {
      clearTimeout(timer);
      this.#timers.delete(timer);
    };
  }

  /** Waits `ms` milliseconds, or until the owner is disposed of. */
  wait(ms: number): Promise<void> {
    if (this.#over || ms <= 0) return Promise.resolve();
    return new Promise((resolve) => {
      const done = () => {
        this.#waiting.delete(done);
        resolve();
      };
      this.#waiting.add(done);
      this.after(ms, done);
    });
  }

  [Symbol.dispose](): void {
    this.#over = true;
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
    for (const done of this.#waiting) done();
  }
}
