import { fileURLToPath } from "node:url";
import { readAccess } from "../../target/access.ts";
import { preflight, type PreflightOptions } from "../../target/preflight/preflight.ts";
import { StartedProcess } from "../../target/process.ts";
import { TargetError } from "../../target/target.ts";
import type { TargetFile } from "../../target/target_file.ts";
import { formatAddress, isBrokerAddress, parseAddress } from "../../transport/address.ts";
import type { BrokerPlace } from "../plan/plan.ts";

const LOOPBACK = "127.0.0.1";

/** A broker that a load has reached or started. Disposing it ends a started broker. */
export interface LoadBroker extends AsyncDisposable {
  readonly name: string;
  readonly place: BrokerPlace;
  readonly version?: string | undefined;
  /** The process that attest started for it; a restart replaces it. */
  readonly pid?: number | undefined;
  /** Ends what was started; absent if attest has not started the broker. */
  readonly stop?: (() => Promise<void>) | undefined;
}

/** Reaches or starts the broker of a target file. Throws {@link TargetError} or TransportError with a sentence. */
export async function loadBroker(
  file: TargetFile,
  signal: AbortSignal,
  options: PreflightOptions = {},
): Promise<LoadBroker> {
  const { name, start, protocols, withinMs } = file;
  if (file.tests !== "broker") {
    throw new TargetError(`The target "${name}" is a module; a load needs a broker`);
  }
  if (start?.kind === "reference-broker") {
    if (start.over !== undefined && start.over !== "mqtt") {
      throw new TargetError(
        `The reference broker accepts a load only over mqtt, and the target "${name}" says ${start.over}`,
      );
    }
    return await referenceBroker(name, start.defects);
  }
  if (start?.kind === "process") {
    const process = await StartedProcess.start(name, start, signal);
    try {
      const { placeholders, address, version, pid } = process;
      const access = await readAccess(file, (text) => placeholders.fill(text));
      await preflight({ address, protocols, withinMs, ...access }, signal, { ...options, started: true });
      return {
        name,
        place: { address, ...access },
        pid,
        version,
        ...ending(() => process[Symbol.asyncDispose]()),
      };
    } catch (error) {
      await process[Symbol.asyncDispose]();
      throw error;
    }
  }
  const address = file.address ? parseAddress(file.address.text) : undefined;
  if (!address || !isBrokerAddress(address)) {
    throw new TargetError(`The target "${name}" has no address of a broker`);
  }
  const access = await readAccess(file, (text) => text);
  await preflight({ address, protocols, withinMs, ...access }, signal, options);
  return { name, place: { address, ...access }, [Symbol.asyncDispose]: () => Promise.resolve() };
}

/** Ends a broker once, while the load runs or at its end. */
function ending(end: () => PromiseLike<void>): Required<Pick<LoadBroker, "stop">> & AsyncDisposable {
  let ended: Promise<void> | undefined;
  const stop = () => ended ??= Promise.resolve(end());
  return { stop, [Symbol.asyncDispose]: stop };
}

/** The address of a broker as text. */
export function placeText(place: BrokerPlace): string {
  return formatAddress(place.address);
}

async function referenceBroker(name: string, defects: readonly string[]): Promise<LoadBroker> {
  const script = fileURLToPath(new URL("./reference_process.ts", import.meta.url));
  let child: Deno.ChildProcess;
  try {
    child = new Deno.Command("deno", {
      args: [
        "run",
        "--quiet",
        "--no-prompt",
        "--cached-only",
        "--allow-net=127.0.0.1",
        "--ignore-env",
        script,
        ...defects,
      ],
      stdin: "piped",
      stdout: "piped",
      stderr: "inherit",
    }).spawn();
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable) {
      throw new TargetError(
        `The reference broker runs in a separate process, which is not granted: run with --allow-run=deno`,
      );
    }
    throw new TargetError(
      `The reference broker runs in a separate process, and there is no program "deno" on the path`,
    );
  }
  const reader = child.stdout.getReader();
  let said = "";
  while (!said.includes("\n")) {
    const { done, value } = await reader.read();
    if (done) break;
    said += new TextDecoder().decode(value);
  }
  const [, port, pid] = /"port":(\d+),"pid":(\d+)/.exec(said) ?? [];
  const end = async () => {
    await child.stdin.close().catch(() => {});
    await reader.cancel();
    await child.status;
  };
  if (port === undefined) {
    await end();
    throw new TargetError("The reference broker did not start in its process");
  }
  return {
    name,
    place: { address: { kind: "mqtt", host: LOOPBACK, port: Number(port) } },
    pid: Number(pid),
    ...ending(end),
  };
}
