import { type ClientEvent, EVENTS, eventShape, HELLO, type Hello, REPLIES, type Reply } from "./protocol.ts";
import { isObject, shown } from "./shape.ts";

/** What a line of an adapter says, or what is wrong with it as the end of a sentence about the adapter. */
export type Message =
  | { readonly kind: "hello"; readonly hello: Hello }
  | { readonly kind: "reply"; readonly reply: Reply }
  | { readonly kind: "event"; readonly event: ClientEvent }
  | { readonly kind: "wrong"; readonly problem: string };

/** Reads one line of an adapter; `greeted` says whether its hello has come. */
export function readMessage(line: string, greeted: boolean): Message {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return wrong("has written a line that is not JSON");
  }
  if (!isObject(value)) return wrong(`has written ${shown(value)} where an object is expected`);
  if (!greeted) {
    const problem = HELLO.problem(value, "its hello");
    // The check above has seen all fields.
    return problem === undefined
      ? { kind: "hello", hello: value as unknown as Hello }
      : wrong(broken(problem));
  }
  if (Object.hasOwn(value, "on")) {
    const shape = typeof value.on === "string" ? eventShape(value.on) : undefined;
    if (!shape) {
      return wrong(`has told of ${shown(value.on)}, which is none of ${Object.keys(EVENTS).join(", ")}`);
    }
    const problem = shape.problem(value, `its event ${shown(value.on)}`);
    return problem === undefined
      ? { kind: "event", event: value as unknown as ClientEvent }
      : wrong(broken(problem));
  }
  const kind = Object.keys(REPLIES).find((name) => Object.hasOwn(value, name));
  const shape = kind === undefined ? undefined : REPLIES[kind];
  if (!shape) return wrong("has written neither a reply nor an event");
  const problem = value.ok === false
    ? '"ok" of its reply is false, expected true, or "refused" or "unsupported" instead'
    : shape.problem(value, "its reply");
  return problem === undefined ? { kind: "reply", reply: value as unknown as Reply } : wrong(broken(problem));
}

function wrong(problem: string): Message {
  return { kind: "wrong", problem };
}

function broken(problem: string): string {
  return `has broken the adapter protocol: ${problem}`;
}
