import { type Form, Report } from "../../spec/form.ts";
import { readYaml } from "../../spec/yaml.ts";

/** Reads a text by a form; returns its value, and its mistakes, each with its place. */
export function readForm<T>(
  form: Form<T>,
  text: string,
): { readonly value: T | undefined; readonly mistakes: readonly string[] } {
  const report = new Report();
  const { root, problems } = readYaml(text, "test.yaml");
  report.problems.push(...problems);
  const value = root && form.read(root, report);
  const mistakes = report.problems.map(({ message, place }) => `${place.line}:${place.column} ${message}`);
  return { value, mistakes };
}
