/** A name that a file gives: of a capture, a variable, a value. */
export const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;
