import type { AnyContract, Manifest, ModelSource, OptionsOf, OutputOf, TaskContract } from '@hayate/core';
import type { ImageInput } from '@hayate/vision';
import type { OverlayMark } from './overlay';

/** One result as the list shows it. */
export interface ResultRow {
  readonly label: string;
  /** From 0 to 1. */
  readonly score: number;
  /** The label's place among the model's. */
  readonly index?: number;
  /** Its place in the picture; absent where the result is about the whole picture. */
  readonly mark?: OverlayMark;
}

/** A slider for a number among a run's options. Until it is moved, the model's own value is used. */
export interface RangeControl {
  readonly kind: 'range';
  readonly name: string;
  readonly title: string;
  readonly min: number;
  readonly max: number;
  readonly step: number;
  initial(model: Manifest): number;
  format(value: number): string;
}

/** A choice of one of the model's labels, or of all. */
export interface LabelControl {
  readonly kind: 'label';
  readonly name: string;
  readonly title: string;
  /** The text for all labels. */
  readonly all: string;
}

/** A control for one option of a run. */
export type Control = RangeControl | LabelControl;

/** The chosen values by the names of their controls; those that were not changed are absent. */
export type ControlValues = Readonly<Record<string, number | string>>;

/** What differs between the pages of tasks. A further task is one of these, and a line in `task-pages.ts`. */
export interface TaskPage<Contract extends AnyContract> {
  /** The page's place in the address, `#/path`. */
  readonly path: string;
  /** Its name in the navigation. */
  readonly title: string;
  readonly heading: string;
  readonly lead: string;
  readonly contract: Contract;
  /** The models that come with the page; the first one is chosen until somebody chooses another. */
  readonly models: readonly [Manifest, ...Manifest[]];
  /** Says what the list will show, while there is no photo. */
  readonly empty: string;
  /** Whether the best result stands out in the list. */
  readonly ranked: boolean;
  /** How many rows to leave room for, so that little moves when the results come. */
  readonly rowCount: number;
  readonly controls: readonly Control[];
  /** A remark on the model that comes with the page. */
  readonly note: string;
  options(values: ControlValues): OptionsOf<Contract>;
  /** The result as one sentence, which screen readers read. */
  sentence(output: OutputOf<Contract>): string;
  rows(output: OutputOf<Contract>): readonly ResultRow[];
}

/** The contract of any task that takes a picture. */
export type PhotoContract = TaskContract<
  { readonly model: ModelSource },
  ImageInput,
  object,
  unknown,
  unknown
>;

/** The page of any task that takes a picture. */
export type AnyTaskPage = TaskPage<PhotoContract>;

/** Defines a task's page: checks its types against its contract. */
export function defineTaskPage<Contract extends PhotoContract>(page: TaskPage<Contract>): AnyTaskPage {
  return page;
}

/**
 * A slider for the least score, which all detectors have. `otherwise` gives the pipeline's default for a layout, for
 * manifests that do not name one.
 */
export function scoreControl(otherwise: (layout: string) => number): RangeControl {
  return {
    kind: 'range',
    name: 'scoreThreshold',
    title: 'Least score',
    min: 0.05,
    max: 0.95,
    step: 0.05,
    initial({ output }) {
      const own = output.parameters?.['scoreThreshold'];
      return typeof own === 'number' ? own : otherwise(output.layout);
    },
    format: (value) => `${Math.round(value * 100)}%`,
  };
}
