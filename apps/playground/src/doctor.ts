import { createStore, type Store } from '@hayate/core';
import { visionFile } from '@hayate/core-wasm/vision';
import { diagnose, type Diagnosis } from '@hayate/worker';
import { spawnWorker } from './engine';
import { taskPages } from './task-pages';

/** What the doctor knows. */
export interface DoctorState {
  readonly looking: boolean;
  /** The last one stays while it looks again. */
  readonly diagnosis: Diagnosis | undefined;
}

/** Says what the page lacks, when asked. */
export interface Doctor extends Store<DoctorState> {
  look(): Promise<void>;
}

/** Makes the doctor; it looks at nothing before it is asked. */
export function createDoctor(): Doctor {
  const { set, getSnapshot, subscribe } = createStore<DoctorState>({ looking: false, diagnosis: undefined });
  return {
    getSnapshot,
    subscribe,
    async look() {
      if (getSnapshot().looking) return;
      set({ ...getSnapshot(), looking: true });
      const models = taskPages.flatMap((page) => page.models);
      const ofModels = models.flatMap((model) => Object.values(model.files).map(({ url }) => url));
      const files = [visionFile().url, ...ofModels];
      set({ looking: false, diagnosis: await diagnose({ spawn: spawnWorker, files }) });
    },
  };
}

/** The doctor's state as a sentence; it is read aloud when it changes. */
export function doctorSentence({ looking, diagnosis }: DoctorState): string {
  if (looking) return 'Looking at this page, its worker and its files.';
  if (diagnosis === undefined) return '';
  const count = (severity: string) => diagnosis.findings.filter((one) => one.severity === severity).length;
  const [errors, warnings] = [count('error'), count('warning')];
  if (errors > 0) return `${things(errors)} here keep${errors === 1 ? 's' : ''} models from running.`;
  return warnings > 0
    ? `Models run here. ${things(warnings)} could be better.`
    : 'Nothing is in the way here.';
}

function things(count: number): string {
  return count === 1 ? 'One thing' : `${count} things`;
}
