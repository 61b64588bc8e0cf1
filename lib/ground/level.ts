/** How strongly a clause binds, in the words of RFC 2119. */
export const LEVELS = ["must", "should", "may"] as const;
/** One of {@link LEVELS}. */
export type Level = (typeof LEVELS)[number];
