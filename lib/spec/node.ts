import { ellipsis } from "../ground/text.ts";
import type { Place } from "./place.ts";

/** The place of a node in its file. */
interface Located {
  readonly place: Place;
  /** Where it begins and ends in the file's text, in UTF-16 units. */
  readonly range: readonly [start: number, end: number];
}

/** A single value. */
export interface ScalarNode extends Located {
  readonly kind: "scalar";
  /** By the core schema: `7` is a number, `"7"` a string, `yes` a string. */
  readonly value: string | number | boolean | null;
  /** As written, quotes and escapes resolved: `007`, `3.10`. */
  readonly source: string;
  /** Written without quotes. */
  readonly plain: boolean;
}

/** A list of nodes. */
export interface ListNode extends Located {
  readonly kind: "list";
  readonly items: readonly Node[];
}

/** One key of a map; `key` is the key as written. */
export interface Entry {
  readonly key: string;
  readonly keyPlace: Place;
  readonly value: Node;
}

/** A map from keys to nodes, in the order of the file. */
export interface MapNode extends Located {
  readonly kind: "map";
  readonly entries: readonly Entry[];
}

/** A part of a read file. */
export type Node = ScalarNode | ListNode | MapNode;

/** The value of a key, or undefined. */
export function entryOf(node: MapNode, key: string): Entry | undefined {
  return node.entries.find((entry) => entry.key === key);
}

/** What a node is, for a message: `"abc"`, `7`, `a list`, `a map`, `nothing`. */
export function describeNode(node: Node): string {
  if (node.kind !== "scalar") return `a ${node.kind}`;
  if (node.value === null) return "nothing";
  const shown = ellipsis(node.source, 60);
  return typeof node.value === "string" ? `"${shown}"` : shown;
}
