/**
 * Feeds the decoder random and mutated input in pieces of any size. A finding is an exception, an
 * inconsistent frame, a decoder that does not terminate, or one that holds more than its limit; each is
 * printed with its bytes, and the run exits with 1. The same seed produces the same inputs.
 */
import { parseArgs } from "node:util";
import { Decoder } from "../../lib/mqtt/decode.ts";
import { describe, describeFully } from "../../lib/mqtt/describe.ts";
import type { Frame } from "../../lib/mqtt/frame.ts";
import { type Input, input, type Random, random } from "./inputs.ts";

const LIMIT = 256;
/** What a decoder may hold in addition to its limit: the buffer that it allocates ahead, and one push. */
const ROOM = 8 * 1024;
/** How many bytes the heap may grow over the whole run. */
const HEAP_GROWTH = 64 * 1024 * 1024;
const FINDINGS_SHOWN = 10;

const USAGE = "Usage: deno task fuzz [decoder] [--count 1000000] [--seed N]";

interface Tally {
  packet: number;
  malformed: number;
  oversized: number;
  broken: number;
  violations: number;
  pieces: number;
  bytes: number;
  mostBuffered: number;
  mostCapacity: number;
  longestMs: number;
}

function numberOf(text: string | undefined, fallback: number, name: string): number {
  const value = text === undefined ? fallback : Number(text);
  if (Number.isInteger(value) && value >= 0 && value <= 0xffff_ffff) return value;
  console.error(
    `error: expected --${name} as a whole number from 0 to 4294967295, found "${text}"\n${USAGE}`,
  );
  Deno.exit(2);
}

function options(args: readonly string[]): { count: number; seed: number } {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: { count: { type: "string" }, seed: { type: "string" } },
    });
    return {
      count: numberOf(values.count, 1_000_000, "count"),
      seed: numberOf(values.seed, Math.floor(Math.random() * 0x1_0000_0000), "seed"),
    };
  } catch (error) {
    console.error(`error: ${error instanceof Error ? error.message : error}\n${USAGE}`);
    Deno.exit(2);
  }
}

/** Returns what is wrong with a frame, if anything. */
function problem(frame: Frame): string | undefined {
  if (frame.kind !== "packet" && frame.violations.length === 0) {
    return `A ${frame.kind} frame has no violation`;
  }
  if (frame.violations.length > 100) return `A frame has ${frame.violations.length} violations`;
  if (frame.raw.length > LIMIT) return `A frame has ${frame.raw.length} bytes, over the limit of ${LIMIT}`;
  for (const { offset, message } of frame.violations) {
    if (offset < 0 || offset > frame.raw.length) {
      return `A violation has the offset ${offset}, outside of its packet`;
    }
    if (message === "") return "A violation has no message";
  }
  // Whatever can be decoded can be shown.
  if (frame.kind === "packet" && (describe(frame.packet) === "" || describeFully(frame.packet) === "")) {
    return "A packet has no description";
  }
  return undefined;
}

/** Feeds one input to a decoder in pieces. Returns what is wrong with the result, if anything. */
function feed(decoder: Decoder, { bytes }: Input, next: Random, tally: Tally): string | undefined {
  const most = 1 + next(next(2) === 0 ? 4 : 300);
  let given: { raw: Uint8Array; copy: Uint8Array } | undefined;
  for (let at = 0; at < bytes.length;) {
    const size = Math.min(bytes.length - at, 1 + next(most));
    const piece = bytes.slice(at, at + size);
    decoder.push(piece);
    // A reader reuses its buffer, which must not change returned frames.
    piece.fill(0xaa);
    at += size;
    tally.pieces++;
    const frames = decoder.buffered + 1;
    for (let n = 0;; n++) {
      const frame = decoder.next();
      if (!frame) break;
      tally[frame.kind]++;
      tally.violations += frame.violations.length;
      const found = problem(frame);
      if (found) return found;
      given = { raw: frame.raw, copy: frame.raw.slice() };
      if (n > frames) return "The decoder returns frames without end";
    }
    tally.mostBuffered = Math.max(tally.mostBuffered, decoder.buffered);
    tally.mostCapacity = Math.max(tally.mostCapacity, decoder.capacity);
    if (decoder.buffered >= LIMIT) {
      return `The decoder holds ${decoder.buffered} bytes; the limit is ${LIMIT}`;
    }
    if (decoder.capacity > LIMIT + ROOM) return `The decoder uses ${decoder.capacity} bytes of memory`;
  }
  tally.bytes += bytes.length;
  const { raw, copy } = given ?? { raw: bytes, copy: bytes };
  return raw.every((byte, n) => byte === copy[n]) ? undefined : "A frame changed after it was returned";
}

