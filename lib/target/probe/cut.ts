/**
 * Returns how many of `sent` items a limit has let through, if they are the first or the last ones. Returns
 * undefined if none came, or if one in the middle is missing, which means a loss and not a limit.
 */
export function cutAt(came: ReadonlySet<number>, sent: number): number | undefined {
  const { size } = came;
  if (size === 0) return undefined;
  const first = Array.from({ length: size }, (_, at) => at);
  return first.every((at) => came.has(at)) || first.every((at) => came.has(sent - size + at))
    ? size
    : undefined;
}
