import type { AuthPacket, ConnectPacket, Draft, Property } from "../mqtt/packet.ts";
import type { AuthenticationMethod, BrokerBehaviour } from "./behaviour.ts";
import { propertyValue } from "./message.ts";
import { NOT_AUTHORIZED, PROTOCOL_ERROR } from "./reasons.ts";

/** What follows an AUTH of a client. */
export type AuthenticationStep =
  /** The client is who it says. */
  | { readonly kind: "authenticated" }
  /** The server goes on asking. */
  | { readonly kind: "challenge"; readonly packet: Draft }
  /** The client is turned away. */
  | { readonly kind: "refused"; readonly reason: number };

const CONTINUE = 0x18;
const RE_AUTHENTICATE = 0x19;

/** The authentication of one client, when it connects and each time that it asks for it again. */
export class Authentication {
  readonly #method: AuthenticationMethod;
  readonly #behaviour: BrokerBehaviour;
  /** Whether the client has been asked and has yet to answer. */
  #asked = false;
  #connected = false;

  constructor(method: AuthenticationMethod, behaviour: BrokerBehaviour) {
    this.#method = method;
    this.#behaviour = behaviour;
  }

  /** The method as a property. [MQTT-4.12.0-5] of 5.0 */
  get property(): Property {
    return { name: "authenticationMethod", value: this.#method.name };
  }

  /** The AUTH that asks the client. [MQTT-4.12.0-2] of 5.0 */
  challenge(): Draft {
    this.#asked = true;
    const data: Property = { name: "authenticationData", value: bytesOf(this.#method.challenge) };
    return { type: "AUTH", reason: this.#behaviour.challengeReason, properties: [this.property, data] };
  }

  /** Takes an AUTH of the client. */
  take({ reason, properties }: AuthPacket): AuthenticationStep {
    const behaviour = this.#behaviour;
    const method = propertyValue(properties, "authenticationMethod");
    // [MQTT-4.12.0-5] [MQTT-4.12.1-1] of 5.0
    if (method !== this.#method.name && !behaviour.takesOtherMethods) return refused(PROTOCOL_ERROR);
    if (this.#connected && reason === RE_AUTHENTICATE && !this.#asked) {
      return { kind: "challenge", packet: this.challenge() };
    }
    // [MQTT-4.12.0-3] of 5.0
    const continues = reason === CONTINUE || behaviour.takesAnyAuthReason;
    if (!this.#asked || !continues) return refused(PROTOCOL_ERROR);
    this.#asked = false;
    const data = propertyValue(properties, "authenticationData");
    const right = data instanceof Uint8Array && new TextDecoder().decode(data) === this.#method.answer;
    if (!right && !behaviour.takesAnyAnswer) return refused(NOT_AUTHORIZED);
    this.#connected = true;
    return { kind: "authenticated" };
  }
}

/** The authentication of a client whose CONNECT names the broker's method. */
export function authenticationOf(
  { properties }: ConnectPacket,
  behaviour: BrokerBehaviour,
): Authentication | undefined {
  const { authentication } = behaviour;
  const named = propertyValue(properties, "authenticationMethod");
  return authentication && named === authentication.name
    ? new Authentication(authentication, behaviour)
    : undefined;
}

function refused(reason: number): AuthenticationStep {
  return { kind: "refused", reason };
}

function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
