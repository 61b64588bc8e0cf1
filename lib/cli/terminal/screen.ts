import { stripVTControlCharacters, styleText } from "node:util";

/** What a line of output may look like. */
export type Look = "good" | "bad" | "doubt" | "faint" | "strong";

const STYLES: Readonly<Record<Look, Parameters<typeof styleText>[0]>> = {
  good: "green",
  bad: "red",
  doubt: "yellow",
  faint: "gray",
  strong: "bold",
};

/** Where a command speaks to its user: a terminal or a pipe. */
export interface Screen {
  /** Whether a live line can be drawn. */
  readonly live: boolean;
  /** Characters in a line. */
  readonly columns: number;
  /** Prints a line. */
  print(line: string): void;
  /** Prints a line to the error output. */
  complain(line: string): void;
  /** The text in a colour, where there are colours. */
  paint(look: Look, text: string): string;
}

/** The screen of this process: colours only on a terminal, and not where NO_COLOR asks for none. */
export function processScreen(): Screen {
  const live = Deno.stdout.isTerminal();
  const colours = live && !Deno.noColor;
  const encoder = new TextEncoder();
  const write = (to: typeof Deno.stdout | typeof Deno.stderr, line: string) => {
    let bytes = encoder.encode(`${colours ? line : stripVTControlCharacters(line)}\n`);
    try {
      while (bytes.length > 0) bytes = bytes.subarray(to.writeSync(bytes));
    } catch (error) {
      // A reader that has gone (`| head`) wants no more, and the run still has its reports to write.
      if (!(error instanceof Deno.errors.BrokenPipe)) throw error;
    }
  };
  return {
    live,
    columns: live ? Deno.consoleSize().columns || 80 : 100,
    print: (line) => write(Deno.stdout, line),
    complain: (line) => write(Deno.stderr, line),
    paint: (look, text) => colours ? styleText(STYLES[look], text, { validateStream: false }) : text,
  };
}
