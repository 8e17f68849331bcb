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
  /** Where it is in the picture; absent where the result is about all of it. */
  readonly mark?: OverlayMark;
}

/** A number that a run may choose. The model's own stands until somebody moves the slider. */
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

/** One of the model's labels, or all. */
export interface LabelControl {
  readonly kind: 'label';
  readonly name: string;
  readonly title: string;
  /** The words for no choice. */
  readonly all: string;
}

/** What a person may choose for a run. */
export type Control = RangeControl | LabelControl;

/** What has been chosen, by the control's name; what is not there has not been touched. */
export type ControlValues = Readonly<Record<string, number | string>>;

/** All that makes a task's page, beside what all pages share. A further task is one of these and a line in the list. */
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
  /** What will stand in the list, told while no photo is there. */
  readonly empty: string;
  /** Whether the best result stands out in the list. */
  readonly ranked: boolean;
  /** How many rows are expected, so that little moves when they come. */
  readonly rowCount: number;
  readonly controls: readonly Control[];
  /** What is good to know of the model that comes with the page. */
  readonly note: string;
  options(values: ControlValues): OptionsOf<Contract>;
  /** The result as one sentence. It is read aloud. */
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

/** Describes a task's page; it only checks the types and then forgets them. */
export function defineTaskPage<Contract extends PhotoContract>(page: TaskPage<Contract>): AnyTaskPage {
  return page;
}

/**
 * A slider for the least score, which all detectors have. `otherwise` is what the task's pipeline takes for a layout
 * where the manifest does not say.
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
