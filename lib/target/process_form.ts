import { duration, flag, type Form, located, text } from "../spec/form.ts";
import { list, mapForm, mapOf, type Named, object } from "../spec/form_parts.ts";
import type { Place } from "../spec/place.ts";
import { FILE_NAME } from "./mosquitto/settings.ts";

/** A program and where a target file names it. */
export interface NamedProgram {
  readonly program: string;
  readonly place: Place;
}

/** A program of this machine, on free loopback ports. The texts have placeholders; see `placeholders.ts`. */
export interface ProcessStart {
  readonly kind: "process";
  /** The programs that a target file names, which only the user can allow; absent where attest itself chose them. */
  readonly named?: readonly NamedProgram[] | undefined;
  /** The words of the command line. */
  readonly command: readonly string[];
  /** The text of its configuration. */
  readonly config?: string | undefined;
  /** More files in its folder, by their names. */
  readonly files?: Readonly<Record<string, string>> | undefined;
  readonly env?: Readonly<Record<string, string>> | undefined;
  /** The command lines of programs that it needs beside it, started before it. */
  readonly beside?: readonly (readonly string[])[] | undefined;
  /** Whether certificates are made into its folder. */
  readonly certificates?: boolean | undefined;
  /** A command whose output tells the version. */
  readonly version?: readonly string[] | undefined;
  /** Where it listens; default `mqtt://127.0.0.1:{port}`. */
  readonly at?: string | undefined;
  /** Where it listens for WebSocket besides. */
  readonly websocket?: string | undefined;
  /** How long it may take to listen, and to end; ms. */
  readonly startMs?: number | undefined;
  readonly stopMs?: number | undefined;
}

/** A command line, whose first word is known with its place. */
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

const VARIABLE = /^[A-Za-z_][A-Za-z0-9_]*$/;
const contents = () => text({ longest: 100_000 });

/** `process:` of a start. */
export const PROCESS: Form<ProcessStart> = object("a program to start", (keys): ProcessStart | undefined => {
  const line = keys.required(
    "command",
    command(),
    "its command line, word by word; {port}, {config}, {folder} and the like are filled in",
  );
  const config = keys.optional("config", contents(), "the text of its configuration, filled in likewise");
  const files = keys.optional(
    "files",
    mapOf({ what: "the name of a file", pattern: FILE_NAME }, contents()),
    "more files in its folder, filled in likewise",
  );
  const env = keys.optional(
    "env",
    mapOf({ what: "the name of a variable", pattern: VARIABLE }, text({ longest: 10_000, empty: true })),
    "variables of its environment, filled in likewise",
  );
  const beside = keys.optional(
    "beside",
    list(command(), { most: 10 }),
    "command lines of programs that it needs, started before it and ended after it",
  );
  const certificates = keys.optional(
    "certificates",
    flag(),
    "whether ca.pem, server.pem, server.key, client.pem and client.key are made into its folder",
  );
  const version = keys.optional(
    "version",
    command(),
    "a command whose first line of output tells the version",
  );
  const at = keys.optional(
    "at",
    text({ what: "an address", longest: 1_000 }),
    "where it listens; default mqtt://127.0.0.1:{port}",
  );
  const websocket = keys.optional(
    "websocket",
    text({ what: "an address", longest: 1_000 }),
    "where it listens for WebSocket besides: ws://127.0.0.1:{port.ws}/mqtt",
  );
  const startMs = keys.optional("start", duration(), "how long it may take to listen; default 8s");
  const stopMs = keys.optional(
    "stop",
    duration(),
    "how long it may take to end before it is killed; default 3s",
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
      startMs,
      stopMs,
    };
});

function byName<T>(entries: readonly Named<T>[]): Readonly<Record<string, T>> {
  return Object.fromEntries(entries.map(({ name, value }) => [name, value]));
}
