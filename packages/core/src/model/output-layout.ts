import type { Manifest } from './manifest';

/** A manifest's `output`, read with sentences for what it lacks. */
export interface OutputLayout {
  readonly layout: string;
  /** The graph's outputs that make one part, in order; `otherwise` where the manifest does not say. */
  part(name: string, otherwise?: readonly string[]): readonly string[];
  /** A number, or `undefined` where the manifest does not say. */
  number(name: string): number | undefined;
  /** A list of numbers, or `undefined` where the manifest does not say. */
  numbers(name: string): readonly number[] | undefined;
}

/** Reads `output` for a task that knows `layouts`. Throws what `refuse` makes of a reason. */
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
