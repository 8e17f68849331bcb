import type { AnyTaskPage, LabelControl, RangeControl } from '../src/task-page';
import type { SessionState, TaskSession } from '../src/task-session';

interface Props {
  readonly chosen: SessionState;
  readonly session: TaskSession;
}

/** The controls for a run's options. Each change makes another run. */
export function ControlPanel({ page, ...props }: Props & { readonly page: AnyTaskPage }) {
  return (
    <div className="controls">
      {page.controls.map((control) =>
        control.kind === 'range' ? (
          <RangeField key={control.name} control={control} {...props} />
        ) : (
          <LabelField key={control.name} control={control} {...props} />
        ),
      )}
    </div>
  );
}

function RangeField({ control, chosen, session }: Props & { readonly control: RangeControl }) {
  const { name, title, min, max, step } = control;
  const value = Number(chosen.values[name] ?? control.initial(chosen.model));
  return (
    <label className="control">
      <span>{title}</span>
      <output className="figure">{control.format(value)}</output>
      <input
        type="range"
        min={min}
        max={max}
        step={step}
        value={value}
        aria-valuetext={control.format(value)}
        data-testid={`control-${name}`}
        onChange={({ currentTarget }) => session.setValue(name, currentTarget.valueAsNumber)}
      />
    </label>
  );
}

function LabelField({ control, chosen, session }: Props & { readonly control: LabelControl }) {
  const { name, title, all } = control;
  return (
    <label className="control">
      <span>{title}</span>
      <select
        value={chosen.values[name] ?? ''}
        data-testid={`control-${name}`}
        onChange={({ currentTarget }) => session.setValue(name, currentTarget.value || undefined)}
      >
        <option value="">{all}</option>
        {chosen.labels.map((label) => (
          <option key={label}>{label}</option>
        ))}
      </select>
    </label>
  );
}
