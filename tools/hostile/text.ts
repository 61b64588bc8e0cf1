/**
 * Text that does harm where it is shown as it is: it names the window, moves the cursor and clears the screen of a terminal, in
 * both ways to write a control sequence, turns the direction of text, and is markup in HTML and XML.
 */
export const HOSTILE_TEXT =
  "\x1b]0;hostile\x07\x1b[2J\x1b[31mred\x9b2J\u202e<script>hostile()</script>]]>&lt;\"'`|\r\nforged line\x08";
