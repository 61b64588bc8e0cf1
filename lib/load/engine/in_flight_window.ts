/** The state of a packet id without a message. */
export const FREE = 0;
/** The state after PUBLISH: PUBACK or PUBREC is expected. */
export const PUBLISHED = 1;
/** The state after PUBREL: PUBCOMP is expected. */
export const RELEASED = 2;

/**
 * The messages of QoS 1 and 2 that a client has in flight, by packet id. Ids are taken in turn, 1 to `size`. Hot path: typed
 * arrays, and no allocation per message.
 */
export class InFlightWindow {
  readonly size: number;
  /** Arrays indexed by packet id; times in ms of the run's clock. */
  readonly dueMs: Float64Array;
  readonly sentMs: Float64Array;
  readonly flow: Int32Array;
  readonly sequence: Uint32Array;
  readonly state: Uint8Array;
  readonly #free: Uint16Array;
  #head = 0;
  #count: number;

  constructor(size: number) {
    this.size = size;
    this.dueMs = new Float64Array(size + 1);
    this.sentMs = new Float64Array(size + 1);
    this.flow = new Int32Array(size + 1);
    this.sequence = new Uint32Array(size + 1);
    this.state = new Uint8Array(size + 1);
    this.#free = Uint16Array.from({ length: size }, (_, index) => index + 1);
    this.#count = size;
  }

  /** How many messages are in flight. */
  get used(): number {
    return this.size - this.#count;
  }

  /** Takes a packet id for a message; 0 if all are in flight. */
  take(): number {
    if (this.#count === 0) return 0;
    const id = this.#free[this.#head] ?? 0;
    this.#head = (this.#head + 1) % this.size;
    this.#count--;
    this.state[id] = PUBLISHED;
    return id;
  }

  /** Frees a packet id. */
  free(id: number): void {
    this.state[id] = FREE;
    this.#free[(this.#head + this.#count) % this.size] = id;
    this.#count++;
  }

  /** The state of a packet id; FREE for one outside the window. */
  stateOf(id: number): number {
    return this.state[id] ?? FREE;
  }

  /** The packet ids in flight, in the order in which their messages were sent. */
  inOrder(): readonly number[] {
    const ids: number[] = [];
    for (let id = 1; id <= this.size; id++) if (this.state[id] !== FREE) ids.push(id);
    return ids.sort((a, b) => (this.sentMs[a] ?? 0) - (this.sentMs[b] ?? 0));
  }
}
