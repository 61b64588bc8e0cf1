import { ellipsis } from "../ground/text.ts";
import type { Place } from "./place.ts";

/** The place of a node in its file. */
interface Located {
  readonly place: Place;
  /** The start and end in the file's text, in UTF-16 units. */
  readonly range: readonly [start: number, end: number];
}

/** A single value. */
export interface ScalarNode extends Located {
  readonly kind: "scalar";
  /** Typed by the core schema: `7` is a number, `"7"` and `yes` are strings. */
  readonly value: string | number | boolean | null;
  /** The text as written, with quotes and escapes resolved: `007`, `3.10`. */
  readonly source: string;
  /** Whether it is written without quotes. */
  readonly plain: boolean;
}

/** A list of nodes. */
export interface ListNode extends Located {
  readonly kind: "list";
  readonly items: readonly Node[];
}

/** One entry of a map; `key` is the key as written. */
export interface Entry {
  readonly key: string;
  readonly keyPlace: Place;
  readonly value: Node;
}

/** A map from keys to nodes, in file order. */
export interface MapNode extends Located {
  readonly kind: "map";
  readonly entries: readonly Entry[];
}

/** A node of a parsed file. */
export type Node = ScalarNode | ListNode | MapNode;

/** Returns the entry of a key, or undefined. */
export function entryOf(node: MapNode, key: string): Entry | undefined {
  return node.entries.find((entry) => entry.key === key);
}

/** Describes a node for a message: `"abc"`, `7`, `a list`, `a map`, `nothing`. */
export function describeNode(node: Node): string {
  if (node.kind !== "scalar") return `a ${node.kind}`;
  if (node.value === null) return "nothing";
  const shown = ellipsis(node.source, 60);
  return typeof node.value === "string" ? `"${shown}"` : shown;
}
