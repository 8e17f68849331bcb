import { createStore, type Store } from '@hayate/core';
import { visionFile } from '@hayate/core-wasm/vision';
import { diagnose, type Diagnosis } from '@hayate/worker';
import { spawnWorker } from './engine';
import { taskPages } from './task-pages';

/** The last diagnosis and whether another is being made. */
export interface DoctorState {
  readonly isRunning: boolean;
  /** The last one; it stays while the next is made. */
  readonly diagnosis: Diagnosis | undefined;
}

/** Finds out what keeps models from running on this page. */
export interface Doctor extends Store<DoctorState> {
  run(): Promise<void>;
}

/** Makes the doctor. It checks nothing until `run` is called. */
export function createDoctor(): Doctor {
  const { set, getSnapshot, subscribe } = createStore<DoctorState>({
    isRunning: false,
    diagnosis: undefined,
  });
  return {
    getSnapshot,
    subscribe,
    async run() {
      if (getSnapshot().isRunning) return;
      set({ ...getSnapshot(), isRunning: true });
      const models = taskPages.flatMap((page) => page.models);
      const ofModels = models.flatMap((model) => Object.values(model.files).map(({ url }) => url));
      const files = [visionFile().url, ...ofModels];
      set({ isRunning: false, diagnosis: await diagnose({ spawn: spawnWorker, files }) });
    },
  };
}

/** The doctor's state as a sentence. Screen readers read it when it changes. */
export function doctorSentence({ isRunning, diagnosis }: DoctorState): string {
  if (isRunning) return 'Looking at this page, its worker and its files.';
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
