/**
 * A signal that aborts at the first Ctrl-C or SIGTERM, so that a run can end in good order; the second ends the process.
 * Disposing it gives the signals back.
 */
export class Interrupt implements Disposable {
  readonly #controller = new AbortController();
  readonly #signals: readonly Deno.Signal[] = ["SIGINT", "SIGTERM"];
  readonly #heard = () => {
    if (this.#controller.signal.aborted) Deno.exit(130);
    this.#controller.abort();
  };

  constructor() {
    for (const signal of this.#signals) Deno.addSignalListener(signal, this.#heard);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  [Symbol.dispose](): void {
    for (const signal of this.#signals) Deno.removeSignalListener(signal, this.#heard);
  }
}
