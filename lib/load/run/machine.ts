import process from "node:process";

/** Hundredths of a second: the unit in which Linux tells the CPU time of a process. */
const TICKS_PER_SECOND = 100;

/** What the system says of itself, as far as it can be read here. */
export interface Machine {
  /** Descriptors that a process may have open. */
  readonly descriptors?: number;
  readonly ports?: { readonly from: number; readonly to: number };
  /** Bytes that could be taken. */
  readonly memory?: number;
  readonly cpu?: string;
  readonly kernel?: string;
}

/**
 * The text of a file of /proc. Deno lets only programs with all permissions read it, so `cat` does; undefined where that
 * is not granted, or there is no such file.
 */
async function procFile(path: string): Promise<string | undefined> {
  try {
    const { code, stdout } = await new Deno.Command("cat", {
      args: [path],
      stdin: "null",
      stdout: "piped",
      stderr: "null",
    }).output();
    return code === 0 ? new TextDecoder().decode(stdout) : undefined;
  } catch {
    return undefined;
  }
}

/** Reads what the system says of itself. */
export async function readMachine(): Promise<Machine> {
  const [limits, ports, memory, cpu, kernel] = await Promise.all([
    procFile("/proc/self/limits"),
    procFile("/proc/sys/net/ipv4/ip_local_port_range"),
    procFile("/proc/meminfo"),
    procFile("/proc/cpuinfo"),
    procFile("/proc/sys/kernel/osrelease"),
  ]);
  const descriptors = Number(/^Max open files\s+(\d+)/m.exec(limits ?? "")?.[1]);
  const [, from, to] = /(\d+)\s+(\d+)/.exec(ports ?? "") ?? [];
  const kilobytes = Number(/^MemAvailable:\s+(\d+)/m.exec(memory ?? "")?.[1]);
  const model = /^model name\s*:\s*(.+)$/m.exec(cpu ?? "")?.[1];
  return {
    ...(Number.isFinite(descriptors) ? { descriptors } : {}),
    ...(from !== undefined && to !== undefined ? { ports: { from: Number(from), to: Number(to) } } : {}),
    ...(Number.isFinite(kilobytes) ? { memory: kilobytes * 1024 } : {}),
    ...(model === undefined ? {} : { cpu: model.trim() }),
    ...(kernel === undefined ? {} : { kernel: kernel.trim() }),
  };
}

/** Seconds of CPU that this process has used, all threads together. */
export function ownCpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

/** Seconds of CPU that another process has used; undefined where that can't be known. */
export async function cpuSecondsOf(pid: number): Promise<number | undefined> {
  const text = await procFile(`/proc/${pid}/stat`);
  // The name may hold blanks and brackets, so the fields are counted behind its last bracket.
  const fields = text?.slice(text.lastIndexOf(")") + 2).split(" ");
  const [user, system] = [Number(fields?.[11]), Number(fields?.[12])];
  return Number.isFinite(user + system) ? (user + system) / TICKS_PER_SECOND : undefined;
}
