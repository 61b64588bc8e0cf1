import type { AuthPacket, ConnectPacket, Draft, Property } from "../mqtt/packet.ts";
import type { BrokerBehaviour } from "./behaviour.ts";
import { type Delivery, propertyValue } from "./message.ts";
import type { AuthData, AuthenticationMethod, MethodStep, ServerExchange } from "./method/method.ts";
import { NOT_AUTHORIZED, PROTOCOL_ERROR } from "./reasons.ts";

/** The broker's reaction to a message of a client that authenticates. */
export type AuthenticationStep =
  /** The client is authenticated; the packet that reports it has these properties. */
  | { readonly kind: "authenticated"; readonly properties: readonly Property[] }
  /** The server asks for the next message. */
  | { readonly kind: "ask"; readonly packet: Draft }
  /** The client is refused. */
  | { readonly kind: "refused"; readonly reason: number };

const CONTINUE = 0x18;
const RE_AUTHENTICATE = 0x19;

/** The authentication of one client: when it connects, and each time that it re-authenticates. */
export class Authentication {
  readonly #method: AuthenticationMethod;
  readonly #behaviour: BrokerBehaviour;
  /** The exchange in progress. */
  #exchange: ServerExchange | undefined;
  /** Whether the client must still answer the AUTH that carried the success data. */
  #toldFirst = false;
  #connected = false;
  #again = 0;
  #held: Delivery[] = [];

  constructor(method: AuthenticationMethod, behaviour: BrokerBehaviour) {
    this.#method = method;
    this.#behaviour = behaviour;
  }

  /** Whether a re-authentication of a connected client is in progress. */
  get again(): boolean {
    return this.#connected && this.#exchange !== undefined;
  }

  /** Begins with the properties of CONNECT. */
  begin(properties: readonly Property[]): AuthenticationStep {
    const { acceptsUnasked, asksUnknownUsers, passesFault } = this.#behaviour;
    if (acceptsUnasked) return this.#authenticated(undefined);
    this.#exchange = this.#method.begin({ passes: passesFault, asksUnknownUsers });
    return this.#follow(this.#exchange.take(dataOf(properties)));
  }

  /** Handles an AUTH of the client. */
  take({ reason, properties }: AuthPacket): AuthenticationStep {
    const behaviour = this.#behaviour;
    const method = propertyValue(properties, "authenticationMethod");
    // [MQTT-4.12.0-5] [MQTT-4.12.1-1] of 5.0
    if (method !== this.#method.name && !behaviour.takesOtherMethods) return this.#refused(PROTOCOL_ERROR);
    if (this.#connected && reason === RE_AUTHENTICATE && !this.#exchange) {
      if (this.#again++ >= behaviour.mostReAuthentications) return this.#refused(PROTOCOL_ERROR);
      return this.begin(properties);
    }
    // [MQTT-4.12.0-3] of 5.0
    const continues = reason === CONTINUE || behaviour.takesAnyAuthReason;
    if (!this.#exchange || !continues) return this.#refused(PROTOCOL_ERROR);
    if (this.#toldFirst) return this.#authenticated(undefined);
    return this.#follow(this.#exchange.take(dataOf(properties)));
  }

  /** An AUTH with which a defective broker asks for data without a reason. */
  question(): Draft {
    return this.#ask(undefined).packet;
  }

  /** Holds back a delivery that must not be sent now. */
  keeps(delivery: Delivery): boolean {
    const fate = this.again ? this.#behaviour.duringAuth(delivery) : "send";
    if (fate === "hold") this.#held.push(delivery);
    return fate !== "send";
  }

  /** The held-back deliveries, in order. */
  release(): readonly Delivery[] {
    const held = this.#held;
    this.#held = [];
    return held;
  }

  #follow(step: MethodStep): AuthenticationStep {
    if (step.kind === "failed") {
      return this.#refused(this.#behaviour.authFailure(NOT_AUTHORIZED, this.#connected));
    }
    if (step.kind === "ask") return this.#ask(step.data);
    const data = this.#behaviour.successData(step.data);
    if (!this.#behaviour.successDataFirst || data === undefined) return this.#authenticated(data);
    this.#toldFirst = true;
    return this.#ask(data);
  }

  // [MQTT-4.12.0-2] of 5.0
  #ask(data: AuthData): Extract<AuthenticationStep, { kind: "ask" }> {
    const { challengeReason, challengeMethod } = this.#behaviour;
    const properties = withData(challengeMethod(this.#method.name), data);
    return { kind: "ask", packet: { type: "AUTH", reason: challengeReason, properties } };
  }

  #authenticated(data: AuthData): AuthenticationStep {
    this.#exchange = undefined;
    this.#toldFirst = false;
    this.#connected = true;
    // [MQTT-4.12.0-5] of 5.0
    const method = this.#behaviour.namesMethod ? this.#method.name : undefined;
    return { kind: "authenticated", properties: withData(method, data) };
  }

  #refused(reason: number): AuthenticationStep {
    this.#exchange = undefined;
    this.#toldFirst = false;
    return { kind: "refused", reason };
  }
}

/** The authentication of a client whose CONNECT names a method of the broker. */
export function authenticationOf(
  { properties }: ConnectPacket,
  behaviour: BrokerBehaviour,
): Authentication | undefined {
  const named = propertyValue(properties, "authenticationMethod");
  const method = behaviour.methods.find(({ name }) => name === named);
  return method && new Authentication(method, behaviour);
}

function dataOf(properties: readonly Property[]): AuthData {
  const data = propertyValue(properties, "authenticationData");
  return data instanceof Uint8Array ? data : undefined;
}

function withData(method: string | undefined, data: AuthData): readonly Property[] {
  return [
    ...(method === undefined ? [] : [{ name: "authenticationMethod", value: method }]),
    ...(data === undefined ? [] : [{ name: "authenticationData", value: data }]),
  ];
}
