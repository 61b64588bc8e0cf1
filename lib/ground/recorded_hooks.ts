/**
 * Wraps hooks, an object of functions and values, so that `consulted` is called with the name of each one that is read,
 * followed by its subject: what `subject` makes of its first argument, "" for none.
 */
export function recordedHooks<T extends object>(
  hooks: T,
  consulted: (point: string) => void,
  subject: (given: unknown) => string,
): T {
  return new Proxy(hooks, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name);
      if (typeof value !== "function") {
        consulted(String(name));
        return value;
      }
      return (...given: readonly unknown[]): unknown => {
        consulted(`${String(name)} ${subject(given[0])}`.trimEnd());
        return Reflect.apply(value, undefined, given);
      };
    },
  });
}
