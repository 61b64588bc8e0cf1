import { concat } from "../lib/ground/bytes.ts";
import type { ChartEntry } from "../lib/run/event.ts";
import type { CaseResult, RunResult } from "../lib/run/result.ts";
import { caseName } from "./case_name.ts";
import { bytesOf } from "./hex.ts";
import { columns, speaksAt } from "./lanes.ts";
import { malformedComment } from "./malformed_comment.ts";
import { cut, visible } from "../lib/ground/text.ts";

// https://www.ietf.org/archive/id/draft-ietf-opsawg-pcapng-02.html: section header, interface, enhanced packet.
const SECTION_HEADER = 0x0a0d0d0a;
const INTERFACE = 1;
const ENHANCED_PACKET = 6;
const BYTE_ORDER_MAGIC = 0x1a2b3c4d;
/** "Wireshark upper PDU": a list of tags that names the dissector, then the PDU. It needs no invented TCP stream. */
const LINKTYPE_UPPER_PDU = 252;
const TAG_END = 0;
const TAG_DISSECTOR = 12;
const TAG_IPV4_SOURCE = 20;
const TAG_IPV4_DESTINATION = 21;
const TAG_PORT_TYPE = 24;
const TAG_SOURCE_PORT = 25;
const TAG_DESTINATION_PORT = 26;
const PORT_TYPE_TCP = 2;
const OPTION_COMMENT = 1;
/** The most characters of a name in a comment, so an option stays far below its limit of 65,535 bytes. */
const COMMENT = 1000;

/**
 * Every packet and AT line of the run as a pcapng file for Wireshark and tshark. Each has the case's name as a comment; bytes
 * that the case sent malformed on purpose have a second comment that says so. Addresses are invented: 10.0.0.1 is the
 * target, and 10.x.y.z is lane z of execution 256x+y, so each lane is one conversation.
 */
export function renderPcapng(result: RunResult): Uint8Array {
  const origin = Date.parse(result.startedAt);
  const startMicros = Number.isFinite(origin) ? origin * 1000 : 0;
  const blocks = [sectionHeader(result), interfaceBlock()];
  const entries = result.cases.flatMap((one) => {
    const lanes = columns(one);
    return one.chart.filter((entry) => entry.hex !== undefined && entry.direction !== "note")
      .map((entry) => ({ one, entry, lane: lanes.indexOf(entry.lane) }));
  });
  entries.sort((a, b) => a.entry.t - b.entry.t);
  for (const { one, entry, lane } of entries) blocks.push(packetBlock(one, entry, lane, startMicros));
  return concat(blocks);
}

function sectionHeader(result: RunResult): Uint8Array {
  const program = text(`attest ${cut(visible(result.attest.version), COMMENT)}`);
  return block(SECTION_HEADER, [
    u32(BYTE_ORDER_MAGIC),
    u16(1),
    u16(0),
    u32(0xffffffff),
    u32(0xffffffff),
    option(4, program),
    option(0, new Uint8Array()),
  ]);
}

function interfaceBlock(): Uint8Array {
  return block(INTERFACE, [u16(LINKTYPE_UPPER_PDU), u16(0), u32(0)]);
}

function packetBlock(one: CaseResult, entry: ChartEntry, lane: number, startMicros: number): Uint8Array {
  const pdu = bytesOf(entry.hex ?? "");
  const head = tags(one, entry, lane);
  const captured = concat([head, pdu]);
  const micros = startMicros + Math.round(entry.t * 1000);
  const comment = `${cut(caseName(one), COMMENT)}: ${visible(entry.lane)} ${entry.direction}: ${
    visible(entry.text)
  }`;
  const size = Math.max(entry.size ?? 0, pdu.length);
  const malformed = malformedComment(entry, pdu, size, one.protocol);
  return block(ENHANCED_PACKET, [
    u32(0),
    u32(Math.floor(micros / 0x1_0000_0000)),
    u32(micros % 0x1_0000_0000),
    u32(captured.length),
    u32(head.length + size),
    padded(captured),
    option(OPTION_COMMENT, text(cut(comment, 2 * COMMENT))),
    ...(malformed === undefined ? [] : [option(OPTION_COMMENT, text(cut(visible(malformed), COMMENT)))]),
    option(0, new Uint8Array()),
  ]);
}

function tags(one: CaseResult, entry: ChartEntry, lane: number): Uint8Array {
  const target = { address: [10, 0, 0, 1], port: 1883 };
  const own = {
    address: [10, (one.n >> 8) & 0xff, one.n & 0xff, 2 + Math.max(0, lane)],
    port: 49152 + (lane & 0xff),
  };
  // Where a module or a client is tested, the harness is the broker, so its lane has the well-known port.
  const asBroker = entry.lane === "broker" || speaksAt(entry.lane);
  const [lanePort, targetPort] = asBroker ? [1883, 49152] : [own.port, target.port];
  const sent = entry.direction === "sent";
  return concat([
    tag(TAG_DISSECTOR, padded(text(dissector(entry)))),
    tag(TAG_IPV4_SOURCE, Uint8Array.from(sent ? own.address : target.address)),
    tag(TAG_IPV4_DESTINATION, Uint8Array.from(sent ? target.address : own.address)),
    tag(TAG_PORT_TYPE, u32be(PORT_TYPE_TCP)),
    tag(TAG_SOURCE_PORT, u32be(sent ? lanePort : targetPort)),
    tag(TAG_DESTINATION_PORT, u32be(sent ? targetPort : lanePort)),
    tag(TAG_END, new Uint8Array()),
  ]);
}

/** The name of the dissector for an entry's bytes. A raw WebSocket frame is not decoded as MQTT. */
function dissector({ lane, text }: ChartEntry): string {
  if (speaksAt(lane)) return "data-text-lines";
  return text.startsWith("WebSocket frame, ") ? "data" : "mqtt";
}

// Tags are big-endian whatever the byte order of the section.
function tag(kind: number, value: Uint8Array): Uint8Array {
  return concat([Uint8Array.of(kind >> 8, kind & 0xff, value.length >> 8, value.length & 0xff), value]);
}

function option(code: number, value: Uint8Array): Uint8Array {
  return concat([u16(code), u16(value.length), padded(value)]);
}

function block(type: number, parts: readonly Uint8Array[]): Uint8Array {
  const body = concat(parts);
  const length = u32(body.length + 12);
  return concat([u32(type), length, body, length]);
}

function padded(bytes: Uint8Array): Uint8Array {
  return concat([bytes, new Uint8Array((4 - bytes.length % 4) % 4)]);
}

function text(value: string): Uint8Array {
  return new TextEncoder().encode(value);
}

function u16(value: number): Uint8Array {
  return Uint8Array.of(value & 0xff, (value >> 8) & 0xff);
}

function u32(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value, true);
  return bytes;
}

function u32be(value: number): Uint8Array {
  return u32(value).reverse();
}
