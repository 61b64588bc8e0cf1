import { freePort, isFree } from "../transport/free_port.ts";

/**
 * Replaces the placeholders in the texts that start a program: `{port}` and `{port.NAME}`, free loopback
 * ports; `{folder}`, its own folder; `{config}`, the configuration file there; `{attest}`, the folder of
 * attest; `{deno}`, the Deno that runs it.
 */
export class Placeholders {
  readonly folder: string;
  readonly #ports = new Map<string, number>();

  constructor(folder: string) {
    this.folder = folder;
  }

  /** Returns the port for a name, chosen at its first use; the main port has no name. */
  port(name = ""): number {
    let port = this.#ports.get(name);
    while (port === undefined) {
      const free = freePort();
      if (![...this.#ports.values()].includes(free)) this.#ports.set(name, port = free);
    }
    return port;
  }

  /** Whether a port that was free when it was chosen is in use now. */
  portTaken(): boolean {
    return [...this.#ports.values()].some((port) => !isFree(port));
  }

  /** Returns the text with its placeholders replaced. */
  fill(text: string): string {
    return text.replaceAll(
      /\{(?:port(?:\.([a-z]+))?|folder|config|attest|deno)\}/g,
      (whole, name?: string) => {
        switch (whole) {
          case "{folder}":
            return this.folder;
          case "{config}":
            return `${this.folder}/config`;
          case "{attest}":
            return decodeURIComponent(new URL("../..", import.meta.url).pathname).replace(/\/$/, "");
          case "{deno}":
            return Deno.execPath();
          default:
            return String(this.port(name));
        }
      },
    );
  }

  /** Returns the map with the placeholders in its values replaced. */
  fillAll(values: Readonly<Record<string, string>>): Record<string, string> {
    return Object.fromEntries(Object.entries(values).map(([name, text]) => [name, this.fill(text)]));
  }
}
