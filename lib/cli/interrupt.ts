/**
 * How long after the first signal others count as the same Ctrl-C, in milliseconds: npx and deno task pass on what the
 * terminal has already sent to the whole group.
 */
const ECHO_MS = 500;

/**
 * A signal that aborts at the first Ctrl-C or SIGTERM, so that a run can end in good order; the second ends the process.
 * Disposing it gives the signals back.
 */
export class Interrupt implements Disposable {
  readonly #controller = new AbortController();
  readonly #signals: readonly Deno.Signal[] = ["SIGINT", "SIGTERM"];
  #firstAt: number | undefined;
  readonly #heard = () => {
    this.#firstAt ??= performance.now();
    if (performance.now() - this.#firstAt > ECHO_MS) Deno.exit(130);
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
