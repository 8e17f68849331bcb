import { HayateError } from '@hayate/core';

/** Creates `bad-model` errors for models that cannot do what a task does, such as `detect objects`. */
export function unfitModel(purpose: string) {
  return (reason: string, cause?: unknown): HayateError<'bad-model'> =>
    new HayateError('bad-model', `The model does not ${purpose}: ${reason}.`, { reason }, { cause });
}
