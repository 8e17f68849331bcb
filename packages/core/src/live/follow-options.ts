import type { AnyContract } from '../ports/contract';
import type { LiveOptions } from './live';

/** Options for `createLive` that ask for those of the moment each time; `frames` is that of the beginning. For hooks. */
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
