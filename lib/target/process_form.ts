import { duration, flag, type Form, located, text, word } from "../spec/form.ts";
import { list, mapForm, mapOf, type Named, object } from "../spec/form_parts.ts";
import type { Place } from "../spec/place.ts";
import type { ScriptedOver } from "../broker/scripted.ts";
import { FILE_NAME } from "./mosquitto/settings.ts";

/** A program and its place in a target file. */
export interface NamedProgram {
  readonly program: string;
  readonly place: Place;
}

/** A program of this machine, on free loopback ports. The texts have placeholders; see `placeholders.ts`. */
export interface ProcessStart {
  readonly kind: "process";
  /** The programs in a target file, which only the user can allow; absent if attest itself chose them. */
  readonly named?: readonly NamedProgram[] | undefined;
  /** The words of the command line. */
  readonly command: readonly string[];
  /** The text of its configuration. */
  readonly config?: string | undefined;
  /** Additional files in its folder, by name. */
  readonly files?: Readonly<Record<string, string>> | undefined;
  readonly env?: Readonly<Record<string, string>> | undefined;
  /** The command lines of programs that it needs, which start before it. */
  readonly beside?: readonly (readonly string[])[] | undefined;
  /** Whether to create certificates in its folder. */
  readonly certificates?: boolean | undefined;
  /** A command whose output contains the version. */
  readonly version?: readonly string[] | undefined;
  /** Where it listens; default `mqtt://127.0.0.1:{port}`. */
  readonly at?: string | undefined;
  /** Where it also listens for WebSocket. */
  readonly websocket?: string | undefined;
  /** How a client library connects; default `mqtt`. */
  readonly over?: ScriptedOver["kind"] | undefined;
  /** The timeouts for listening and for exiting, in ms. */
  readonly startMs?: number | undefined;
  readonly stopMs?: number | undefined;
}

/** A command line; the place of its first word is known. */
interface Line {
  readonly words: readonly string[];
  readonly program?: NamedProgram | undefined;
}

const command = (): Form<Line> =>
  mapForm(
    list(located(text({ what: "a word of a command line", longest: 1_000 })), {
      least: 1,
      most: 100,
      what: "a command as a list of words",
    }),
    (words) => {
      const [first] = words;
      return {
        words: words.map(({ value }) => value),
        program: first && { program: first.value, place: first.place },
      };
    },
  );

/** How a client library can connect. */
const CLIENT_TRANSPORTS = ["mqtt", "mqtts", "ws", "wss"] as const;

const VARIABLE = /^[A-Za-z_][A-Za-z0-9_]*$/;
const contents = () => text({ longest: 100_000 });

/** `process:` of a start. */
export const PROCESS: Form<ProcessStart> = object("a program to start", (keys): ProcessStart | undefined => {
  const line = keys.required(
    "command",
    command(),
    "its command line, word by word; {port}, {config}, {folder} and other placeholders are replaced",
  );
  const config = keys.optional("config", contents(), "the text of its configuration, with placeholders");
  const files = keys.optional(
    "files",
    mapOf({ what: "the name of a file", pattern: FILE_NAME }, contents()),
    "additional files in its folder, with placeholders",
  );
  const env = keys.optional(
    "env",
    mapOf({ what: "the name of a variable", pattern: VARIABLE }, text({ longest: 10_000, empty: true })),
    "its environment variables, with placeholders",
  );
  const beside = keys.optional(
    "beside",
    list(command(), { most: 10 }),
    "command lines of programs that it needs, which start before it and end after it",
  );
  const certificates = keys.optional(
    "certificates",
    flag(),
    "whether to create ca.pem, server.pem, server.key, client.pem and client.key in its folder",
  );
  const version = keys.optional(
    "version",
    command(),
    "a command whose first line of output is the version",
  );
  const at = keys.optional(
    "at",
    text({ what: "an address", longest: 1_000 }),
    "where it listens; default mqtt://127.0.0.1:{port}",
  );
  const websocket = keys.optional(
    "websocket",
    text({ what: "an address", longest: 1_000 }),
    "where it also listens for WebSocket: ws://127.0.0.1:{port.ws}/mqtt",
  );
  const over = keys.optional(
    "over",
    word(CLIENT_TRANSPORTS, "transport"),
    "how a client library connects to the broker that attest plays; default mqtt",
  );
  const startMs = keys.optional("start", duration(), "how long it may take to listen; default 8s");
  const stopMs = keys.optional(
    "stop",
    duration(),
    "how long it may take to exit before it is killed; default 3s",
  );
  return line &&
    {
      kind: "process" as const,
      command: line.words,
      named: [line, ...beside ?? [], ...version ? [version] : []].flatMap(({ program }) => program ?? []),
      config,
      files: files && byName(files),
      env: env && byName(env),
      beside: beside?.map(({ words }) => words),
      certificates,
      version: version?.words,
      at,
      websocket,
      over,
      startMs,
      stopMs,
    };
});

function byName<T>(entries: readonly Named<T>[]): Readonly<Record<string, T>> {
  return Object.fromEntries(entries.map(({ name, value }) => [name, value]));
}
