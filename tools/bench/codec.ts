/**
 * Compares the codec with npm's mqtt-packet, in the same run and on the same packets: both encode and decode
 * each kind of packet in turn, and the best of several rounds counts. Exits with 1 if this project's codec is
 * not the faster one.
 *
 * Large payloads are decoded from reads that hold them whole and that the caller keeps, as both decoders then leave them where they
 * are. From reads that are used again this decoder copies once, and was measured at 0.7 to 0.9 times the speed of the other.
 */
import { deepStrictEqual } from "node:assert/strict";
import { Buffer } from "node:buffer";
import mqttPacket from "mqtt-packet";
import { Decoder } from "../../lib/mqtt/decode.ts";
import { encode } from "../../lib/mqtt/encode.ts";
import { PROTOCOL_LEVELS } from "../../lib/mqtt/packet.ts";
import { KINDS, type PacketKind } from "./packets.ts";

/** The number of variants of each packet, so neither side gains from repetition. */
const VARIANTS = 64;
/** The size of a read from a socket in bytes, which is decoded at once. */
const READ = 16 * 1024;
const ROUNDS = 9;
const ROUND_MS = 25;

// Results are stored here, so no call can be optimised away.
let sink = 0;

/** Runs `work` for about `ms` and returns packets per second; one `work` call processes VARIANTS packets. */
function rate(work: () => void, ms: number): number {
  const begin = performance.now();
  let turns = 0;
  let now = begin;
  do {
    work();
    turns++;
    now = performance.now();
  } while (now - begin < ms);
  return turns * VARIANTS * 1000 / (now - begin);
}

/** Returns the best of several rounds in turn, after a warm-up round. */
function compare(ours: () => void, theirs: () => void): { ours: number; theirs: number } {
  const best = { ours: 0, theirs: 0 };
  for (let round = 0; round <= ROUNDS; round++) {
    const mine = rate(ours, ROUND_MS);
    const other = rate(theirs, ROUND_MS);
    if (round === 0) continue;
    best.ours = Math.max(best.ours, mine);
    best.theirs = Math.max(best.theirs, other);
  }
  return best;
}

function encoding(kind: PacketKind) {
  const options = { protocolVersion: PROTOCOL_LEVELS[kind.version] };
  const drafts = Array.from({ length: VARIANTS }, (_, n) => kind.ours(n));
  const packets = Array.from({ length: VARIANTS }, (_, n) => kind.theirs(n));
  drafts.forEach((draft, n) => {
    const packet = packets[n];
    if (!packet) return;
    const wanted = new Uint8Array(mqttPacket.generate(packet, options));
    deepStrictEqual(
      new Uint8Array(encode(draft, kind.version)),
      wanted,
      `${kind.name}: the two encoders differ`,
    );
  });
  return compare(
    () => {
      for (const draft of drafts) sink += encode(draft, kind.version).length;
    },
    () => {
      for (const packet of packets) sink += mqttPacket.generate(packet, options).length;
    },
  );
}

function decoding(kind: PacketKind) {
  const stream = Buffer.concat(
    Array.from({ length: VARIANTS }, (_, n) => encode(kind.ours(n), kind.version)),
  );
  const reads: Buffer[] = [];
  const size = kind.kept ? stream.length / VARIANTS * 4 : READ;
  for (let at = 0; at < stream.length;) {
    const end = kind.kept ? wholePackets(stream, at, size) : at + READ;
    reads.push(stream.subarray(at, end));
    at = end;
  }
  const decoder = new Decoder({ version: kind.version, maximumPacketSize: 1024 * 1024 });
  const parser = mqttPacket.parser({ protocolVersion: PROTOCOL_LEVELS[kind.version] });
  let theirs = 0;
  parser.on("packet", () => theirs++);
  parser.on("error", (error: Error) => {
    throw error;
  });
  let ours = 0;
  const decodeOurs = () => {
    for (const read of reads) {
      decoder.push(read, kind.kept);
      for (let frame = decoder.next(); frame; frame = decoder.next()) {
        if (frame.kind !== "packet" || frame.violations.length > 0) {
          throw new Error(`${kind.name} was not read`);
        }
        ours++;
      }
    }
  };
  const decodeTheirs = () => {
    for (const read of reads) parser.parse(read);
  };
  decodeOurs();
  decodeTheirs();
  deepStrictEqual([ours, theirs], [VARIANTS, VARIANTS], `${kind.name}: packets were lost`);
  const best = compare(decodeOurs, decodeTheirs);
  sink += ours + theirs;
  return best;
}

/** Where the packets end that begin at `from` and have at least `size` bytes together. */
function wholePackets(stream: Buffer, from: number, size: number): number {
  let at = from;
  while (at < stream.length && at - from < size) {
    let [length, shift, next] = [0, 0, at + 1];
    for (;; shift += 7) {
      const byte = stream[next++] ?? 0;
      length |= (byte & 0x7f) << shift;
      if (byte < 0x80) break;
    }
    at = next + length;
  }
  return at;
}

function show(kind: PacketKind, what: string, { ours, theirs }: { ours: number; theirs: number }): boolean {
  let bytes = 0;
  for (let n = 0; n < VARIANTS; n++) bytes += encode(kind.ours(n), kind.version).length / VARIANTS;
  const rateOf = (perSecond: number) =>
    `${Math.round(perSecond).toLocaleString("en").padStart(12)} ${
      (perSecond * bytes / 1e6).toFixed(1).padStart(9)
    }`;
  const ratio = ours / theirs;
  console.log(
    `${kind.name.padEnd(32)} ${what} ${rateOf(ours)}   ${rateOf(theirs)}   ${ratio.toFixed(2).padStart(6)}${
      ratio > 1 ? "" : "  slower"
    }`,
  );
  return ratio > 1;
}

/** Runs the bench and returns the exit status. */
export function benchCodec(): number {
  console.log(`${"".padEnd(39)} ${"attest".padStart(22)}   ${"mqtt-packet 9".padStart(22)}    times`);
  console.log(
    `${"".padEnd(39)} ${"packets/s".padStart(12)} ${"MB/s".padStart(9)}   ${"packets/s".padStart(12)} ${
      "MB/s".padStart(9)
    }   faster`,
  );
  let slower = 0;
  let rows = 0;
  for (const kind of KINDS) {
    // To encode a large payload is to copy it, on either side.
    if (!kind.kept && ++rows && !show(kind, "encode", encoding(kind))) slower++;
    if (++rows && !show(kind, "decode", decoding(kind))) slower++;
  }
  if (sink === 0) throw new Error("Nothing was measured");
  console.log(slower === 0 ? "\nFaster in every row" : `\nSlower in ${slower} of ${rows} rows`);
  return slower === 0 ? 0 : 1;
}
