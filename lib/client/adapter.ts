import { escaped } from "../ground/text.ts";
import { Inbox } from "../link/inbox.ts";
import { LineSplitter } from "./line_splitter.ts";
import { readMessage } from "./messages.ts";
import { type ClientEvent, type Hello, type Reply, type Request, REQUESTS } from "./protocol.ts";

/** So many events may wait; an adapter that says more without being asked floods. */
const MOST_EVENTS = 10_000;
/** Bytes that one line may have. */
export const LONGEST_LINE = 4 * 1024 * 1024;
/** Milliseconds that an adapter may take for its hello, for a reply, and for a reset. */
const HELLO_MS = 10_000;
const REPLY_MS = 5_000;
const RESET_MS = 1_000;
/** Characters of a wrong line that a message shows. */
const SHOWN = 200;

/** A program that speaks the adapter protocol, as far as an {@link Adapter} needs it. */
export interface AdapterProgram {
  readonly name: string;
  readonly stdin: WritableStream<Uint8Array>;
  readonly stdout: ReadableStream<Uint8Array>;
  /** How it ended, in words; "still runs" before. */
  readonly ending: () => string;
  /** The last lines that it has logged, as the end of a sentence; empty where there are none. */
  readonly lastWords: () => string;
}

/** An adapter broke the protocol, ended, or is silent. The message is one sentence about it, with its last lines. */
export class AdapterError extends Error {
  override readonly name = "AdapterError";
}

/** How long an adapter may take; default 10 s for its hello, 5 s for a reply, 1 s for a reset. */
export interface AdapterTimes {
  readonly helloMs?: number | undefined;
  readonly replyMs?: number | undefined;
  readonly resetMs?: number | undefined;
}

interface Waiting {
  readonly request: Request;
  readonly resolve: (reply: Reply) => void;
  readonly reject: (error: AdapterError) => void;
}

type Arrival = { readonly kind: "event"; readonly event: ClientEvent };

/**
 * The conversation with one adapter. Whatever it does wrong is its `fault`: it ends all waits, and each later call throws
 * the same {@link AdapterError}. The program itself is its owner's to end.
 */
export class Adapter {
  readonly hello: Hello;
  /** Aborts with the first fault. */
  readonly gone: AbortSignal;
  readonly #state: Conversation;

  private constructor(hello: Hello, state: Conversation) {
    this.hello = hello;
    this.#state = state;
    this.gone = state.gone.signal;
  }

  /** Waits for the adapter's hello. Throws {@link AdapterError}. */
  static async begin(program: AdapterProgram, times: AdapterTimes = {}): Promise<Adapter> {
    const state = new Conversation(program, times);
    return new Adapter(await state.hello(), state);
  }

  /** What it did wrong, once it did. */
  get fault(): AdapterError | undefined {
    return this.#state.fault;
  }

  /** Asks for something and gives the reply. Throws {@link AdapterError}. */
  ask(request: Request): Promise<Reply> {
    return this.#state.ask(request);
  }

  /** The next event, or undefined when `withinMs` pass or `signal` aborts. Throws {@link AdapterError}. */
  async next(withinMs: number, signal: AbortSignal): Promise<ClientEvent | undefined> {
    const arrival = await this.#state.events.receive(withinMs, AbortSignal.any([signal, this.gone]));
    if (!arrival && this.fault) throw this.fault;
    return arrival?.event;
  }

  /** The next event if one waits, left where it is. */
  peek(): ClientEvent | undefined {
    return this.#state.events.peek()?.event;
  }

  /** Forgets all clients and what they have told. Throws {@link AdapterError}. */
  async reset(): Promise<void> {
    await this.#state.reset();
  }

  /** Ends the conversation; resolves once nothing more is read. */
  async end(): Promise<void> {
    await this.#state.end();
  }
}

/** The messages of both ways, and what each may say after those before it. */
class Conversation {
  readonly events = new Inbox<Arrival>(MOST_EVENTS, () => LONGEST_LINE * 4, () => 1);
  readonly gone = new AbortController();
  fault: AdapterError | undefined;
  readonly #program: AdapterProgram;
  readonly #times: AdapterTimes;
  readonly #writer: WritableStreamDefaultWriter<Uint8Array>;
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  readonly #reading: Promise<void>;
  readonly #hello = Promise.withResolvers<Hello>();
  #greeted = false;
  #ended = false;
  #lastId = 0;
  readonly #waiting = new Map<number, Waiting>();
  readonly #clients = new Set<string>();
  /** What each token of a client stands for, by `client token`. */
  readonly #tokens = new Map<string, string>();
  /** Events whose token no reply has named yet, while a reply is waited for. */
  #early: ClientEvent[] = [];

  constructor(program: AdapterProgram, times: AdapterTimes) {
    this.#program = program;
    this.#times = times;
    this.#writer = program.stdin.getWriter();
    this.#reader = program.stdout.getReader();
    this.#hello.promise.catch(() => {});
    this.#reading = this.#read();
  }

