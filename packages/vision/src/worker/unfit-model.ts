import { HayateError } from '@hayate/core';

/** Makes the errors for models that do not do what a task needs, such as `detect objects`. */
export function unfitModel(purpose: string) {
  return (reason: string, cause?: unknown): HayateError<'bad-model'> =>
    new HayateError('bad-model', `The model does not ${purpose}: ${reason}.`, { reason }, { cause });
}
