/**
 * Text that does harm if shown unchanged: it sets the window title, moves the cursor and clears the screen of
 * a terminal, in both notations for a control sequence; it changes the text direction, and it is markup in
 * HTML and XML.
 */
export const HOSTILE_TEXT =
  "\x1b]0;hostile\x07\x1b[2J\x1b[31mred\x9b2J\u202e<script>hostile()</script>]]>&lt;\"'`|\r\nforged line\x08";
