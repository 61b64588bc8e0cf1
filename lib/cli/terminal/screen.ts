import { styleText } from "node:util";
import { visible } from "../../ground/text.ts";
import { shown } from "./shown.ts";

/** The emphasis of a text in the output. */
export type Look = "good" | "bad" | "doubt" | "faint" | "strong";

const STYLES: Readonly<Record<Look, Parameters<typeof styleText>[0]>> = {
  good: "green",
  bad: "red",
  doubt: "yellow",
  faint: "gray",
  strong: "bold",
};

/** A part of the live line. */
export interface LivePart {
  readonly text: string;
  readonly look?: Look;
}

/** The output of a command, on a terminal or a pipe. */
export interface Screen {
  /** Whether a live line can be drawn. */
  readonly live: boolean;
  /** How many characters fit into a line. */
  readonly columns: number;
  /** Draws the live line: its parts two spaces apart, cut to the width. Without parts it is removed. Does nothing on a pipe. */
  draw(parts: readonly LivePart[]): void;
  /** Prints a line above the live line, which is drawn again at its next change. */
  print(line: string): void;
  /** Prints a line to the error output. */
  complain(line: string): void;
  /** The text with its emphasis, if the output has colours. */
  paint(look: Look, text: string): string;
}

/** The screen of this process. It has colours on a terminal only, and not with NO_COLOR. */
export function processScreen(): Screen {
  const live = Deno.stdout.isTerminal();
  const colours = live && !Deno.noColor;
  const columns = live ? Deno.consoleSize().columns || 80 : 100;
  const paint = (look: Look, text: string) =>
    colours ? styleText(STYLES[look], text, { validateStream: false }) : text;
  const encoder = new TextEncoder();
  let drawn = false;
  const write = (to: typeof Deno.stdout | typeof Deno.stderr, text: string) => {
    let bytes = encoder.encode(text);
    try {
      while (bytes.length > 0) bytes = bytes.subarray(to.writeSync(bytes));
    } catch (error) {
      // If the reader of the pipe has ended (`| head`), printing fails, but the run still has reports to write.
      if (!(error instanceof Deno.errors.BrokenPipe)) throw error;
    }
  };
  const line = (to: typeof Deno.stdout | typeof Deno.stderr, text: string) => {
    const before = drawn ? ERASE : "";
    drawn = false;
    write(to, `${before}${shown(text, colours)}\n`);
  };
  return {
    live,
    columns,
    draw(parts) {
      if (!live || (parts.length === 0 && !drawn)) return;
      drawn = parts.length > 0;
      write(Deno.stdout, `${ERASE}${painted(parts, columns - 1, paint)}`);
    },
    print: (text) => line(Deno.stdout, text),
    complain: (text) => line(Deno.stderr, text),
    paint,
  };
}

/** Moves to the first column and empties the line. */
const ERASE = "\r\x1b[2K";

/** Joins the parts to one line of at most `width` characters. */
function painted(parts: readonly LivePart[], width: number, paint: Screen["paint"]): string {
  let left = width;
  let line = "";
  for (const { text, look } of parts) {
    const gap = line === "" ? "" : "  ";
    const cut = [...visible(text)].slice(0, Math.max(0, left - gap.length)).join("");
    if (cut === "") break;
    line += gap + (look ? paint(look, cut) : cut);
    left -= gap.length + [...cut].length;
  }
  return line;
}
