import { createStore, isAbortError, type Store } from '@hayate/core';
import { noPicture, sampleUnreachable, type Problem } from './error-help';
import { fetchSample, type Sample } from './samples';

/** The photo that is shown. Each choice makes a new object, also of the same file. */
export interface Photo {
  /** Grows with each choice. */
  readonly number: number;
  readonly file: File;
}

/** The photo and how it is being chosen. */
export interface IntakeState {
  readonly photo: Photo | undefined;
  /** Whether a sample is being fetched. */
  readonly fetching: boolean;
  /** Whether a file is held over the page. */
  readonly dragging: boolean;
  readonly problem: Problem | undefined;
}

/** Takes photos that are chosen, dropped, pasted or fetched from the samples. The last one replaces those before. */
export interface PhotoIntake extends Store<IntakeState> {
  take(file: File): void;
  takeSample(sample: Sample): Promise<void>;
}

/**
 * Makes the intake. While it has a listener, it takes what is dropped on the page or pasted into it. `onPhoto` is called
 * before each photo is shown.
 */
export function createPhotoIntake(onPhoto: () => void): PhotoIntake {
  let listening: AbortController | undefined;
  let fetching: AbortController | undefined;
  const initial: IntakeState = { photo: undefined, fetching: false, dragging: false, problem: undefined };
  const store = createStore(initial, {
    graceMs: 0,
    onActive: listen,
    onIdle: () => listening?.abort(),
  });

  function update(changes: Partial<IntakeState>): void {
    store.set({ ...store.getSnapshot(), ...changes });
  }

  function take(file: File): void {
    fetching?.abort();
    const number = (store.getSnapshot().photo?.number ?? 0) + 1;
    onPhoto();
    update({ photo: { number, file }, fetching: false, problem: undefined });
  }

  async function takeSample(sample: Sample): Promise<void> {
    fetching?.abort();
    const { signal } = (fetching = new AbortController());
    update({ fetching: true, problem: undefined });
    try {
      const file = await fetchSample(sample, signal);
      if (!signal.aborted) take(file);
    } catch (error) {
      if (signal.aborted || isAbortError(error)) return;
      update({ fetching: false, problem: sampleUnreachable(sample.title, error) });
    }
  }

  function takeFrom(data: DataTransfer | null, how: 'dropped' | 'pasted'): void {
    const file = data?.files[0];
    if (file !== undefined) take(file);
    else update({ problem: noPicture(how) });
  }

  function listen(): void {
    const { signal } = (listening = new AbortController());
    // Unless both events are prevented, the browser leaves the page and opens the file.
    addEventListener(
      'dragover',
      (event) => {
        event.preventDefault();
        if (!store.getSnapshot().dragging) update({ dragging: true });
      },
      { signal },
    );
    addEventListener(
      'dragleave',
      (event) => {
        if (event.relatedTarget === null) update({ dragging: false });
      },
      { signal },
    );
    addEventListener(
      'drop',
      (event) => {
        event.preventDefault();
        update({ dragging: false });
        takeFrom(event.dataTransfer, 'dropped');
      },
      { signal },
    );
    addEventListener(
      'paste',
      (event) => {
        takeFrom(event.clipboardData, 'pasted');
      },
      { signal },
    );
  }

  return { getSnapshot: store.getSnapshot, subscribe: store.subscribe, take, takeSample };
}
