/** The pattern of a name in a file: of a capture, a variable or a value. */
export const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;
