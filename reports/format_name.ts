/** The names of the report formats, for `--format`. */
export const FORMAT_NAMES = [
  "html",
  "junit",
  "json",
  "tap",
  "markdown",
  "pcapng",
  "acceptance",
  "badge",
  "csv",
] as const;

/** The name of a report format. */
export type FormatName = (typeof FORMAT_NAMES)[number];
