import { fileURLToPath } from "node:url";
import { TargetError } from "../target.ts";
import type { OwnFolder } from "./own_folder.ts";

/**
 * The environment variable that identifies the programs of a run, whatever has started them. Its value is
 * their folder.
 */
const MARK = "ATTEST_FOLDER";

/** The paths of the programs with which the watcher lists and ends processes. */
const PS = ["/usr/bin/ps", "/bin/ps"];
const KILL = ["/usr/bin/kill", "/bin/kill"];

/**
 * A helper process that briefly outlives this one: when this process ends, for whatever cause, the helper
 * ends the started programs and all their children, and removes their folder. It detects the end through a
 * pipe that the system closes. Disposing it ends remaining programs and the watcher itself.
 */
export class Watch implements AsyncDisposable {
  /** The variables that every watched program has in its environment. */
  readonly env: Readonly<Record<string, string>>;
  readonly #child: Deno.ChildProcess;
  readonly #writer: WritableStreamDefaultWriter<Uint8Array>;

  private constructor(child: Deno.ChildProcess, folder: string) {
    this.#child = child;
    this.#writer = child.stdin.getWriter();
    this.env = { [MARK]: folder };
  }

  /**
   * Starts the watcher of a folder for the target `target`. Throws {@link TargetError} if `deno` may not be
   * started.
   */
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
          // Without these two programs it has to send signals itself, which needs Deno's full run permission.
          ps && kill ? `--allow-run=${ps},${kill}` : "--allow-run",
          `--allow-write=${folder.path}`,
          script,
          JSON.stringify({ mark: MARK, folder: folder.path, left: folder.left, ps, kill }),
        ],
        // The watcher itself must not count as a marked program.
        env: { [MARK]: "" },
        // Ctrl-C reaches every process of the terminal.
        detached: true,
        stdin: "piped",
        stdout: "null",
        stderr: "null",
      }).spawn();
      return new Watch(child, folder.path);
    } catch (error) {
      if (error instanceof Deno.errors.NotCapable) {
        throw new TargetError(
          `The target "${target}" needs a second Deno to watch it, so it never outlives attest, and this ` +
            "is not permitted; run with --allow-run=deno",
        );
      }
      if (error instanceof Deno.errors.NotFound) {
        throw new TargetError(
          `The target "${target}" needs a second Deno to watch it, so it never outlives attest, but there ` +
            `is no program "deno" on the path`,
        );
      }
      throw error;
    }
  }

  /** Its process id. */
  get pid(): number {
    return this.#child.pid;
  }

  /** Reports a program that leads its own process group. */
  started(pid: number): void {
    this.#tell(`started ${pid}`);
  }

  /** Reports that such a program has ended; the watcher then ends the rest of its group. */
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
