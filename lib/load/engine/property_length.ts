/** The offset of the payload after the properties at `at`; after `end` if they are longer than the packet. */
export function behindProperties(bytes: Uint8Array, at: number, end: number): number {
  let length = 0;
  let shift = 0;
  let next = at;
  for (;;) {
    const byte = bytes[next++] ?? 0;
    length |= (byte & 0x7f) << shift;
    shift += 7;
    if (byte < 0x80) return next + length;
    if (shift > 21 || next >= end) return end + 1;
  }
}

/** The offset of the first property, after the length of all at `at`. */
export function propertiesAt(bytes: Uint8Array, at: number): number {
  let next = at;
  while ((bytes[next++] ?? 0) >= 0x80 && next < at + 4);
  return next;
}
