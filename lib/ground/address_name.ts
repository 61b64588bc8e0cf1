/** The name of a target that has only an address: `dev-ttyusb0` of `serial:/dev/ttyUSB0?baud=115200`. */
export function nameOfAddress(text: string): string {
  const name = text.replace(/^[a-z-]+:(\/\/)?/, "").replace(/[?].*$/, "").replaceAll(
    /[^A-Za-z0-9._-]+/g,
    "-",
  );
  return name.toLowerCase().replace(/^-+|-+$/g, "") || "target";
}
