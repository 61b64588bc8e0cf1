/**
 * How long after the first signal further ones count as the same Ctrl-C, in milliseconds. npx and deno task pass on a
 * signal that the terminal has already sent to the whole process group.
 */
const ECHO_MS = 500;

/**
 * Aborts a signal at the first Ctrl-C or SIGTERM, so a run can end normally; the second one ends the process. Disposing
 * it removes the signal listeners.
 */
export class Interrupt implements Disposable {
  readonly #controller = new AbortController();
  readonly #signals: readonly Deno.Signal[] = ["SIGINT", "SIGTERM"];
  #firstAt: number | undefined;
  readonly #onSignal = () => {
    this.#firstAt ??= performance.now();
    if (performance.now() - this.#firstAt > ECHO_MS) Deno.exit(130);
    this.#controller.abort();
  };

  constructor() {
    for (const signal of this.#signals) Deno.addSignalListener(signal, this.#onSignal);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  [Symbol.dispose](): void {
    for (const signal of this.#signals) Deno.removeSignalListener(signal, this.#onSignal);
  }
}
