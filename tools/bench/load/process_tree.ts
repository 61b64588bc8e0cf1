/** What the operating system has counted for some processes and all their descendants. */
export interface TreeUsage {
  /**
   * Processor time in seconds, user and system, including children that have ended. In steps of 1/100 s per
   * process.
   */
  readonly cpuSeconds: number;
  /** Resident memory in bytes; shared pages count in each process. */
  readonly residentBytes: number;
  readonly processes: number;
}

/** The unit of times in /proc/PID/stat, which Linux fixes for user space. */
const TICKS_PER_SECOND = 100;
const PAGE = 4096;

interface Stat {
  readonly parent: number;
  readonly ticks: number;
  readonly pages: number;
}

/**
 * Parses a line of /proc/PID/stat. The program's name may contain blanks and parentheses, so fields count
 * from the last parenthesis.
 */
export function parseStat(line: string): Stat {
  const fields = line.slice(line.lastIndexOf(")") + 2).split(" ").map(Number);
  const field = (n: number) => fields[n - 3] ?? 0;
  return { parent: field(4), ticks: field(14) + field(15) + field(16) + field(17), pages: field(24) };
}

/**
 * Sums up the process trees below `roots`; a root that has ended counts nothing. A shell reads /proc, because
 * Deno allows that only with all permissions.
 */
export async function treeUsage(roots: readonly number[]): Promise<TreeUsage> {
  const { stdout } = await new Deno.Command("sh", {
    args: ["-c", "cat /proc/[0-9]*/stat 2>/dev/null"],
    stderr: "null",
  }).output();
  const stats = new Map<number, Stat>();
  for (const line of new TextDecoder().decode(stdout).split("\n")) {
    const pid = parseInt(line);
    if (pid > 0) stats.set(pid, parseStat(line));
  }
  const wanted = new Set(roots);
  const belongs = (pid: number): boolean => {
    for (let at = pid, depth = 0; at > 1 && depth < 64; depth++) {
      if (wanted.has(at)) return true;
      at = stats.get(at)?.parent ?? 0;
    }
    return false;
  };
  let ticks = 0;
  let pages = 0;
  let processes = 0;
  for (const [pid, stat] of stats) {
    if (!belongs(pid)) continue;
    ticks += stat.ticks;
    pages += stat.pages;
    processes++;
  }
  return { cpuSeconds: ticks / TICKS_PER_SECOND, residentBytes: pages * PAGE, processes };
}
