import { fits, labelKinds, layoutPresets, normalisations, type LayoutPreset } from './own-model-layouts';
import { taskPages } from './task-pages';

/** One field of the form. */
export type FormField = {
  readonly name: string;
  readonly title: string;
  /** Its first value. */
  readonly value: string;
  readonly hint?: string;
} & (
  | { readonly kind: 'choice'; readonly options: readonly (readonly [value: string, title: string])[] }
  | { readonly kind: 'number'; readonly max: number }
  | { readonly kind: 'text' | 'lines' }
);

/** The values that decide which fields there are. */
export interface FormChoices {
  readonly task: string;
  readonly layout: string;
  readonly labels: string;
}

/** The value of a field without spaces around it; empty where it has none. */
export function textOf(data: FormData | undefined, name: string): string {
  const value = data?.get(name);
  return typeof value === 'string' ? value.trim() : '';
}

/** The choices in a filled form. A layout that the task does not have becomes the task's first one. */
export function readChoices(data: FormData | undefined): FormChoices & { readonly preset: LayoutPreset } {
  const text = (name: string) => textOf(data, name);
  const task = text('task') || (taskPages[0].contract.name ?? '');
  const ofTask = layoutPresets.filter((each) => each.task === task);
  const preset = ofTask.find(({ layout }) => layout === text('layout')) ?? ofTask[0] ?? layoutPresets[0];
  if (preset === undefined) throw new Error('There is no layout.');
  const isSameLayout = preset.layout === text('layout');
  const labels = isSameLayout && text('labels') !== '' ? text('labels') : (preset.labels ?? '');
  return { task, layout: preset.layout, labels, preset };
}

/**
 * The fields for the chosen task, layout and labels. Their first values are those of the layout's preset, or the values
 * in `data` where `last`, the `fieldsKey` of the call before, says that the fields are the same.
 */
export function fieldsFor(
  data: FormData | undefined,
  last?: string,
): { readonly fields: readonly FormField[]; readonly fieldsKey: string } {
  const choices = readChoices(data);
  const fieldsKey = `${choices.task} ${choices.layout}`;
  const fields = fieldsOf(choices).map((field) => {
    const given = last === fieldsKey ? textOf(data, field.name) : '';
    return given === '' ? field : { ...field, value: given };
  });
  return { fields, fieldsKey };
}

function fieldsOf({ task, layout, labels, preset }: ReturnType<typeof readChoices>): readonly FormField[] {
  const choice = (name: string, title: string, value: string, options: Readonly<Record<string, string>>) =>
    ({ kind: 'choice', name, title, value, options: Object.entries(options) }) as const;
  const tasks = Object.fromEntries(taskPages.map(({ contract, title }) => [contract.name, title]));
  const layouts = Object.fromEntries(
    layoutPresets.filter((each) => each.task === task).map((each) => [each.layout, each.title]),
  );
  const side = { kind: 'number', value: String(preset.side), max: 4096 } as const;
  return [
    choice('task', 'Task', task, tasks),
    choice('layout', 'Output layout', layout, layouts),
    ...Object.entries(preset.parts ?? {}).map(([part, outputs]): FormField => ({
      kind: 'text',
      name: `part-${part}`,
      title: `Outputs with the ${part}`,
      value: outputs,
      hint: 'Names in the graph, with commas between',
    })),
    { ...side, name: 'width', title: 'Input width' },
    { ...side, name: 'height', title: 'Input height' },
    choice('fit', 'Fit', preset.fit, fits),
    choice('normalisation', 'Values', preset.normalisation, normalisations),
    choice('tensor', 'Tensor', preset.tensor, { nchw: 'NCHW', nhwc: 'NHWC' }),
    choice('channels', 'Channels', preset.channels, { rgb: 'RGB', bgr: 'BGR' }),
    ...(preset.labels === undefined ? [] : [choice('labels', 'Labels', labels, labelKinds)]),
    ...labelFields(labels),
  ];
}

function labelFields(labels: string): readonly FormField[] {
  if (labels === 'numbers') {
    return [{ kind: 'number', name: 'labelCount', title: 'How many', value: '80', max: 100_000 }];
  }
  if (labels !== 'lines') return [];
  return [{ kind: 'lines', name: 'labelLines', title: 'Labels, one a line', value: '' }];
}
