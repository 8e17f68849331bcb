import type { Manifest } from '@hayate/core';
import { formatBytes } from '../src/format';
import { modelBytes } from '../src/engine';
import { hashOf } from '../src/router';

/** The choice of a model. */
export function ModelPicker(props: {
  readonly models: readonly Manifest[];
  readonly model: Manifest;
  readonly onChoose: (model: Manifest) => void;
}) {
  const { models, model, onChoose } = props;
  return (
    <div className="control">
      <label htmlFor="model-picker">Model</label>
      <a href={hashOf('models')}>Bring your own</a>
      <select
        id="model-picker"
        data-testid="model-picker"
        value={models.indexOf(model)}
        onChange={({ currentTarget }) => {
          const chosen = models[Number(currentTarget.value)];
          if (chosen !== undefined) onChoose(chosen);
        }}
      >
        {models.map((each, at) => (
          <option key={at} value={at}>
            {each.id}, {formatBytes(modelBytes(each) ?? 0)}
          </option>
        ))}
      </select>
    </div>
  );
}
