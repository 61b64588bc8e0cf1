/** Cuts bytes that come in pieces into lines of UTF-8, each bounded. */
export class LineSplitter {
  readonly #longest: number;
  #pieces: Uint8Array[] = [];
  #size = 0;
  /** A line was longer than allowed; nothing more is kept. */
  tooLong = false;

  /** `longest` is how many bytes a line may have. */
  constructor(longest: number) {
    this.#longest = longest;
  }

  /** Takes bytes and gives the lines that they complete, without their ends. */
  push(bytes: Uint8Array): string[] {
    const lines: string[] = [];
    let rest = bytes;
    for (let end = rest.indexOf(0x0a); end >= 0 && !this.tooLong; end = rest.indexOf(0x0a)) {
      this.#keep(rest.subarray(0, end));
      if (!this.tooLong) lines.push(this.#whole());
      rest = rest.subarray(end + 1);
    }
    if (!this.tooLong && rest.length > 0) this.#keep(rest);
    return lines;
  }

  #keep(piece: Uint8Array): void {
    this.#size += piece.length;
    if (this.#size > this.#longest) {
      this.tooLong = true;
      this.#pieces = [];
      return;
    }
    this.#pieces.push(piece.slice());
  }

  #whole(): string {
    const decoder = new TextDecoder();
    const text = this.#pieces.map((piece) => decoder.decode(piece, { stream: true })).join("") +
      decoder.decode();
    this.#pieces = [];
    this.#size = 0;
    return text.endsWith("\r") ? text.slice(0, -1) : text;
  }
}
