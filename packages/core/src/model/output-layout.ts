import type { Manifest } from './manifest';

/** Reads a manifest's `output` and reports what is missing or wrong. */
export interface OutputLayout {
  readonly layout: string;
  /** The names of the outputs of one part, in order; `otherwise` if the manifest does not give them. */
  part(name: string, otherwise?: readonly string[]): readonly string[];
  /** A parameter that is a number; undefined if the manifest lacks it. */
  number(name: string): number | undefined;
  /** A parameter that is a list of numbers; undefined if the manifest lacks it. */
  numbers(name: string): readonly number[] | undefined;
}

/** Reads `output` for a task that supports `layouts`. Throws the error that `refuse` returns for a reason. */
export function readOutputLayout(
  { layout, parts, parameters }: Manifest['output'],
  layouts: readonly string[],
  refuse: (reason: string) => Error,
): OutputLayout {
  if (!layouts.includes(layout)) {
    throw refuse(`the output layout must be one of ${layouts.join(', ')}, not "${layout}"`);
  }
  return {
    layout,
    part(name, otherwise) {
      const names = parts?.[name] ?? otherwise;
      if (names !== undefined) return names;
      throw refuse(`"output.parts.${name}" must name the graph's outputs for the layout "${layout}"`);
    },
    number(name) {
      const value = parameters?.[name];
      if (value === undefined || typeof value === 'number') return value;
      throw refuse(`"output.parameters.${name}" must be a number`);
    },
    numbers(name) {
      const value = parameters?.[name];
      if (value === undefined || typeof value !== 'number') return value;
      throw refuse(`"output.parameters.${name}" must be a list of numbers`);
    },
  };
}