function attempt(decoder: Decoder, given: Input, next: Random, tally: Tally): string | undefined {
  const begin = performance.now();
  try {
    return feed(decoder, given, next, tally);
  } catch (error) {
    return error instanceof Error ? error.stack ?? error.message : String(error);
  } finally {
    tally.longestMs = Math.max(tally.longestMs, performance.now() - begin);
  }
}

function hex(bytes: Uint8Array): string {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join(" ");
}

/** Feeds the decoder as many inputs as `args` say, prints the results, and returns the exit status. */
export function fuzzDecoder(args: readonly string[]): number {
  const { count, seed } = options(args);
  console.log(`seed ${seed}, ${count.toLocaleString("en")} inputs, limit ${LIMIT} bytes`);
  const next = random(seed);
  const tally: Tally = {
    packet: 0,
    malformed: 0,
    oversized: 0,
    broken: 0,
    violations: 0,
    pieces: 0,
    bytes: 0,
    mostBuffered: 0,
    mostCapacity: 0,
    longestMs: 0,
  };
  const heapBefore = Deno.memoryUsage().heapUsed;
  let mostHeap = heapBefore;
  let findings = 0;
  let decoder = new Decoder({ version: "5.0", maximumPacketSize: LIMIT });
  const begin = performance.now();
  for (let n = 0; n < count; n++) {
    const given = input(next);
    // Some inputs continue the stream of the previous one; a new connection tests an input on its own.
    if (next(3) > 0) decoder = new Decoder({ version: given.version, maximumPacketSize: LIMIT });
    const found = attempt(decoder, given, next, tally);
    if (found) {
      findings++;
      if (findings <= FINDINGS_SHOWN) {
        console.error(`\ninput ${n} (${given.kind}, ${given.version}): ${found}\n${hex(given.bytes)}`);
      }
      decoder = new Decoder({ version: given.version, maximumPacketSize: LIMIT });
    }
    if (n % 1024 === 0) mostHeap = Math.max(mostHeap, Deno.memoryUsage().heapUsed);
  }
  const seconds = (performance.now() - begin) / 1000;
  const growth = mostHeap - heapBefore;
  if (growth > HEAP_GROWTH) {
    findings++;
    console.error(`The heap grew by ${growth} bytes; the limit is ${HEAP_GROWTH}`);
  }
  const show = (value: number) => Math.round(value).toLocaleString("en");
  console.log(
    `${show(tally.bytes)} bytes in ${show(tally.pieces)} pieces, ${seconds.toFixed(1)} s, ${
      show(count / seconds)
    } inputs/s`,
  );
  console.log(
    `frames: ${show(tally.packet)} packets, ${show(tally.malformed)} malformed, ${
      show(tally.broken)
    } broken streams`,
  );
  console.log(`violations: ${show(tally.violations)}`);
  console.log(
    `most held: ${tally.mostBuffered} bytes, in ${tally.mostCapacity} bytes of memory; heap grew by at most ${
      show(growth)
    } bytes`,
  );
  console.log(`longest input: ${tally.longestMs.toFixed(1)} ms`);
  console.log(findings === 0 ? "no finding" : `${findings} findings`);
  return findings === 0 ? 0 : 1;
}
