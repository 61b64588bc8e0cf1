import { concat } from "../ground/bytes.ts";
import type { KeptBytes } from "../link/kept_bytes.ts";
import { type Arrival, MqttLink } from "../link/mqtt_link.ts";
import { decodeOne } from "../mqtt/decode.ts";
import { encode } from "../mqtt/encode.ts";
import type { Frame } from "../mqtt/frame.ts";
import type { Announced } from "../mqtt/ledger/announced.ts";
import { otherEnd } from "../mqtt/ledger/connection.ts";
import type { Ledger, LedgerPage } from "../mqtt/ledger/ledger.ts";
import type { Draft, ProtocolVersion, PublishPacket } from "../mqtt/packet.ts";
import type { SenderRole } from "../mqtt/rules.ts";
import { TransportError } from "../transport/error.ts";
import type { Transport } from "../transport/transport.ts";
import type { FrameDraft } from "../transport/websocket_frame.ts";
import { inAnyForm, namesNoVersion } from "./answer_form.ts";
import type { BrokenRules } from "./broken_rules.ts";
import type { CaseTime } from "./case_time.ts";
import { type Cut, sendCut } from "./cut.ts";
import { StepFailed } from "./step_failed.ts";
import type { ChartRecorder } from "./chart_recorder.ts";

export interface MqttLaneOptions {
  readonly name: string;
  readonly version: ProtocolVersion;
  readonly recorder: ChartRecorder;
  /** The largest received packet in bytes that does not break the stream; default 16 MiB. */
  readonly maximumPacketSize?: number | undefined;
  /** How much of the arrivals to keep; by default it depends on what is sent on this lane alone. */
  readonly kept?: KeptBytes | undefined;
  /** Ends the connection, so a far end that no longer reads cannot block the case. */
  readonly signal: AbortSignal;
  /** Handles arrivals that do not belong to the case; returns true to keep one out of the inbox. */
  readonly intercept: (frame: Frame) => boolean;
  /** The end that attest plays. */
  readonly near: SenderRole;
  /** Records and judges what both ends have sent, on this connection and earlier ones. */
  readonly ledger: Ledger;
  /** The rules that the case breaks on purpose. */
  readonly broken: BrokenRules;
  /** The case's time, which records what is sent. */
  readonly time: CaseTime;
  /** What the chart shows of a packet; default all of it. */
  readonly shown?: (draft: Draft) => Draft;
  /** Called when the far end has closed the lane's current connection. */
  readonly closed?: () => void;
}

/**
 * The number of pending writes above which the lane stops reading: answers to a far end that sends without
 * end and does not read.
 */
const MOST_UNWRITTEN = 10_000;

/**
 * The MQTT side of a lane, for a client or the scripted broker: a link that may be replaced, with everything
 * on it charted.
 */
export class MqttLane implements AsyncDisposable {
  readonly name: string;
  readonly #options: MqttLaneOptions;
  #link: MqttLink | undefined;
  /** The ledger's page of the link. */
  #page: LedgerPage | undefined;
  #ended: Promise<void>[] = [];
  #nextId = 0;
  #writes: Promise<void> = Promise.resolve();
  /** The number of pending writes. */
  #unwritten = 0;
  /** Whether the CONNECT does not tell the far end the version of its answer. */
  #anyForm = false;
  #silentBefore: string | undefined;
  /** Whether the server has sent DISCONNECT and therefore reads nothing more, whenever it closes. */
  #over = false;
  readonly #aborted = () => void this.drop();

