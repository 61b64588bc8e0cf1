/**
 * At how many a limit has cut off a series of `sent` things: those that came are the first of them, or the last. Undefined
 * where none came, and where one in the middle is missing, which is no limit but a loss.
 */
export function cutAt(came: ReadonlySet<number>, sent: number): number | undefined {
  const { size } = came;
  if (size === 0) return undefined;
  const first = Array.from({ length: size }, (_, at) => at);
  return first.every((at) => came.has(at)) || first.every((at) => came.has(sent - size + at))
    ? size
    : undefined;
}
