/**
 * The fragment that names a case run, from its id, target, protocol and, of a repeated run, round.
 * @param {readonly string[]} parts
 * @returns {string}
 */
export function addressOf(parts) {
  const escaped = (part) => encodeURIComponent(part.toWellFormed()).replaceAll("%2F", "/");
  return `case=${parts.map(escaped).join(";")}`;
}