  constructor(options: MqttLaneOptions) {
    this.name = options.name;
    this.#options = options;
    options.signal.addEventListener("abort", this.#aborted);
  }

  /** The current link, even if its far end has closed. */
  get link(): MqttLink | undefined {
    return this.#link;
  }

  /**
   * Whether there is a connection that is open at both ends and that the server has not ended with
   * DISCONNECT.
   */
  get connected(): boolean {
    return this.#link !== undefined && this.#link.closed === undefined && !this.#over;
  }

  /** Takes over a new connection, optionally in its own version, and ends the previous one. */
  attach(transport: Transport, version = this.#options.version): void {
    this.drop();
    this.#writes = Promise.resolve();
    this.#anyForm = false;
    this.#silentBefore = undefined;
    this.#over = false;
    const page = this.#options.ledger.opened(performance.now());
    const link: MqttLink = new MqttLink(transport, {
      version,
      maximumPacketSize: this.#options.maximumPacketSize,
      kept: this.#options.kept,
      behind: () => this.#unwritten > MOST_UNWRITTEN ? this.#writes : undefined,
      onArrival: (arrival) => this.#arrived(arrival, page, () => link),
    });
    this.#link = link;
    this.#page = page;
  }

  /** What the far end has announced on this connection; undefined before its CONNECT or CONNACK. */
  get announced(): Announced | undefined {
    return this.#page?.announced(otherEnd(this.#options.near));
  }

  /**
   * Describes attest's own silence if, as a client, it exceeded its Keep Alive before the far end closed the
   * current or last connection; otherwise undefined.
   */
  get silentBefore(): string | undefined {
    return this.#silentBefore;
  }

  /** Records that the far end has shown by other means that it has read everything sent to it. */
  caughtUp(): void {
    this.#page?.caughtUp();
  }

  /** Returns the next packet id that this lane has not used by itself. */
  nextPacketId(): number {
    this.#nextId = this.#nextId % 60_000 + 1;
    return this.#nextId;
  }

  /** Writes packets in one write, or split as given, and charts each. */
  async send(drafts: readonly Draft[], cut?: Cut): Promise<void> {
    const link = this.#link;
    if (!link) throw new Error(`Lane "${this.name}" has no connection`);
    const encoded = drafts.map((draft) => ({ draft, bytes: encode(draft, link.version) }));
    for (const { draft, bytes } of encoded) {
      this.#enter(bytes, link.version);
      const shown = this.#options.shown?.(draft) ?? draft;
      const written = shown === draft ? bytes : encode(shown, link.version);
      this.#options.recorder.sent(this.name, draft.type, written, link.version);
    }
    const whole = encoded.length === 1 && encoded[0] ? encoded[0].bytes : concat(encoded.map((e) => e.bytes));
    await this.#write(link, whole, cut).catch(asStepFailure);
  }

  /** Writes bytes unchanged. */
  async sendRaw(bytes: Uint8Array): Promise<void> {
    const link = this.#link;
    if (!link) throw new Error(`Lane "${this.name}" has no connection`);
    this.#page?.uncertain(this.#options.near, performance.now());
    this.#options.recorder.bytes(this.name, "sent", `${bytes.length} raw bytes`, bytes);
    await this.#write(link, bytes, undefined);
  }

  /** Writes one WebSocket frame unchanged. Throws {@link StepFailed} if the connection has no frames. */
  async sendFrame(frame: FrameDraft): Promise<void> {
    const link = this.#link;
    if (!link) throw new Error(`Lane "${this.name}" has no connection`);
    const text = `WebSocket frame, opcode ${frame.opcode}${frame.final === false ? ", to be continued" : ""}`;
    this.#page?.uncertain(this.#options.near, performance.now());
    this.#options.recorder.bytes(this.name, "sent", text, frame.payload);
    await link.sendFrame(frame).catch(asStepFailure);
  }

  /**
   * Closes the connection without a DISCONNECT, by FIN or by RST. Returns whether there was one. Throws
   * TransportError.
   */
  drop(reset = false): boolean {
    const link = this.#link;
    if (!link) return false;
    this.#link = undefined;
    this.#page?.closed();
    this.#page = undefined;
    try {
      if (reset) link.reset();
    } catch (error) {
      // A connection that the far end has closed cannot be reset and need not be.
      if (!link.closed) throw error;
    } finally {
      this.#ended.push(link[Symbol.asyncDispose]());
    }
    return true;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#options.signal.removeEventListener("abort", this.#aborted);
    this.drop();
    await Promise.all(this.#ended);
  }

  #write(link: MqttLink, bytes: Uint8Array, cut: Cut): Promise<void> {
    const { time, kept } = this.#options;
    time.sent(bytes.length);
    // A packet sent in pieces comes back whole.
    kept?.sent(bytes.length);
    this.#unwritten++;
    const begun = performance.now();
    // In sequence: an intercepted packet's answer must not go between two pieces.
    const write = this.#writes.then(async () => {
      try {
        await sendCut(link, bytes, cut);
        time.gotSince(begun);
      } catch (error) {
        if (error instanceof TransportError && error.fault === "unsupported") throw error;
        // The close itself arrives through the inbox, where a step may expect it.
      } finally {
        this.#unwritten--;
      }
    });
    this.#writes = write.catch(() => {});
    return write;
  }

  /**
   * Records a packet of attest's own in the ledger before it is sent. Throws {@link StepFailed} if it breaks
   * a rule that the case does not name.
   */
  #enter(bytes: Uint8Array, version: ProtocolVersion): void {
    const { near, broken } = this.#options;
    const now = performance.now();
    const frame = decodeOne(bytes, version);
    const found = frame.kind === "packet"
      ? this.#page?.check(near, frame.packet, bytes.length, now) ?? []
      : [];
    if (namesNoVersion(frame)) this.#anyForm = true;
    const violations = [...frame.violations, ...found];
    if (violations.length > 0) broken.judge(violations);
    this.#page?.recordFrame(near, frame, now);
    // Only the far end knows how it interprets a wrong packet.
    if (violations.length > 0) this.#page?.uncertain(near, now);
  }

  #arrived(came: Arrival, page: LedgerPage, link: () => MqttLink): boolean | Arrival {
    const arrival = this.#anyForm ? inAnyForm(came) : came;
    const { recorder, intercept, near, closed, broken } = this.#options;
    if (arrival.kind === "closed") {
      // The Keep Alive is the case's own choice, unless the server has set another one.
      const [silence] = page.announced(otherEnd(near))?.keepAlive === undefined
        ? []
        : page.overdue(performance.now());
      if (near === "client" && silence) broken.ended(silence);
      if (page === this.#page) this.#silentBefore ??= page.silence(performance.now());
      page.closed();
      if (this.#link !== link()) return false;
      const how = arrival.how === "end" ? "closed by the target" : "reset by the target";
      recorder.note(this.name, arrival.why ?? how);
      closed?.();
      return false;
    }
    const again = near === "client" && arrival.kind === "packet" && page.repeats("server", arrival.packet);
    if (arrival.kind === "packet" && arrival.packet.type === "DISCONNECT" && page === this.#page) {
      this.#silentBefore = page.silence(performance.now());
      this.#over = near === "client";
    }
    const found = page.recordFrame(otherEnd(near), arrival, performance.now());
    const violations = [...arrival.violations, ...found];
    const judged = withTopic({ ...arrival, violations }, (packet) => page.topicOf(otherEnd(near), packet));
    if (again && judged.violations.length === 0) {
      // The case delays its answer, and the broker has not waited for it.
      recorder.received(this.name, judged, true);
      return true;
    }
    if (intercept(judged)) return true;
    recorder.received(this.name, judged);
    return judged;
  }
}

/** Adds the topic name to a delivery with a topic alias, so a case need not know the alias. */
function withTopic(frame: Frame, topicOf: (packet: PublishPacket) => string | undefined): Frame {
  if (frame.kind !== "packet" || frame.packet.type !== "PUBLISH" || frame.packet.topic !== "") return frame;
  return { ...frame, packet: { ...frame.packet, topic: topicOf(frame.packet) ?? "" } };
}

/**
 * Converts the error of a connection that does not support what a step asks, which is not the target's fault.
 * Other errors arrive through the inbox.
 */
function asStepFailure(error: unknown): void {
  if (!(error instanceof TransportError)) return;
  if (error.fault === "unsupported") throw new StepFailed({ message: error.message, verdict: "error" });
}

/**
 * Cuts a lane's connection as a step says, and charts it. Throws {@link StepFailed} if a reset is not
 * possible.
 */
export function dropLane(lane: MqttLane, reset: boolean, recorder: ChartRecorder): void {
  try {
    if (lane.drop(reset)) recorder.note(lane.name, reset ? "connection reset" : "connection cut");
  } catch (error) {
    if (!(error instanceof TransportError)) throw error;
    throw new StepFailed({ message: error.message, verdict: "error" });
  }
}
