import { pause } from "../../ground/wait.ts";
import type { ScriptedBroker } from "../../broker/scripted.ts";
import type { Arrival } from "../../link/mqtt_link.ts";
import type { Frame } from "../../mqtt/frame.ts";
import { Ledger } from "../../mqtt/ledger/ledger.ts";
import type { ProtocolVersion } from "../../mqtt/packet.ts";
import { bytesOf } from "../../spec/evaluate.ts";
import type { Outcome } from "../../suite/step/outcome.ts";
import type { Sent } from "../../suite/step/sent.ts";
import { buildPackets } from "../drafts.ts";
import { arrivalProblem, describeOutcome, leftoverOf, takeArrival } from "../expectation.ts";
import { dropLane, MqttLane } from "../lane.ts";
import type { PacketIds } from "../packet_ids.ts";
import { PacketBoundary } from "../packet_boundary.ts";
import { StepFailed, type StepProblem } from "../step_failed.ts";
import { passingOver } from "../passing_over.ts";
import type { Party, Taken } from "./party.ts";
import type { CaseContext } from "../case_context.ts";

/** The scripted broker's data in addition to the case's context. */
export interface ScriptedOptions {
  readonly listener: ScriptedBroker;
  /** Whether the case itself is about PINGREQ; otherwise it is answered and hidden. */
  readonly ownsPings: boolean;
  /** The version that it speaks; default 3.1.1. */
  readonly version?: ProtocolVersion | undefined;
  /** Of a client library, which chooses its packet identifiers itself; without it they are those of the case. */
  readonly ids?: PacketIds | undefined;
  /** Whether the client is a program that ends by itself once it is done, which a case need not expect. */
  readonly oneShot?: boolean | undefined;
  /** Told when a step has taken something of the client. */
  readonly onTaken?: (() => void) | undefined;
}

/** Milliseconds in which what waits on a connection is read. */
const READ_MS = 50;

/** The broker that the module talks to, played step by step. */
export class ScriptedParty implements Party {
  readonly name = "broker";
  readonly #context: CaseContext;
  readonly #options: ScriptedOptions;
  readonly #lane: MqttLane;
  /** Whether a step has taken the far end's close, so the next step waits for a new connection. */
  #closeTaken = false;
  #ignored = false;
  /** Tracks the raw bytes that the case has sent. */
  readonly #boundary = new PacketBoundary();
  /** The number of PINGREQ packets whose answers would fall inside a packet of the case. */
  #pings = 0;

