import { asText } from "../../spec/evaluate.ts";
import type { Place } from "../../spec/place.ts";
import type { Data } from "../../spec/scope.ts";
import type { Value } from "../../spec/value.ts";
import type { Fields } from "../../suite/field/kind.ts";
import type { AuthenticateStep } from "../../suite/step/authenticate.ts";
import { type ExpectStep, isExpect } from "../../suite/step/expect.ts";
import type { Outcome } from "../../suite/step/outcome.ts";
import { takeAll } from "../arrivals.ts";
import { type AuthData, AuthProblem, isWrongWay, type WrongWay } from "../auth/exchange.ts";
import type { CaseAuth, LaneExchange } from "../auth/case_auth.ts";
import type { ClientParty } from "../party/client.ts";
import type { Play, Player } from "../player.ts";
import { StepFailed } from "../step_failed.ts";

const CONTINUE = 0x18;
const AGAIN = 0x19;
const SUCCESS = 0x00;

/** Plays the exchange that the target file declares, or a part of it. */
export const authenticate: Player<AuthenticateStep> = async (step, play) => {
  const { auth, client } = play;
  if (!auth || !client) {
    throw new StepFailed({ message: "The target file declares no exchange under auth:", verdict: "skip" });
  }
  try {
    await new Playing(step, play, auth, client(step.lane)).run();
  } catch (error) {
    if (!(error instanceof AuthProblem)) throw error;
    const { method } = auth.declared;
    throw new StepFailed({ message: `${method}: ${error.message}`, verdict: error.verdict });
  }
};

/** The execution of one step that authenticates. */
class Playing {
  readonly #step: AuthenticateStep;
  readonly #play: Play;
  readonly #auth: CaseAuth;
  readonly #client: ClientParty;
  readonly #wrong: WrongWay | undefined;
  /** The other expectations that have not matched yet. */
  readonly #among: ExpectStep[];

  constructor(step: AuthenticateStep, play: Play, auth: CaseAuth, client: ClientParty) {
    this.#step = step;
    this.#play = play;
    this.#auth = auth;
    this.#client = client;
    this.#among = step.among.filter(isExpect);
    this.#wrong = step.wrong && wrongWay(asText(step.wrong, play.context.scope), step.place);
  }

  async run(): Promise<void> {
    const { from, until } = this.#step;
    const wrong = this.#wrong;
    const lane = from === "here" ? this.#left() : this.#auth.begin(this.#step.lane, from === "again");
    const wrongFirst = wrong !== undefined && lane.exchange.isOfFirst(wrong);
    if (from === "here") {
      if (await this.#sendNext(lane)) return;
    } else await this.#sendFirst(lane, wrongFirst);
    if (until === "begun") return;
    for (;;) {
      if (wrongFirst && !await this.#client.isAsked(this.#play.context.time.withinMs)) return;
      const { packet, data } = await this.#take(lane);
      if (packet === "result") {
        if (until) throw this.#noSuchQuestion(until);
        lane.exchange.success(data);
        return void await takeAll(this.#among.map((one) => [one]), this.#play);
      }
      const last = lane.exchange.lastNext;
      lane.next = { data: await lane.exchange.answer(data), last };
      if (until === "asked" || (until && last)) return this.#leave(lane.next.data);
      if (await this.#sendNext(lane) || (wrongFirst && last)) return;
    }
  }

  /** Returns the exchange that an earlier step has left. */
  #left(): LaneExchange {
    const { lane, place } = this.#step;
    const left = this.#auth.of(lane);
    if (left?.next) return left;
    const message = `No earlier step has left an exchange on the lane "${lane}"; write until: last there`;
    throw new StepFailed({ message, verdict: "error" }, place);
  }

  /** Names the client's next message for later steps. */
  #leave(data: AuthData): void {
    const { as } = this.#step;
    if (as === undefined) return;
    if (data === undefined) {
      throw new StepFailed({ message: "not shown: the client's next AUTH has no data", verdict: "skip" });
    }
    this.#play.context.scope.set(as, { data });
  }

  async #sendFirst(lane: LaneExchange, wrong: boolean): Promise<void> {
    const { from, connect } = this.#step;
    const right = lane.exchange.first();
    const data = wrong ? await this.#made(lane, right) : right;
    if (from === "again") return await this.#send("AUTH", [["reason", this.#literal(AGAIN)]], data);
    await this.#send("CONNECT", connect.fields, data, connect.wire);
  }

  /** Sends the client's next message. Returns true if it was made wrong, so nothing is expected after it. */
  async #sendNext(lane: LaneExchange): Promise<boolean> {
    const { next, exchange } = lane;
    lane.next = undefined;
    const wrong = this.#wrong !== undefined && !exchange.isOfFirst(this.#wrong) && next?.last === true;
    const data = wrong ? await this.#made(lane, next.data) : next?.data;
    await this.#send("AUTH", [["reason", this.#literal(CONTINUE)]], data);
    return wrong;
  }

