import type { Violation } from "./frame.ts";
import type { PacketType, ProtocolVersion } from "./packet.ts";
import { type Rule, ruleClause, type SenderRole } from "./rules.ts";
import { readUtf8, utf8Fault } from "./utf8.ts";

/** The most violations that are listed for one packet. */
const VIOLATIONS_LIMIT = 100;
/** The longest text that is decoded here; for longer text the platform's decoder is faster (measured). */
const SHORT_TEXT = 40;

const NONE: readonly Violation[] = Object.freeze([]);
const { fromCharCode } = String;

/**
 * Reads the fields of one packet in order, never past its end, and records each broken rule. After a field
 * that cannot be read the cursor has `failed`: it then returns zero or empty values and records no further
 * violation.
 */
export class Cursor {
  bytes: Uint8Array = new Uint8Array(0);
  /** The index in `bytes` of the next byte to read. */
  at = 0;
  /** The end of the readable range: of the packet, or of its properties while they are read. */
  end = 0;
  version: ProtocolVersion = "3.1.1";
  type: PacketType | undefined;
  sender: SenderRole | undefined;
  failed = false;
  /** Whether `end` is the end of a property list. */
  inProperties = false;
  #start = 0;
  #violations: Violation[] | undefined;

  /** Starts a packet in `bytes` from `start` to `end`. */
  begin(bytes: Uint8Array, start: number, end: number): void {
    this.bytes = bytes;
    this.#start = start;
    this.at = start;
    this.end = end;
    this.type = undefined;
    this.failed = false;
    this.inProperties = false;
    this.#violations = undefined;
  }

  /** The number of bytes left. */
  get left(): number {
    return this.end - this.at;
  }

  /** The violations since `begin`; the caller may keep the list. */
  get violations(): readonly Violation[] {
    return this.#violations ?? NONE;
  }

  /** Records a broken rule at `at`, an index in `bytes`. */
  violate(rule: Rule, at: number, message: string): void {
    if (this.failed) return;
    this.#violations ??= [];
    if (this.#violations.length >= VIOLATIONS_LIMIT) return;
    const clause = ruleClause(rule, this.version, this.type, this.sender);
    const offset = at - this.#start;
    this.#violations.push(
      clause === undefined ? { rule, offset, message } : { rule, clause, offset, message },
    );
  }

  /** Records a broken rule after which nothing more can be read. */
  fail(rule: Rule, at: number, message: string): void {
    // List the reason for the failure even at the limit.
    if (!this.failed && this.#violations?.length === VIOLATIONS_LIMIT) this.#violations.pop();
    this.violate(rule, at, message);
    this.failed = true;
  }

  byte(field: string): number {
    if (this.end - this.at < 1 || this.failed) return this.#short(field, 1);
    return this.bytes[this.at++] ?? 0;
  }

  twoBytes(field: string): number {
    const at = this.at;
    if (this.end - at < 2 || this.failed) return this.#short(field, 2);
    this.at = at + 2;
    return ((this.bytes[at] ?? 0) << 8) | (this.bytes[at + 1] ?? 0);
  }

  fourBytes(field: string): number {
    if (this.end - this.at < 4 || this.failed) return this.#short(field, 4);
    return this.twoBytes(field) * 0x1_0000 + this.twoBytes(field);
  }

  /** A variable byte integer [5.0 section 1.5.5]. */
  variable(field: string): number {
    const start = this.at;
    let value = 0;
    for (let shift = 0; shift < 28; shift += 7) {
      const byte = this.byte(field);
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) {
        if (byte === 0 && shift > 0) {
          this.violate(
            "variable-overlong",
            start,
            `${field} ${value} is encoded in more bytes than needed`,
          );
        }
        return value;
      }
    }
    this.fail(
      "variable-unending",
      start,
      `${field} has more than four bytes; a variable byte integer has at most four`,
    );
    return 0;
  }

  /** Reads bytes with a two-byte length prefix, as a view without a copy. */
  data(field: string): Uint8Array {
    const size = this.#size(field);
    const from = this.at;
    this.at = from + size;
    return this.bytes.subarray(from, this.at);
  }

  /** Reads text with a two-byte length prefix [3.1.1 section 1.5.3, 5.0 section 1.5.4]. */
  text(field: string): string {
    const size = this.#size(field);
    const from = this.at;
    const to = from + size;
    this.at = to;
    const { bytes } = this;
    for (let at = from; at < to; at++) {
      const byte = bytes[at] ?? 0;
      if (byte >= 0x80 || byte === 0) return this.#unusual(field, from, to);
    }
    return size > SHORT_TEXT ? readUtf8(bytes, from, to) : ascii(bytes, from, to);
  }

  #unusual(field: string, from: number, to: number): string {
    const fault = utf8Fault(this.bytes, from, to);
    // MQTT 3.1 allows U+0000 in some texts; topics are checked separately.
    if (fault && !(fault.rule === "utf8-nul" && this.version === "3.1")) {
      this.violate(fault.rule, fault.offset, `${field}: ${fault.message}`);
    }
    return readUtf8(this.bytes, from, to);
  }

  #size(field: string): number {
    const at = this.at;
    const size = this.twoBytes(field);
    if (size <= this.end - this.at) return size;
    this.fail(
      this.inProperties ? "property-cut" : "packet-too-short",
      at,
      `${field} has the length ${size}, but only ${this.end - this.at} bytes are left`,
    );
    return 0;
  }

  #short(field: string, wanted: number): number {
    if (this.failed) return 0;
    this.fail(
      this.inProperties ? "property-cut" : "packet-too-short",
      this.at,
      `${field} needs ${wanted} ${wanted === 1 ? "byte" : "bytes"}, but only ${this.left} are left`,
    );
    return 0;
  }
}

function ascii(bytes: Uint8Array, from: number, to: number): string {
  let text = "";
  let at = from;
  for (; at + 8 <= to; at += 8) {
    text += fromCharCode(
      bytes[at] ?? 0,
      bytes[at + 1] ?? 0,
      bytes[at + 2] ?? 0,
      bytes[at + 3] ?? 0,
      bytes[at + 4] ?? 0,
      bytes[at + 5] ?? 0,
      bytes[at + 6] ?? 0,
      bytes[at + 7] ?? 0,
    );
  }
  for (; at < to; at++) text += fromCharCode(bytes[at] ?? 0);
  return text;
}
