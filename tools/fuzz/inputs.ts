import { concat } from "../../lib/ground/bytes.ts";
import { seededRandom } from "../../lib/ground/seeded_random.ts";
import { encode } from "../../lib/mqtt/encode.ts";
import type { ProtocolVersion } from "../../lib/mqtt/packet.ts";
import { bytesOf } from "../../lib/mqtt/testdata/fixture.ts";
import { FIXTURES } from "../../lib/mqtt/testdata/fixtures.ts";
import { VIOLATIONS } from "../../lib/mqtt/testdata/violations.ts";

/** Returns numbers from 0 to below `below`, the same ones for the same seed. */
export type Random = (below: number) => number;

/** Creates a small generator, good enough to select inputs. */
export function random(seed: number): Random {
  const next = seededRandom(seed);
  return (below) => Math.floor(next() * below);
}

/** The packets to mutate: every one that the tests know, right and wrong. */
const CORPUS: readonly Uint8Array[] = [
  ...FIXTURES.map(({ fields }) => bytesOf(fields)),
  ...VIOLATIONS.map(({ sent, version }) => sent instanceof Uint8Array ? sent : encode(sent, version).slice()),
];

const VERSIONS: readonly ProtocolVersion[] = ["3.1", "3.1.1", "5.0"];
/** Values at the boundaries of fields and of UTF-8. */
const EDGES = [0x00, 0x01, 0x02, 0x7f, 0x80, 0x81, 0xc0, 0xc2, 0xe0, 0xed, 0xf0, 0xf4, 0xfe, 0xff];

/** One input: bytes and the version in which they are read. */
export interface Input {
  readonly kind: "random" | "framed" | "mutated" | "spliced";
  readonly version: ProtocolVersion;
  readonly bytes: Uint8Array;
}

function pick<T>(from: readonly T[], next: Random, otherwise: T): T {
  return from[next(from.length)] ?? otherwise;
}

function randomBytes(size: number, next: Random): Uint8Array {
  return Uint8Array.from({ length: size }, () => next(4) === 0 ? pick(EDGES, next, 0) : next(256));
}

function corpusBytes(next: Random): Uint8Array {
  return pick(CORPUS, next, new Uint8Array(0));
}

function mutated(bytes: Uint8Array, next: Random): Uint8Array {
  let made: Uint8Array = bytes.slice();
  for (let times = 1 + next(4); times > 0; times--) {
    const at = next(made.length + 1);
    switch (next(6)) {
      case 0:
        if (at < made.length) made[at] = (made[at] ?? 0) ^ (1 << next(8));
        break;
      case 1:
        if (at < made.length) made[at] = pick(EDGES, next, 0);
        break;
      case 2:
        made = concat([made.subarray(0, at), randomBytes(1 + next(4), next), made.subarray(at)]);
        break;
      case 3:
        made = concat([made.subarray(0, at), made.subarray(Math.min(made.length, at + 1 + next(4)))]);
        break;
      case 4:
        made = made.slice(0, at);
        break;
      default:
        made = concat([made, made.subarray(at)]);
    }
  }
  return made;
}

/** Builds a first byte, a correct remaining length, and any body: the input that gets furthest in the decoder. */
function framed(next: Random): Uint8Array {
  const whole = next(2) === 0 ? corpusBytes(next).subarray(2) : randomBytes(next(80), next);
  const body = mutated(whole, next).subarray(0, 127);
  return concat([Uint8Array.of(next(256), body.length), body]);
}

/** Returns the next input. */
export function input(next: Random): Input {
  const version = pick(VERSIONS, next, "5.0");
  switch (next(8)) {
    case 0:
      return { kind: "random", version, bytes: randomBytes(next(200), next) };
    case 1:
    case 2:
    case 3:
      return { kind: "framed", version, bytes: framed(next) };
    case 4: {
      const cut = corpusBytes(next);
      const other = corpusBytes(next);
      const bytes = concat([cut.subarray(0, next(cut.length + 1)), other.subarray(next(other.length + 1))]);
      return { kind: "spliced", version, bytes };
    }
    default:
      return { kind: "mutated", version, bytes: mutated(corpusBytes(next), next) };
  }
}
