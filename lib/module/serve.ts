import type { ModuleBehaviour } from "./behaviour.ts";
import { VirtualModule, type VirtualModuleOptions, waysOf } from "./virtual_module.ts";

/** Options of {@link serve}. */
export interface ServeOptions {
  /** The address map; this and the next members are those of {@link VirtualModuleOptions}. */
  readonly resolve?: ReadonlyMap<string, string> | undefined;
  readonly allowRemote?: boolean | undefined;
  readonly defects?: readonly string[] | undefined;
  readonly quirks?: readonly string[] | undefined;
  readonly behaviour?: Partial<ModuleBehaviour> | undefined;
  /** The loopback port to serve on instead of a pty; 0 for any free one. */
  readonly tcp?: number | undefined;
  /** Stops the service. */
  readonly signal: AbortSignal;
  /** Prints a line for the user. */
  readonly print: (line: string) => void;
}

/**
 * Serves a virtual module until the signal aborts: on a pty whose name it prints, or as raw serial over TCP,
 * where every connection gets a newly started module, one at a time. Throws a RangeError for an unknown
 * defect or quirk.
 */
export async function serve(options: ServeOptions): Promise<void> {
  const { resolve, allowRemote, defects, quirks, behaviour, tcp, signal, print } = options;
  const made: VirtualModuleOptions = { resolve, allowRemote, defects, quirks, behaviour };
  waysOf(made);
  for (const id of defects ?? []) print(`defect ${id}`);
  for (const id of quirks ?? []) print(`quirk ${id}`);
  for (const [from, to] of resolve ?? []) print(`${from} is ${to}`);
  if (tcp === undefined) {
    await using module = await VirtualModule.start(made);
    print(`module on ${module.path}`);
    await aborted(signal);
    return;
  }
  await serveTcp(tcp, made, signal, print);
}

async function serveTcp(
  port: number,
  made: VirtualModuleOptions,
  signal: AbortSignal,
  print: (line: string) => void,
): Promise<void> {
  using listener = Deno.listen({ hostname: "127.0.0.1", port });
  print(`module on tcp-serial://127.0.0.1:${listener.addr.port}`);
  const onAbort = () => listener.close();
  if (signal.aborted) return;
  signal.addEventListener("abort", onAbort);
  let busy: Promise<void> | undefined;
  try {
    for (;;) {
      const connection = await accepted(listener);
      if (!connection) return;
      if (busy) {
        connection.close();
        continue;
      }
      connection.setNoDelay(true);
      busy = attend(connection, made, signal).finally(() => {
        busy = undefined;
      });
    }
  } finally {
    signal.removeEventListener("abort", onAbort);
    await busy;
  }
}

async function accepted(listener: Deno.TcpListener): Promise<Deno.TcpConn | undefined> {
  try {
    return await listener.accept();
  } catch {
    return undefined;
  }
}

async function attend(
  transport: Deno.TcpConn,
  made: VirtualModuleOptions,
  signal: AbortSignal,
): Promise<void> {
  await using module = await VirtualModule.start({ ...made, transport });
  const over = new AbortController();
  await Promise.race([
    module.ended,
    aborted(AbortSignal.any([signal, over.signal])),
  ]);
  over.abort();
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
}
