import type { Manifest } from './manifest';

/** A manifest's `output`. The methods throw the error of `refuse` if a value is missing or has another type. */
export interface OutputLayout {
  readonly layout: string;
  /** The names of the graph's outputs for one part, in reading order; `otherwise` if the manifest has none. */
  part(name: string, otherwise?: readonly string[]): readonly string[];
  /** A parameter that is a number; undefined if the manifest lacks it. */
  number(name: string): number | undefined;
  /** A parameter that is a list of numbers; undefined if the manifest lacks it. */
  numbers(name: string): readonly number[] | undefined;
}

/** Reads `output` for a task that supports `layouts`. Throws the error of `refuse` for any other layout. */
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