  /** Makes the message wrong. Throws {@link StepFailed} if that is not possible. */
  async #made(lane: LaneExchange, right: AuthData): Promise<AuthData> {
    const wrong = this.#wrong && await lane.exchange.wrong(this.#wrong, right);
    if (wrong) return wrong.data;
    throw new StepFailed({
      message:
        `not shown: no message of ${this.#auth.declared.method} can be wrong in this way (${this.#wrong})`,
      verdict: "skip",
    });
  }

  async #send(type: "CONNECT" | "AUTH", fields: Fields, data: AuthData, wire: Fields = []): Promise<void> {
    const { place } = this.#step;
    const given = fields.find(([name]) => name === "properties")?.[1];
    if (given && given.kind !== "map") {
      throw new StepFailed({
        message: "The properties of connect: must be written as a map",
        verdict: "error",
      }, place);
    }
    const entries: (readonly [string, Value])[] = [
      ...given?.entries ?? [],
      ["authenticationMethod", this.#literal(this.#auth.declared.method)],
    ];
    if (data) {
      const hex: Value = { kind: "map", entries: [["hex", this.#literal(data.toHex())]], place };
      entries.push(["authenticationData", hex]);
    }
    const properties: Value = { kind: "map", entries, place };
    const others = fields.filter(([name]) => name !== "properties");
    await this.#client.send({ kind: "packet", type, fields: [...others, ["properties", properties]], wire });
  }

  /** Takes a question of the server, or the packet that ends the exchange. */
  async #take(
    lane: LaneExchange,
  ): Promise<{ readonly packet: "question" | "result"; readonly data: AuthData }> {
    const { time } = this.#play.context;
    const { result } = this.#step;
    const question = this.#outcome("AUTH", [["reason", this.#literal(CONTINUE)]]);
    const end = this.#outcome(lane.again ? "AUTH" : "CONNACK", [
      ["reason", this.#literal(SUCCESS)],
      ...result.fields,
    ]);
    const others = this.#among.map(({ outcomes }) => outcomes);
    const begun = performance.now();
    // While a message is still to be made wrong, success would be premature.
    const own = this.#wrong === undefined ? [[question], [end]] : [[question]];
    for (;;) {
      const { index, got } = await this.#client.take([...own, ...others], time.withinMs);
      time.gotSince(begun);
      if (index < own.length) return { packet: index === 0 ? "question" : "result", data: authData(got) };
      others.splice(index - own.length, 1);
      const [met] = this.#among.splice(index - own.length, 1);
      if (met?.as !== undefined) this.#play.context.scope.set(met.as, got);
    }
  }

  #outcome(type: "AUTH" | "CONNACK", fields: Fields): Outcome {
    return { kind: "packet", type, fields, place: this.#step.place };
  }

  #literal(value: string | number): Value {
    const source = typeof value === "string" ? value : `0x${value.toString(16).padStart(2, "0")}`;
    return { kind: "literal", value, source, place: this.#step.place };
  }

  #noSuchQuestion(until: "begun" | "asked" | "last"): StepFailed {
    const { method } = this.#auth.declared;
    const what = until === "last" ? "no last message" : "nothing";
    return new StepFailed({
      message: `not shown: the server of ${method} asks for ${what}`,
      verdict: "skip",
    });
  }
}

function wrongWay(name: string, place: Place): WrongWay {
  if (isWrongWay(name)) return name;
  throw new StepFailed(
    { message: `"${name}" is not the name of a wrong message`, verdict: "error" },
    place,
  );
}

/** Returns the Authentication Data of the taken packet. */
function authData(got: Data): AuthData {
  const properties = fieldOf(got, "properties");
  const data = fieldOf(properties, "authenticationData");
  return data instanceof Uint8Array ? data : undefined;
}

function fieldOf(data: Data | undefined, name: string): Data | undefined {
  if (typeof data !== "object" || data === null || data instanceof Uint8Array || data instanceof Array) {
    return undefined;
  }
  return (data as { readonly [key: string]: Data })[name];
}
