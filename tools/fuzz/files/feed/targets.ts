import { dialectsOf } from "../../../../lib/catalog/dialects.ts";
import { readKnown } from "../../../../lib/catalog/expectations.ts";
import { findTarget } from "../../../../lib/catalog/targets.ts";
import { Mask } from "../../../../lib/cli/record/mask.ts";
import { plan } from "../../../../lib/conform/plan.ts";
import { pause } from "../../../../lib/ground/wait.ts";
import type { ModuleBehaviour } from "../../../../lib/module/behaviour.ts";
import { behaviourOf } from "../../../../lib/module/variants.ts";
import { VirtualModule } from "../../../../lib/module/virtual_module.ts";
import { readAccess } from "../../../../lib/target/access.ts";
import type { Probed } from "../../../../lib/target/probe/probe.ts";
import { targetText } from "../../../../lib/target/probe/target_text.ts";
import { loadTarget, type TargetFile } from "../../../../lib/target/target_file.ts";
import { targetStarted } from "../../../../lib/target/target_started.ts";
import { formatAddress, parseAddress } from "../../../../lib/transport/address.ts";
import type { Transport } from "../../../../lib/transport/transport.ts";
import { readShipped } from "./suites.ts";

/** The programs in shipped target files; none of them is started here. */
const ALLOWED = [
  "java",
  "erl",
  "epmd",
  "deno",
  "{deno}",
  "mosquitto",
  "/usr/lib/rabbitmq/bin/rabbitmq-server",
];

/** Reads a target as `conform` and `probe` do, and builds whatever needs neither a program nor the network. */
export async function feedTarget(path: string): Promise<void> {
  const named = await findTarget(path, ALLOWED);
  const { file } = named;
  const { suites } = await readShipped();
  const dialects = await dialectsOf([named]);
  await readKnown([named], {}, () => true);
  plan(file, {
    suites: suites.filter(({ name }) => /\/(ping|sizes|open|will)$/.test(name)),
    selection: {},
    dialects,
  });
  for (const place of [file.address, file.websocket]) if (place) formatAddress(parseAddress(place.text));
  targetStarted({ ...file, kind: file.tests, address: file.address?.text ?? "" });
  const mask = new Mask("");
  mask.addTargets([named], undefined);
  if (file.tests === "broker") rewritten(await Deno.readTextFile(path), file);
  if (file.start?.kind === "virtual-module") await startedModule(file);
  if (file.start?.kind !== "process") await readAccess(file, (text) => text);
}

/** The result of a probe of a broker that answers nothing. */
const NOTHING_FOUND: Probed = {
  protocols: [{ protocol: "3.1.1", findings: [] }],
  versions: [],
  remarks: [],
  tookMs: 1,
  wholeMs: 1,
};

function rewritten(text: string, { name, expectations }: TargetFile): void {
  const made = targetText(NOTHING_FOUND, { name, of: { file: text, expectations }, date: "2026-01-01" });
  const [problem] = loadTarget(made, "made.yaml").problems;
  if (problem) throw new Error(`A probe writes an invalid target file: ${problem.message}\n${made}`);
}

/** Starts a virtual module on a line that sends nothing, and stops it. */
async function startedModule({ start, folder }: TargetFile): Promise<void> {
  if (start?.kind !== "virtual-module") return;
  const { defects, quirks, variant, roundTripMs } = start;
  const changed: Partial<ModuleBehaviour> = start.behaviour;
  const behaviour = behaviourOf(variant, {
    ...changed,
    ...(roundTripMs === undefined ? {} : { roundTripMs }),
  });
  const line = new SilentLine("AT\rATI\rAT+CGSN\r");
  await using module = await VirtualModule.start({ transport: line, defects, quirks, behaviour });
  // By then the module has read its commands; its responses do not matter here.
  await pause(0);
  if (module.path === folder) throw new Error("A module on its own line has no path");
}

/** A serial line that sends some commands. */
class SilentLine implements Transport {
  readonly #ended = Promise.withResolvers<null>();
  #typed: Uint8Array;

  constructor(typed: string) {
    this.#typed = new TextEncoder().encode(typed);
  }

  read(into: Uint8Array): Promise<number | null> {
    const count = Math.min(into.length, this.#typed.length);
    if (count === 0) return this.#ended.promise;
    into.set(this.#typed.subarray(0, count));
    this.#typed = this.#typed.subarray(count);
    return Promise.resolve(count);
  }

  write(bytes: Uint8Array): Promise<number> {
    return Promise.resolve(bytes.length);
  }

  close(): void {
    this.#ended.resolve(null);
  }

  [Symbol.dispose](): void {
    this.close();
  }
}
