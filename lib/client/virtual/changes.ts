import { suggest } from "../../ground/nearest.ts";
import { recordedHooks } from "../../ground/recorded_hooks.ts";
import { CLIENT_DEFECTS } from "./defects.ts";
import { HONEST, type Hooks } from "./hooks.ts";
import { CLIENT_QUIRKS } from "./quirks.ts";

/** What a virtual client does otherwise than {@link HONEST}. */
export interface ClientChanges {
  readonly defects?: readonly string[] | undefined;
  readonly quirks?: readonly string[] | undefined;
  /** Called with each decision that is asked, as `endsFor` or `sent PUBLISH`. */
  readonly consulted?: ((point: string) => void) | undefined;
}

/**
 * The hooks of a client with these quirks and, applied to their result, these defects. Throws a RangeError with a sentence
 * for an id that does not exist.
 */
export function clientHooks({ defects = [], quirks = [], consulted }: ClientChanges): Hooks {
  const changes = [
    ...quirks.map((id) => found("quirk", id, CLIENT_QUIRKS)),
    ...defects.map((id) => found("defect", id, CLIENT_DEFECTS)),
  ];
  let hooks = HONEST;
  for (const { change } of changes) hooks = { ...hooks, ...change(hooks) };
  return consulted ? recordedHooks(hooks, consulted, subject) : hooks;
}

function found<T extends { readonly id: string }>(what: string, id: string, all: readonly T[]): T {
  const one = all.find((known) => known.id === id);
  if (one) return one;
  const hint = suggest(id, all.map((known) => known.id));
  throw new RangeError(`The virtual client has no ${what} "${id}"${hint ? `; ${hint}` : ""}`);
}

/** The packet or the event that a decision is about. */
function subject(given: unknown): string {
  if (typeof given !== "object" || given === null) return "";
  const named: unknown = "type" in given ? given.type : "on" in given ? given.on : "";
  return typeof named === "string" ? named : "";
}
