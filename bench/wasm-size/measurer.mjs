import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

/** Starts a process that measures one build. `coreWasm`: the address of core-wasm for Node. */
export async function startMeasurer(coreWasm, module) {
  const child = fork(join(import.meta.dirname, 'measure.mjs'), [coreWasm, module]);
  const gone = once(child, 'exit').then(() => Promise.reject(new Error(`${module} could not be measured`)));
  // Looked at only while an answer is awaited; the end after `stop` is no fault.
  gone.catch(() => {});
  const answer = async () => (await Promise.race([once(child, 'message'), gone]))[0];
  const digest = await answer();
  return {
    digest,
    /** Milliseconds of one run. */
    measure() {
      child.send('run');
      return answer();
    },
    stop: () => child.disconnect(),
  };
}
