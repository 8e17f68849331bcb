import type { AnyContract } from '../ports/contract';
import type { LiveOptions } from './live';

/** For hooks: options of `createLive` that call `current` at each use. Later changes of `frames` have no effect. */
export function followOptions<Contract extends AnyContract>(
  current: () => LiveOptions<Contract>,
): LiveOptions<Contract> {
  const { frames } = current();
  return {
    ...(frames && { frames }),
    runOptions: () => current().runOptions?.() as never,
    onFrame: (frame) => current().onFrame?.(frame),
    onResult: (result) => current().onResult?.(result),
  };
}
