/** How many bytes of a payload the mark takes, by which attest knows a message again. */
export const HEADER_BYTES = 20;
/** The shortest payload of bytes: a mark without the moment of sending. */
export const LEAST_BYTES = 16;