  constructor(context: CaseContext, options: ScriptedOptions) {
    this.#context = context;
    this.#options = options;
    this.#lane = new MqttLane({
      name: this.name,
      version: options.version ?? "3.1.1",
      recorder: context.recorder,
      signal: context.signal,
      near: "server",
      ledger: new Ledger({ at: "server", version: options.version ?? "3.1.1" }),
      broken: context.broken,
      time: context.time,
      intercept: (frame) => this.#intercept(frame),
    });
  }

  /** Notes that the client has told that it is connected, so that it has read CONNACK and knows the broker's limits. */
  caughtUp(): void {
    this.#lane.caughtUp();
  }

  /** Whether the module is connected. */
  get connected(): boolean {
    return this.#lane.connected;
  }

  async send(sent: Sent): Promise<void> {
    await this.#connection();
    const { scope } = this.#context;
    if (sent.kind === "raw") return await this.#sendRaw(bytesOf(sent.bytes, scope));
    this.#boundary.restart();
    const version = this.#lane.link?.version ?? "3.1.1";
    const { drafts, cut } = buildPackets(this.#options.ids?.sent(sent, scope) ?? sent, scope, {
      version,
      nextPacketId: () => this.#lane.nextPacketId(),
    });
    await this.#lane.send(drafts, cut);
    this.#answerPings();
  }

  async #sendRaw(bytes: Uint8Array): Promise<void> {
    this.#boundary.push(bytes);
    await this.#lane.sendRaw(bytes);
    this.#answerPings();
  }

  /** Answers the PINGREQs that came during an incomplete packet of the case, once that is complete. */
  #answerPings(): void {
    while (this.#pings > 0 && !this.#boundary.within) {
      this.#pings--;
      this.#pong();
    }
  }

  async take(alternatives: readonly (readonly Outcome[])[], withinMs: number): Promise<Taken> {
    const { scope, signal } = this.#context;
    const opening = alternatives.findIndex((outcomes) =>
      outcomes.some((outcome) => outcome.kind === "opened")
    );
    if (opening >= 0) {
      const expected = alternatives.flat().map((outcome) => describeOutcome(outcome, scope)).join(", or ");
      if (await this.#accept(withinMs)) {
        this.#options.onTaken?.();
        return { index: opening, got: { type: "opened" } };
      }
      throw new StepFailed({
        message: `No connection came within ${withinMs} ms`,
        expected,
        got: "nothing",
        missing: true,
      });
    }
    const closedOnly = alternatives.every((outcomes) =>
      outcomes.every((outcome) => outcome.kind === "closed")
    );
    return await passingOver(() => this.#ignored, withinMs, async (left) => {
      const until = performance.now() + left;
      if (!closedOnly || !this.#closeTaken) await this.#connection(left);
      const { ids } = this.#options;
      const next = () => this.#lane.link?.receive(Math.max(0, Math.ceil(until - performance.now())), signal);
      let arrival = await next();
      // A library that closes may say so before.
      if (ids && awaitsClose(alternatives) && isDisconnect(arrival)) arrival = await next();
      const taken = takeArrival(ids?.expected(alternatives, scope) ?? alternatives, arrival, withinMs, scope);
      this.#options.onTaken?.();
      ids?.took(alternatives[taken.index] ?? [], taken.got, scope);
      if (arrival?.kind === "closed") this.#closeTaken = true;
      return taken;
    });
  }

  async nothing(withinMs?: number): Promise<void> {
    const link = this.#lane.link;
    if (!link) {
      if (!await this.#accept(withinMs ?? 0)) return;
      if (!this.#options.ids) {
        throw new StepFailed({
          message: "The module opened a connection, expected nothing",
          expected: "nothing",
          got: "a connection",
        });
      }
    }
    // A library that opens a connection and sends nothing has sent nothing.
    const arrival = await this.#lane.link?.receive(withinMs ?? 0, this.#context.signal);
    if (arrival) throw new StepFailed(arrivalProblem(arrival, "nothing"));
  }

  open(): Promise<void> {
    return Promise.reject(
      new StepFailed({ message: 'The lane "broker" is opened by the module', verdict: "error" }),
    );
  }

  async drop(reset: boolean): Promise<void> {
    await this.#connection();
    dropLane(this.#lane, reset, this.#context.recorder);
  }

  ignore(): void {
    this.#ignored = true;
    this.#context.time.watchModule();
  }

  async lastOfAll(): Promise<void> {
    const { time, signal } = this.#context;
    // A library connects by itself where no step looks for it; what it then sends counts.
    if (this.#options.ids && !this.#lane.link && await this.#accept(0)) await pause(READ_MS, signal);
    if (!this.#lane.link || time.delayMs === 0) return;
    const begun = performance.now();
    await pause(time.delayMs, signal);
    time.gotSince(begun);
  }

  leftover(): StepProblem | undefined {
    const { link } = this.#lane;
    // It is in the inbox, so this returns at once.
    if (this.#options.oneShot && isDisconnect(link?.peek())) void link?.receive(0);
    return leftoverOf(link, this.#ignored);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#lane[Symbol.asyncDispose]();
  }

  async #connection(withinMs = this.#context.time.withinMs): Promise<void> {
    if (this.#lane.link && !this.#closeTaken) return;
    if (await this.#accept(withinMs)) return;
    throw new StepFailed({
      message: `The module opened no connection within ${withinMs} ms`,
      got: "nothing",
      missing: true,
    });
  }

  async #accept(withinMs: number): Promise<boolean> {
    const connection = await this.#options.listener.accept(withinMs, this.#context.signal);
    if (!connection) return false;
    this.#closeTaken = false;
    this.#boundary.restart();
    this.#pings = 0;
    this.#lane.attach(connection);
    this.#context.recorder.note(this.name, "connection opened by the module");
    return true;
  }

  #intercept(frame: Frame): boolean {
    const { recorder } = this.#context;
    if (
      this.#options.ownsPings || frame.kind !== "packet" || frame.packet.type !== "PINGREQ" ||
      frame.violations.length > 0
    ) return false;
    recorder.received(this.name, frame, true);
    if (this.#boundary.within) this.#pings++;
    else this.#pong();
    return true;
  }

  #pong(): void {
    if (!this.#lane.link) return;
    this.#lane.send([{ type: "PINGRESP" }]).catch(() => {
      // The connection is closed, which the link reports to the lane.
    });
  }
}

function isDisconnect(arrival: Arrival | undefined): boolean {
  return arrival?.kind === "packet" && arrival.packet.type === "DISCONNECT" &&
    arrival.violations.length === 0;
}

/** Whether a step waits for the close, and not for a DISCONNECT. */
function awaitsClose(alternatives: readonly (readonly Outcome[])[]): boolean {
  const outcomes = alternatives.flat();
  return outcomes.some(({ kind }) => kind === "closed") &&
    !outcomes.some((outcome) => outcome.kind === "packet" && outcome.type === "DISCONNECT");
}
