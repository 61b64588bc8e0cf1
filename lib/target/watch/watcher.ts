/**
 * The program that {@link Watch} starts. It reads lines from its standard input until the input is closed:
 * `started PID` and `ended PID` for the leaders of process groups, and `done` when its parent ends normally.
 * Then it ends the rest of those groups and all programs with the mark, removes the folder, and exits. It
 * imports nothing, so it starts fast.
 */

/** The watcher's command line arguments. */
interface Task {
  /** The variable that marks programs; its value is the folder that they work in. */
  readonly mark: string;
  readonly folder: string;
  /** Folders of earlier runs, whose programs may still run. */
  readonly left: readonly string[];
  /** The paths of the two programs; absent if the machine lacks them. */
  readonly ps?: string;
  readonly kill?: string;
}

/**
 * The times in milliseconds until programs are killed after the stop signal, until the watcher gives up, and
 * between two checks.
 */
const KILL_AFTER_MS = 1_500;
const GIVE_UP_AFTER_MS = 4_500;
const LOOK_MS = 50;
/** How many empty process lists in a row prove that no process is left: a list is not taken at one instant. */
const LOOKS = 2;

const task: Task = JSON.parse(Deno.args[0] ?? "{}");
const groups = new Set<number>();
let done = false;

const cleared = clear(() => [], task.left, 1);
await listen();
await cleared;
await clear(() => [...groups], [task.folder], done ? 1 : LOOKS);
await removeFolder();

async function listen(): Promise<void> {
  let kept = "";
  for await (const text of Deno.stdin.readable.pipeThrough(new TextDecoderStream())) {
    const lines = (kept + text).split("\n");
    kept = lines.pop() ?? "";
    for (const line of lines) {
      const [word, number] = line.split(" ");
      if (word === "done") done = true;
      if (word === "started") groups.add(Number(number));
      if (word === "ended") {
        await send("KILL", await processes([Number(number)], []), [Number(number)]);
        groups.delete(Number(number));
      }
    }
  }
}

/** Ends all processes of some groups, and all with the mark of one of `folders`. */
async function clear(
  led: () => readonly number[],
  folders: readonly string[],
  looks: number,
): Promise<void> {
  const begin = performance.now();
  for (let nothing = 0; nothing < looks; await pause()) {
    const passed = performance.now() - begin;
    if (passed > GIVE_UP_AFTER_MS || (led().length === 0 && folders.length === 0)) return;
    const found = await processes(led(), folders);
    if (found?.length === 0) {
      nothing++;
      continue;
    }
    nothing = 0;
    const gone = await send(passed < KILL_AFTER_MS ? "TERM" : "KILL", found, led());
    if (gone) return;
  }
}

/** Returns the processes of some groups and those with the mark, or undefined if the machine cannot list them. */
async function processes(
  led: readonly number[],
  folders: readonly string[],
): Promise<readonly number[] | undefined> {
  if (task.ps === undefined) return undefined;
  const marks = folders.map((folder) => ` ${task.mark}=${folder} `);
  const { success, stdout } = await new Deno.Command(task.ps, {
    // e: with the environment after the command line; ww: of any length.
    args: ["axeww", "-o", "pid=,pgid=,stat=,command="],
    stdin: "null",
    stderr: "null",
  }).output();
  if (!success) return undefined;
  return new TextDecoder().decode(stdout).split("\n").flatMap((line) => {
    // A zombie (Z) has ended already.
    const [, pid, group] = /^\s*(\d+)\s+(\d+)\s+[^Z\s]/.exec(line) ?? [];
    const ours = led.includes(Number(group)) || marks.some((mark) => `${line} `.includes(mark));
    return pid !== undefined && ours && Number(pid) !== Deno.pid ? [Number(pid)] : [];
  });
}

/**
 * Sends a signal to processes, or to whole groups if the processes are unknown. Returns true if there were
 * none.
 */
async function send(
  signal: "TERM" | "KILL",
  found: readonly number[] | undefined,
  led: readonly number[],
): Promise<boolean> {
  if (found?.length === 0) return true;
  if (task.kill !== undefined) {
    const to = found?.map(String) ?? led.map((group) => `-${group}`);
    if (to.length === 0) return true;
    const { success } = await new Deno.Command(task.kill, {
      args: [`-${signal}`, "--", ...to],
      stdin: "null",
      stdout: "null",
      stderr: "null",
    }).output();
    return !success && found === undefined;
  }
  let reached = false;
  for (const group of led) {
    try {
      Deno.kill(-group, `SIG${signal}`);
      reached = true;
    } catch {
      // It has exited.
    }
  }
  return !reached;
}

async function removeFolder(): Promise<void> {
  const until = performance.now() + 1_000;
  do {
    try {
      await Deno.remove(task.folder, { recursive: true });
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return;
    }
    await pause();
  } while (performance.now() < until);
}

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, LOOK_MS));
}
