import { defined } from "../../ground/defined.ts";

const PREFIX = "attest-run-";
const OWN = /^attest-run-[0-9a-f]+$/;
/** How often to create a folder again if another run removed it as abandoned. */
const TRIES = 20;

/**
 * A temporary folder with an owner. Its file `lock` is locked by this process as long as it lives, so another
 * run can distinguish a folder in use from one whose owner was killed. Disposing it removes it.
 */
export class OwnFolder implements AsyncDisposable {
  readonly path: string;
  /** The abandoned folders that this run has found and removed. Programs that worked in them may still run. */
  readonly left: readonly string[];
  #lock: Deno.FsFile | undefined;

  private constructor(path: string, lock: Deno.FsFile, left: readonly string[]) {
    this.path = path;
    this.#lock = lock;
    this.left = left;
  }

  /**
   * Creates a folder in `dir`, by default the system's temporary folder, and removes this user's abandoned
   * folders beside it. Throws the error of the file system.
   */
  static async make(dir?: string): Promise<OwnFolder> {
    for (let tries = 1;; tries++) {
      const path = await Deno.makeTempDir(defined({ dir, prefix: PREFIX }));
      const lock = await locked(path);
      if (lock) return new OwnFolder(path, lock, await removeLeft(path));
      if (tries === TRIES) throw new Error(`Cannot keep a temporary folder beside ${path}`);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const lock = this.#lock;
    this.#lock = undefined;
    if (!lock) return;
    await removed(this.path);
    lock.close();
  }
}

/**
 * Locks a folder. Returns undefined if another process holds the lock or has removed the folder in the
 * meantime. Whoever removes a folder holds its lock, so a lock that still belongs to the folder once it is
 * held protects the folder.
 */
async function locked(folder: string): Promise<Deno.FsFile | undefined> {
  const path = `${folder}/lock`;
  let file: Deno.FsFile;
  try {
    file = await Deno.open(path, { create: true, write: true });
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
  if (await file.tryLock(true)) {
    const [held, there] = await Promise.all([file.stat(), Deno.lstat(path).catch(() => undefined)]);
    if (there && there.ino === held.ino && there.dev === held.dev) return file;
  }
  file.close();
  return undefined;
}

/** Removes the folders beside `own` whose lock no one holds, and returns their paths. */
async function removeLeft(own: string): Promise<readonly string[]> {
  const parent = own.slice(0, own.lastIndexOf("/"));
  const user = (await Deno.lstat(own)).uid;
  const left: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(parent)) {
    const path = `${parent}/${name}`;
    if (!isDirectory || !OWN.test(name) || path === own) continue;
    try {
      // In a folder that everyone may write to, such a name may belong to another user.
      if ((await Deno.lstat(path)).uid !== user) continue;
      const lock = await locked(path);
      if (!lock) continue;
      await removed(path);
      lock.close();
      left.push(path);
    } catch {
      // Another run removes it, or it cannot be removed; neither prevents this run.
    }
  }
  return left;
}

/** Removes a folder in which a program that is being stopped may still write. */
async function removed(path: string): Promise<void> {
  for (let tries = 0; tries < 3; tries++) {
    try {
      return await Deno.remove(path, { recursive: true });
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return;
    }
  }
}
