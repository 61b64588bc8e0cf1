/** The names of the formats of a report, as `--format` takes them. */
export const FORMAT_NAMES = [
  "html",
  "junit",
  "json",
  "tap",
  "markdown",
  "pcapng",
  "acceptance",
  "badge",
] as const;

/** The name of a format. */
export type FormatName = (typeof FORMAT_NAMES)[number];
