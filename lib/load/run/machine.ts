import process from "node:process";

/** Linux counts the CPU time of a process in hundredths of a second. */
const TICKS_PER_SECOND = 100;

/** What the system reports about the machine; a part that can't be read is absent. */
export interface Machine {
  /** The most descriptors that a process may open. */
  readonly descriptors?: number | undefined;
  /** The ports that outgoing connections use. */
  readonly ports?: { readonly from: number; readonly to: number } | undefined;
  /** Bytes of memory that are available. */
  readonly memory?: number | undefined;
  readonly cpu?: string | undefined;
  readonly kernel?: string | undefined;
}

/**
 * Reads a file of /proc; undefined if there is no such file, or running `cat` is not granted. `cat` reads it, because
 * Deno lets only programs with all permissions read /proc.
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

/** Reads what the system reports about the machine. */
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
    descriptors: finite(descriptors),
    ports: from !== undefined && to !== undefined ? { from: Number(from), to: Number(to) } : undefined,
    memory: finite(kilobytes * 1024),
    cpu: model?.trim(),
    kernel: kernel?.trim(),
  };
}

function finite(value: number): number | undefined {
  return Number.isFinite(value) ? value : undefined;
}

/** The limits of a machine as texts for the reader of a result. */
export function limitsOf({ cpu, kernel, descriptors, ports, memory }: Machine): Record<string, string> {
  const limits: Record<string, string> = {};
  if (cpu !== undefined) limits["cpu"] = cpu;
  if (kernel !== undefined) limits["kernel"] = kernel;
  if (descriptors !== undefined) limits["descriptors"] = String(descriptors);
  if (ports) limits["ports"] = `${ports.from}-${ports.to}`;
  if (memory !== undefined) limits["memory"] = `${Math.round(memory / 1e6)} MB`;
  return limits;
}

/** The CPU time in seconds that this process has used, all threads together. */
export function ownCpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

/** The CPU time in seconds that another process has used; undefined if it can't be read. */
export async function cpuSecondsOf(pid: number): Promise<number | undefined> {
  const text = await procFile(`/proc/${pid}/stat`);
  // The name of the program may contain spaces and parentheses, so count fields after its last parenthesis.
  const fields = text?.slice(text.lastIndexOf(")") + 2).split(" ");
  const [user, system] = [Number(fields?.[11]), Number(fields?.[12])];
  return Number.isFinite(user + system) ? (user + system) / TICKS_PER_SECOND : undefined;
}
