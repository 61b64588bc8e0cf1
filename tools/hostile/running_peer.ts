import type { HostilePeer } from "./visitor.ts";

const ROOT = new URL("../../", import.meta.url);

/**
 * A hostile peer in its own process, so its work is separate from the tester's. Disposing it ends the
 * process.
 */
export class RunningPeer implements AsyncDisposable {
  /** The address that attest is given for it. */
  readonly address: string;
  readonly #process: Deno.ChildProcess;
  readonly #stdin: WritableStreamDefaultWriter<Uint8Array>;

  private constructor(address: string, process: Deno.ChildProcess) {
    this.address = address;
    this.#process = process;
    this.#stdin = process.stdin.getWriter();
  }

  /** Starts a peer. Throws Error if its process ends without an address. */
  static async start(peer: HostilePeer): Promise<RunningPeer> {
    const process = new Deno.Command(Deno.execPath(), {
      args: ["run", "--quiet", "-P=hostile", "tools/hostile/serve.ts", peer.name],
      cwd: ROOT,
      stdin: "piped",
      stdout: "piped",
      stderr: "inherit",
    }).spawn();
    let said = "";
    const decoder = new TextDecoder();
    for await (const bytes of process.stdout) {
      said += decoder.decode(bytes, { stream: true });
      if (said.includes("\n")) break;
    }
    const address = said.trim();
    if (address === "") {
      await process.stdin.close();
      throw new Error(`The hostile peer "${peer.name}" exited before it listened`);
    }
    return new RunningPeer(address, process);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stdin.close().catch(() => {});
    await this.#process.status;
  }
}