  async hello(): Promise<Hello> {
    const ms = this.#times.helloMs ?? HELLO_MS;
    using _late = later(ms, () => this.#fail(`said no hello within ${ms} ms`));
    return await this.#hello.promise;
  }

  async ask(request: Request, ms = this.#times.replyMs ?? REPLY_MS): Promise<Reply> {
    if (this.fault) throw this.fault;
    const id = ++this.#lastId;
    if (request.do === "connect" && request.client !== undefined) this.#clients.add(request.client);
    const { promise, resolve, reject } = Promise.withResolvers<Reply>();
    this.#waiting.set(id, { request, resolve, reject });
    using _late = later(ms, () => this.#fail(`did not answer ${request.do} within ${ms} ms`));
    const line = JSON.stringify({ id, ...request });
    this.#writer.write(new TextEncoder().encode(`${line}\n`)).catch(() => {
      // The end of its output shows that it reads no more.
    });
    return await promise;
  }

  async reset(): Promise<void> {
    const reply = await this.ask({ do: "reset" }, this.#times.resetMs ?? RESET_MS);
    if (!("ok" in reply)) {
      this.#fail(`did not take reset: ${"refused" in reply ? reply.refused : reply.unsupported}`);
    }
    if (this.fault) throw this.fault;
    this.events.clear();
    this.#clients.clear();
    this.#tokens.clear();
    this.#early = [];
  }

  async end(): Promise<void> {
    this.#ended = true;
    this.#writer.close().catch(() => {});
    await this.#reader.cancel().catch(() => {});
    await this.#reading;
  }

  async #read(): Promise<void> {
    const lines = new LineSplitter(LONGEST_LINE);
    try {
      for (let read = await this.#reader.read(); !read.done; read = await this.#reader.read()) {
        for (const line of lines.push(read.value)) this.#line(line);
        if (lines.tooLong) this.#fail(`wrote a line of more than ${LONGEST_LINE} bytes`);
        if (this.fault) break;
      }
    } catch {
      // A pipe that breaks has ended.
    }
    if (this.#ended || this.fault) return;
    // How it ended is known a moment later than that it did.
    await new Promise((resolve) => setTimeout(resolve, 50));
    this.#fail(`has closed its output and ${this.#program.ending()}`);
  }

  #line(line: string): void {
    if (this.fault) return;
    const read = readMessage(line, this.#greeted);
    switch (read.kind) {
      case "wrong":
        return this.#fail(`${read.problem}; it wrote ${escaped(line.slice(0, SHOWN))}`);
      case "hello":
        this.#greeted = true;
        return this.#hello.resolve(read.hello);
      case "reply":
        return this.#reply(read.reply, line);
      case "event":
        return this.#event(read.event, line);
    }
  }

  #reply(reply: Reply, line: string): void {
    const waiting = this.#waiting.get(reply.id);
    if (!waiting) {
      const why = reply.id <= this.#lastId ? "has already answered" : "was not asked";
      return this.#fail(`${why} request ${reply.id}; it wrote ${escaped(line.slice(0, SHOWN))}`);
    }
    const { do: what, client } = waiting.request;
    if ("ok" in reply) {
      const spec = Object.hasOwn(REQUESTS, what) ? REQUESTS[what] : undefined;
      if (spec?.token !== (reply.token === undefined ? undefined : true)) {
        return this.#fail(
          spec?.token ? `has answered ${what} without a token` : `has answered ${what} with a token`,
        );
      }
      if (reply.token !== undefined) this.#tokens.set(`${client} ${reply.token}`, what);
    }
    this.#waiting.delete(reply.id);
    waiting.resolve(reply);
    // Events that came before the reply are handled after whoever waits for the reply.
    const early = this.#early;
    this.#early = [];
    queueMicrotask(() => early.forEach((event) => this.#event(event, JSON.stringify(event))));
  }

  #event(event: ClientEvent, line: string): void {
    if (this.fault) return;
    const wrote = `; it wrote ${escaped(line.slice(0, SHOWN))}`;
    if (!this.#clients.has(event.client)) {
      return this.#fail(`has reported an event of an unknown client${wrote}`);
    }
    if (event.token !== undefined) {
      const what = this.#tokens.get(`${event.client} ${event.token}`);
      if (what === undefined) {
        if (this.#waiting.size > 0 && this.#early.length < MOST_EVENTS) return void this.#early.push(event);
        return this.#fail(`has told of token ${event.token}, which it never gave${wrote}`);
      }
      const due = COMPLETES[event.on];
      if (due !== undefined && due !== what) {
        return this.#fail(`has told "${event.on}" of a token of ${what}${wrote}`);
      }
    }
    if (this.events.full) return this.#fail(`has told more than ${MOST_EVENTS} things that nobody waits for`);
    this.events.put({ kind: "event", event });
  }

  #fail(what: string): void {
    if (this.fault || this.#ended) return;
    const { name, lastWords } = this.#program;
    this.fault = new AdapterError(`The adapter of ${name} ${what}${lastWords()}`);
    this.#hello.reject(this.fault);
    for (const { reject } of this.#waiting.values()) reject(this.fault);
    this.#waiting.clear();
    this.gone.abort();
  }
}

/** What an event with a token completes. */
const COMPLETES: Readonly<Record<string, string>> = {
  published: "publish",
  subscribed: "subscribe",
  unsubscribed: "unsubscribe",
};

function later(ms: number, act: () => void): Disposable {
  const timer = setTimeout(act, ms);
  return { [Symbol.dispose]: () => clearTimeout(timer) };
}
