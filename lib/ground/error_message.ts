/** Returns the message of a thrown value: the Error's own message, or any other value as text. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
