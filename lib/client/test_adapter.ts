import type { AdapterProgram } from "./adapter.ts";
import { LineSplitter } from "./line_splitter.ts";

/** An adapter in this process, for tests: it records what it gets, and writes what the test wants. */
export class TestAdapter {
  /** Every line that it was sent. */
  readonly heard: Record<string, unknown>[] = [];
  readonly program: AdapterProgram;
  readonly #output = new TransformStream<Uint8Array, Uint8Array>();
  readonly #writer = this.#output.writable.getWriter();

  /** `react` gets each request and may write; without it nothing is answered. */
  constructor(react: (request: Record<string, unknown>, adapter: TestAdapter) => void = () => {}) {
    const lines = new LineSplitter(1_000_000);
    this.program = {
      name: "test",
      stdin: new WritableStream({
        write: (bytes) => {
          for (const line of lines.push(bytes)) {
            const request = JSON.parse(line);
            this.heard.push(request);
            react(request, this);
          }
        },
      }),
      stdout: this.#output.readable,
      ending: () => "ended with status 3",
      lastWords: () => ", and said: it hurts",
    };
  }

  /** Says hello as an adapter of a library without anything besides. */
  greet(more: Record<string, unknown> = {}): this {
    const hello = {
      hello: "test",
      adapter: 1,
      version: "1",
      protocols: ["3.1.1"],
      transports: ["tcp"],
      supports: [],
    };
    return this.write({ ...hello, ...more });
  }

  /** Writes a line. */
  write(message: unknown): this {
    return this.text(`${JSON.stringify(message)}\n`);
  }

  /** Writes text unchanged. */
  text(text: string): this {
    this.#writer.write(new TextEncoder().encode(text)).catch(() => {});
    return this;
  }

  /** Closes its output. */
  close(): void {
    this.#writer.close().catch(() => {});
  }
}
