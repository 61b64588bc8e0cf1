import { messageOf } from "../../ground/error_message.ts";
import { type Frame, packetIn } from "../../mqtt/frame.ts";
import type { Closed } from "../../link/link.ts";
import type { Arrival, MqttLink } from "../../link/mqtt_link.ts";
import type { Ledger } from "../../mqtt/ledger/ledger.ts";
import type { Draft, ProtocolVersion, PublishPacket, QoS } from "../../mqtt/packet.ts";
import { bytesOf } from "../../spec/evaluate.ts";
import type { Outcome } from "../../suite/step/outcome.ts";
import type { Sent } from "../../suite/step/sent.ts";
import type { BrokerTarget } from "../../target/target.ts";
import { TransportError } from "../../transport/error.ts";
import type { UpgradeAnswer } from "../../transport/websocket_upgrade.ts";
import { buildFrame, buildPackets } from "../drafts.ts";
import {
  arrivalProblem,
  describeUpgrade,
  leftoverOf,
  takeArrival,
  takeUpgrade,
  upgradeProblem,
} from "../expectation.ts";
import { fence, LaneFences } from "../fence.ts";
import { dropLane, MqttLane } from "../lane.ts";
import { StepFailed, type StepProblem } from "../step_failed.ts";
import { passingOver } from "../passing_over.ts";
import { isEnd, orSilent } from "./ended.ts";
import { asBytes, asQoS, asText } from "./draft_values.ts";
import type { Party, Taken } from "./party.ts";
import { withoutSecrets } from "./secrets.ts";
import type { CaseContext } from "../case_context.ts";
import { membersTaken } from "../members.ts";
import type { Traffic } from "../traffic.ts";

/**
 * The bit of the connect flags for Will Retain, which determines whether a will is retained, whatever the
 * will's fields say. [MQTT-3.1.2-17]
 */
const WILL_RETAIN = 0x20;

/** The reason of an AUTH that requests more data. */
const CONTINUE = 0x18;

/** What the client lanes of one case share in addition to the case's context. */
export interface ClientsOfCase {
  readonly version: ProtocolVersion;
  readonly traffic: Traffic;
  /** Records the packets between all clients of the case and the broker. */
  readonly ledger: Ledger;
  /** The highest QoS that the target supports. */
  readonly maximumQoS: QoS;
  readonly target: Pick<BrokerTarget, "connect" | "upgrade" | "credentials" | "auth">;
  /** Returns another client lane of the case by name. */
  readonly lane: (name: string) => ClientParty | undefined;
  /** Returns the number of the case's next fence. */
  readonly nextFence: () => number;
}

/** The largest possible packet with its fixed header, which a case may send and expect back. */
const LARGEST_PACKET = 268_435_455 + 5;

/** An MQTT client that the harness plays against a broker. */
export class ClientParty implements Party {
  readonly name: string;
  readonly clientId: string;
  readonly #context: CaseContext;
  readonly #clients: ClientsOfCase;
  readonly #lane: MqttLane;
  readonly #fences: LaneFences;
  /** Every filter that this client ever subscribed to: its session may contain all of them. */
  readonly #filters = new Set<string>();
  /**
   * Packet ids of foreign QoS 2 deliveries that wait for their PUBREL, which may come on the session's next
   * connection.
   */
  readonly #passedOver = new Set<number>();
  /** The version that the lane speaks. */
  #version: ProtocolVersion;
  #mayHaveSession = false;
  /** The response to an upgrade, or a close instead of it, that no step has looked at. */
  #upgrade: UpgradeAnswer | Closed | undefined;
  /** Whether a step has taken the far end's close, so the next packet opens a new connection. */
  #closeTaken = false;
  #ignored = false;

