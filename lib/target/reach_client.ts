import type { ScriptedOver } from "../broker/scripted.ts";
import { Adapter, AdapterError } from "../client/adapter.ts";
import { TRANSPORT_OF } from "../client/protocol.ts";
import { virtualAdapter } from "../client/virtual/adapter.ts";
import { makeCertificates } from "../transport/certificates.ts";
import type { ClientChanges } from "../client/virtual/changes.ts";
import { claimedInTime } from "./claims.ts";
import { Placeholders } from "./placeholders.ts";
import { Program } from "./program.ts";
import type { ProcessStart } from "./process_form.ts";
import { type ClientRoute, type ClientTarget, type RunningAdapter, TargetError } from "./target.ts";
import type { TargetFile } from "./target_file.ts";
import { OwnFolder } from "./watch/own_folder.ts";
import { Watch } from "./watch/watch.ts";

/** Default times of an adapter, in milliseconds: until its hello, and until it has ended once it was told to. */
const START_MS = 20_000;
const STOP_MS = 2_000;

/**
 * Starts the adapter of a client library. The first process is started now, so that a missing library is reported
 * before the first case, and its version is known. Throws {@link TargetError}.
 */
export async function reachedClient(
  file: TargetFile,
  start: ProcessStart,
  signal: AbortSignal,
): Promise<ClientTarget> {
  await using owned = new AsyncDisposableStack();
  const folder = owned.use(await OwnFolder.make());
  const watch = owned.use(await Watch.start(file.name, folder));
  const placeholders = new Placeholders(folder.path);
  for (const [name, text] of Object.entries(start.files ?? {})) {
    await Deno.writeTextFile(`${folder.path}/${name}`, placeholders.fill(text));
  }
  const command = start.command.map((word) => placeholders.fill(word));
  const env = placeholders.fillAll(start.env ?? {});
  const open = (signal: AbortSignal) => startAdapter(file.name, start, { command, env, watch, signal });
  let first: RunningAdapter | undefined = await open(signal);
  owned.defer(async () => await first?.[Symbol.asyncDispose]());
  const route = await clientRoute(start.over ?? "mqtt", folder.path);
  const { hello, version, protocols, transports } = first.adapter.hello;
  const { transport } = TRANSPORT_OF[route.over.kind];
  if (!transports.includes(transport)) {
    throw new TargetError(
      `The library of the target "${file.name}" is to connect over ${route.over.kind}, and its adapter says that it ` +
        `connects by ${transports.join(", ")}; change over: of its file`,
    );
  }
  for (const spoken of file.protocols) {
    if (protocols.includes(spoken)) continue;
    throw new TargetError(
      `The target "${file.name}" claims to speak MQTT ${spoken}, and its adapter says that it speaks ${
        protocols.join(", ")
      }; change protocols: of its file`,
    );
  }
  const rest = owned.move();
  return {
    ...claimedInTime(file, `${hello} ${version}, by ${start.command.join(" ")}`, 2_000, 30_000),
    kind: "client",
    route,
    version: `${hello} ${version}`,
    openAdapter(signal) {
      const running = first;
      first = undefined;
      return running ? Promise.resolve(running) : open(signal);
    },
    [Symbol.asyncDispose]: () => rest.disposeAsync(),
  };
}

/** The virtual client with these defects and quirks, in this process. */
export function virtualClient(file: TargetFile, changes: ClientChanges): Promise<ClientTarget> {
  return Promise.resolve({
    ...claimedInTime(file, "this process", 2_000, 30_000),
    kind: "client",
    route: { over: { kind: "mqtt" } },
    async openAdapter(): Promise<RunningAdapter> {
      const adapter = await Adapter.begin(virtualAdapter(file.name, changes));
      return { adapter, [Symbol.asyncDispose]: () => adapter.end() };
    },
    [Symbol.asyncDispose]: () => Promise.resolve(),
  });
}

/** Makes what the way needs: certificates, and a file with that of their authority. */
async function clientRoute(kind: ScriptedOver["kind"], folder: string): Promise<ClientRoute> {
  if (!TRANSPORT_OF[kind].secure) return { over: { kind } };
  const { ca, server } = await makeCertificates();
  const path = `${folder}/ca.pem`;
  await Deno.writeTextFile(path, ca);
  return { over: { kind, tls: server }, ca: path };
}

async function startAdapter(
  target: string,
  start: ProcessStart,
  how: {
    readonly command: readonly string[];
    readonly env: Readonly<Record<string, string>>;
    readonly watch: Watch;
    readonly signal: AbortSignal;
  },
): Promise<RunningAdapter> {
  const program = new Program(target, { ...how, stopMs: start.stopMs ?? STOP_MS, talks: true });
  try {
    const adapter = await Adapter.begin({
      name: target,
      ...program.talk,
      ending: () => program.ending,
      lastWords: () => program.lastWords,
    }, { helloMs: start.startMs ?? START_MS });
    return {
      adapter,
      async [Symbol.asyncDispose]() {
        await adapter.end();
        await program[Symbol.asyncDispose]();
      },
    };
  } catch (error) {
    await program.talk.stdin.abort().catch(() => {});
    await program[Symbol.asyncDispose]();
    if (!(error instanceof AdapterError)) throw error;
    throw new TargetError(`The target "${target}" did not start: ${error.message}`, { cause: error });
  }
}
