import { HayateError, type RunControl } from '@hayate/core';

const POLICIES = ['queue', 'latest', 'reject'];
const CANCELS = ['soft', 'hard'];

/**
 * `control`, once its values have been looked at.
 *
 * @throws HayateError `bad-input`.
 */
export function checkRunControl<Control extends RunControl>(control: Control): Control {
  const { policy, cancel, priority, deadlineMs } = control;
  if (policy !== undefined && !POLICIES.includes(policy)) throw bad('policy', POLICIES.join(', '), policy);
  if (cancel !== undefined && !CANCELS.includes(cancel)) throw bad('cancel', CANCELS.join(', '), cancel);
  if (priority !== undefined && !Number.isFinite(priority)) throw bad('priority', 'a number', priority);
  if (deadlineMs !== undefined && !(deadlineMs > 0)) throw bad('deadlineMs', 'more than 0', deadlineMs);
  return control;
}

function bad(name: string, allowed: string, actual: unknown): HayateError<'bad-input'> {
  const reason = `"${name}" must be ${allowed}, not ${String(actual)}`;
  return new HayateError('bad-input', `The option cannot be used: ${reason}.`, { reason });
}
