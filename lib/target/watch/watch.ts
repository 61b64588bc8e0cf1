import { fileURLToPath } from "node:url";
import { TargetError } from "../target.ts";
import type { OwnFolder } from "./own_folder.ts";

/** The variable by which the programs of a run are found again, whatever they have started. Its value is their folder. */
const MARK = "ATTEST_FOLDER";

/** Where the programs lie by which the watcher sees and ends processes. */
const PS = ["/usr/bin/ps", "/bin/ps"];
const KILL = ["/usr/bin/kill", "/bin/kill"];

/**
 * A process beside this one that outlives it for a moment: when this one ends, by whatever cause, it ends the programs
 * that were started and all that they have started, and removes their folder. It learns of the end by a pipe that the
 * system closes. Disposing it ends what programs have left behind, and the watcher itself.
 */
export class Watch implements AsyncDisposable {
  /** What every watched program has in its environment. */
  readonly env: Readonly<Record<string, string>>;
  readonly #child: Deno.ChildProcess;
  readonly #writer: WritableStreamDefaultWriter<Uint8Array>;

  private constructor(child: Deno.ChildProcess, folder: string) {
    this.#child = child;
    this.#writer = child.stdin.getWriter();
    this.env = { [MARK]: folder };
  }

  /** Starts the watcher of a folder, for the target `target`. Throws {@link TargetError} where `deno` may not be started. */
  static async start(target: string, folder: OwnFolder): Promise<Watch> {
    const [ps, kill] = await Promise.all([there(PS), there(KILL)]);
    const script = fileURLToPath(new URL("./watcher.ts", import.meta.url));
    try {
      const child = new Deno.Command("deno", {
        args: [
          "run",
          "--quiet",
          "--no-prompt",
          "--no-config",
          "--no-lock",
          "--cached-only",
          "--ignore-env",
          // Without these two programs it has to send signals itself, for which Deno knows no smaller grant.
          ps && kill ? `--allow-run=${ps},${kill}` : "--allow-run",
          `--allow-write=${folder.path}`,
          script,
          JSON.stringify({ mark: MARK, folder: folder.path, left: folder.left, ps, kill }),
        ],
        // What ends the other programs must not be taken for one of them.
        env: { [MARK]: "" },
        // A Ctrl-C goes to every process of the terminal.
        detached: true,
        stdin: "piped",
        stdout: "null",
        stderr: "null",
      }).spawn();
      return new Watch(child, folder.path);
    } catch (error) {
      if (error instanceof Deno.errors.NotCapable) {
        throw new TargetError(
          `The target "${target}" is watched by a second Deno, so that it never outlives attest, which is not granted: run with --allow-run=deno`,
        );
      }
      if (error instanceof Deno.errors.NotFound) {
        throw new TargetError(
          `The target "${target}" is watched by a second Deno, so that it never outlives attest, and there is no program "deno" on the path`,
        );
      }
      throw error;
    }
  }

  /** Its process id. */
  get pid(): number {
    return this.#child.pid;
  }

  /** Tells it of a program that leads a process group of its own. */
  started(pid: number): void {
    this.#tell(`started ${pid}`);
  }

  /** Tells it that such a program has ended: what is left of its group ends now. */
  ended(pid: number): void {
    this.#tell(`ended ${pid}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#tell("done");
    await this.#writer.close().catch(() => {});
    await this.#child.status;
  }

  #tell(line: string): void {
    this.#writer.write(new TextEncoder().encode(`${line}\n`)).catch(() => {
      // It was killed. Nothing depends on it as long as this process lives.
    });
  }
}

async function there(paths: readonly string[]): Promise<string | undefined> {
  for (const path of paths) {
    if (await Deno.stat(path).then(({ isFile }) => isFile, () => false)) return path;
  }
  return undefined;
}