  constructor(name: string, clientId: string, context: CaseContext, clients: ClientsOfCase) {
    this.name = name;
    this.clientId = clientId;
    this.#context = context;
    this.#clients = clients;
    this.#version = clients.version;
    this.#fences = new LaneFences((draft) => this.#answer(draft));
    this.#lane = new MqttLane({
      name,
      version: clients.version,
      recorder: context.recorder,
      maximumPacketSize: LARGEST_PACKET,
      kept: clients.traffic.kept,
      signal: context.signal,
      near: "client",
      ledger: clients.ledger,
      broken: context.broken,
      time: context.time,
      intercept: (frame) => this.#intercept(frame),
      closed: () => this.#fences.closed(),
      shown: (draft) => withoutSecrets(draft, clients.target),
    });
  }

  get receiveMaximum(): number | undefined {
    return this.#lane.announced?.receiveMaximum;
  }

  /** Whether the broker may keep a session for this client id after the case. */
  get mayHaveSession(): boolean {
    return this.#mayHaveSession;
  }

  /** Whether the connection is open at both ends. */
  get connected(): boolean {
    return this.#lane.connected;
  }

  async send(sent: Sent): Promise<void> {
    if (!this.#lane.link || this.#closeTaken) await this.open();
    const { scope } = this.#context;
    if (sent.kind === "raw") {
      return await this.#lane.sendRaw(bytesOf(sent.bytes, scope));
    }
    if (sent.kind === "frame") {
      return await this.#lane.sendFrame(buildFrame(sent.fields, scope));
    }
    const { drafts, cut } = buildPackets(sent, scope, {
      version: this.#version,
      clientId: this.clientId,
      credentials: this.#clients.target.credentials,
      announces: this.#context.announces,
      nextPacketId: () => this.#lane.nextPacketId(),
    });
    for (const draft of drafts) this.#remember(draft);
    await this.#lane.send(drafts, cut);
  }

  /** Sends packets that no step contains. */
  async sendDrafts(drafts: readonly Draft[]): Promise<void> {
    if (!this.#lane.link || this.#closeTaken) await this.open();
    for (const draft of drafts) this.#remember(draft);
    await this.#lane.send(drafts);
  }

  /** Returns a packet id that this lane has not used, or not recently. */
  nextPacketId(): number {
    return this.#lane.nextPacketId();
  }

  /** Takes the next arrival that belongs to the case, or returns undefined after `withinMs`. */
  async next(withinMs: number): Promise<Arrival | undefined> {
    const { signal, time } = this.#context;
    const begun = performance.now();
    const arrival = await this.#link().receive(withinMs, signal);
    if (arrival) time.gotSince(begun);
    return arrival;
  }

  async open(subprotocols?: readonly string[], protocol?: ProtocolVersion): Promise<void> {
    this.#version = protocol ?? this.#version;
    try {
      if (subprotocols) return await this.#openWebSocket(subprotocols);
      const { signal, time } = this.#context;
      const begun = performance.now();
      this.#lane.attach(await this.#clients.target.connect(signal), this.#version);
      time.gotSince(begun);
    } catch (error) {
      if (error instanceof StepFailed) throw error;
      const message = messageOf(error);
      throw new StepFailed({ message, verdict: "error", connectionLost: true });
    }
    this.#closeTaken = false;
    this.#context.recorder.note(this.name, "connection opened");
  }

  async #openWebSocket(subprotocols: readonly string[]): Promise<void> {
    const { signal, recorder } = this.#context;
    const { upgrade } = this.#clients.target;
    if (!upgrade) {
      throw new StepFailed({ message: "The target file gives no WebSocket address", verdict: "error" });
    }
    const upgraded = await upgrade(subprotocols, signal).catch((error: unknown) => {
      if (error instanceof TransportError && error.fault === "closed") return undefined;
      throw error;
    });
    if (!upgraded) {
      recorder.note(this.name, "connection opened, and closed by the target instead of a response");
      this.#upgrade = { kind: "closed", how: "end" };
      return;
    }
    const { answer, transport } = upgraded;
    this.#upgrade = answer;
    this.#closeTaken = false;
    recorder.note(this.name, `connection opened: ${describeUpgrade(answer)}`);
    if (answer.status === 101) this.#lane.attach(transport, this.#version);
    else transport.close();
  }

  drop(reset: boolean): Promise<void> {
    dropLane(this.#lane, reset, this.#context.recorder);
    return Promise.resolve();
  }

  async take(alternatives: readonly (readonly Outcome[])[], withinMs: number): Promise<Taken> {
    const { scope, signal } = this.#context;
    const upgrade = this.#upgrade;
    this.#upgrade = undefined;
    if (upgrade && "kind" in upgrade) return takeArrival(alternatives, upgrade, withinMs, scope);
    if (upgrade) return takeUpgrade(alternatives, upgrade, scope);
    return await passingOver(() => this.#ignored, withinMs, async (left) => {
      const arrival = await this.#link().receive(left, signal);
      try {
        const taken = takeArrival(alternatives, arrival, withinMs, scope);
        if (arrival?.kind === "closed") this.#closeTaken = true;
        if (arrival) this.#context.onTaken?.(membersTaken(alternatives.flat(), arrival, scope));
        return taken;
      } catch (error) {
        throw orSilent(this.#lane.silentBefore, error, alternatives.flat(), arrival);
      }
    });
  }

  comes(withinMs: number, signal: AbortSignal): Promise<boolean> {
    return this.#link().comes(withinMs, signal);
  }

  /** Whether the next arrival is an AUTH in which the server requests more data; it stays in the inbox. */
  async isAsked(withinMs: number): Promise<boolean> {
    const { signal } = this.#context;
    if (!await this.comes(withinMs, signal)) return false;
    const next = this.#link().peek();
    return next?.kind === "packet" && next.packet.type === "AUTH" && next.packet.reason === CONTINUE;
  }

  async nothing(withinMs?: number): Promise<void> {
    const link = this.#link();
    let problem: string | undefined;
    if (withinMs === undefined) problem = await this.fence();
    const arrival = withinMs === undefined ? link.peek() : await link.receive(withinMs, this.#context.signal);
    if (arrival) {
      throw orSilent(
        this.#lane.silentBefore,
        new StepFailed(arrivalProblem(arrival, "nothing", this.#lane.link?.version)),
        [],
        arrival,
      );
    }
    if (problem !== undefined) {
      throw new StepFailed({
        message: `${problem}, so it is unknown whether more would have come`,
        expected: "nothing",
        verdict: "inconclusive",
        missing: true,
        // Another lane's connection may have broken.
        connectionLost: true,
      });
    }
  }

  ignore(): void {
    this.#ignored = true;
  }

  leftover(): StepProblem | undefined {
    const expected = "a step that looks at it";
    if (this.#upgrade && "kind" in this.#upgrade) return arrivalProblem(this.#upgrade, expected);
    if (this.#upgrade) return upgradeProblem(this.#upgrade, expected);
    // If attest itself was silent for too long, it has caused the end.
    const link = this.#lane.link;
    const left = link?.peek();
    const right = left?.kind === "packet" && left.violations.length === 0;
    if (this.#lane.silentBefore !== undefined && right && isEnd(left)) return undefined;
    return leftoverOf(link, this.#ignored);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#fences[Symbol.dispose]();
    await this.#lane[Symbol.asyncDispose]();
  }

  #link(): MqttLink {
    const link = this.#lane.link;
    if (link) return link;
    throw new StepFailed({ message: `Lane "${this.name}" has no connection at this step`, verdict: "error" });
  }

  /**
   * Sends a marked message after everything that this case sent, on the same path and at the same QoS, which
   * must arrive here: anything unexpected would have come before it. Returns why the result is unknown, if
   * that is so.
   */
  async fence(): Promise<string | undefined> {
    const { traffic, maximumQoS, lane, nextFence } = this.#clients;
    const { signal, time } = this.#context;
    const begun = performance.now();
    const next = fence(nextFence(), traffic);
    const qos = Math.min(traffic.last?.qos ?? 0, maximumQoS);
    const last = traffic.last ? lane(traffic.last.lane) : undefined;
    const publisher = last?.connected ? last : this;

    const subscribed = this.#fences.wait(next, "suback", time.withinMs, signal);
    await this.#lane.send([{
      type: "SUBSCRIBE",
      packetId: next.packetId,
      subscriptions: [{ filter: next.topic, qos }],
    }]);
    const problem = await subscribed;
    if (problem !== undefined) return problem;

    const arrived = this.#fences.wait(next, "publish", time.withinMs, signal);
    publisher.#fences.join(next);
    await publisher.#lane.send([
      { type: "PUBLISH", topic: next.topic, qos, ...(qos > 0 ? { packetId: next.packetId } : {}) },
    ]);
    const late = await arrived;
    if (late === undefined) time.gotSince(begun);
    return late;
  }

  #remember(draft: Draft): void {
    const { traffic } = this.#clients;
    const version = this.#version;
    if (draft.type === "PUBLISH") {
      traffic.published(asText(draft.topic), asBytes(draft.payload), draft.retain ?? false);
      traffic.last = { lane: this.name, qos: asQoS(draft.qos) };
    } else if (draft.type === "SUBSCRIBE") {
      for (const { filter } of draft.subscriptions ?? []) this.#filters.add(asText(filter));
    } else if (draft.type === "CONNECT") {
      const expires = version === "5.0" &&
        draft.properties?.some(({ name }) => name === "sessionExpiryInterval");
      if (expires || (version !== "5.0" && draft.cleanStart === false)) this.#mayHaveSession = true;
      const will = draft.will;
      const flags = draft.wire?.connectFlags;
      const retain = flags === undefined ? will?.retain ?? false : (flags & WILL_RETAIN) > 0;
      if (will) this.#context.time.leftWill();
      if (will) traffic.published(asText(will.topic), asBytes(will.payload), retain);
    }
  }

  /** Answers and hides packets of fences and of other cases. A malformed packet always belongs to the case. */
  #intercept(frame: Frame): boolean {
    const packet = packetIn(frame);
    if (!packet || frame.violations.length > 0) return false;
    const own = !this.#isBackground(packet);
    if (!own) this.#context.recorder.received(this.name, frame, true);
    return !own;
  }

  #isBackground(packet: Extract<Frame, { kind: "packet" }>["packet"]): boolean {
    const { traffic } = this.#clients;
    if (packet.type === "PUBLISH") {
      const ofFence = traffic.isFence(packet.topic);
      if (!ofFence && !traffic.isForeign(packet, this.#filters)) {
        // The id now belongs to the case, whatever it was before.
        if (packet.packetId !== undefined) this.#passedOver.delete(packet.packetId);
        return false;
      }
      this.#passOver(packet);
      if (ofFence) this.#fences.arrived(packet.topic);
      return true;
    }
    if (packet.type === "PUBREL") {
      if (!this.#passedOver.delete(packet.packetId)) return false;
      this.#answer({ type: "PUBCOMP", packetId: packet.packetId });
      return true;
    }
    return this.#fences.intercept(packet);
  }

  #passOver(publish: PublishPacket): void {
    if (publish.packetId === undefined) return;
    if (publish.qos === 1) this.#answer({ type: "PUBACK", packetId: publish.packetId });
    if (publish.qos === 2) {
      this.#passedOver.add(publish.packetId);
      this.#answer({ type: "PUBREC", packetId: publish.packetId });
    }
  }

  #answer(draft: Draft): void {
    this.#lane.send([draft]).catch(() => {
      // The connection is closed, which the link reports to the lane.
    });
  }
}
