import type { Frame } from "./frame.ts";
import type { ProtocolVersion } from "./packet.ts";

export interface DecoderOptions {
  readonly version: ProtocolVersion;
  /** Bytes. */
  readonly maximumPacketSize: number;
}

/** Cuts a stream of bytes into packets. */
export class Decoder {
  version: ProtocolVersion;
  constructor(options: DecoderOptions) {
    this.version = options.version;
  }
  push(_bytes: Uint8Array): void {
    throw new Error("Not written yet");
  }
  next(): Frame | undefined {
    return undefined;
  }
}
