import { efficientnetLite0 } from '@hayate/model-efficientnet-lite0';
import { useClassifier } from '@hayate/react';
import { useLayoutEffect, useSyncExternalStore } from 'react';
import type { BackendChoice, EngineChoice, PageEngine } from '../src/engine';
import { pageView } from '../src/page-view';
import type { PhotoIntake } from '../src/photo-intake';
import { BackendPanel } from './backend-panel';
import { PhotoPicker } from './photo-picker';
import { ProblemNote } from './problem-note';
import { ProgressLine } from './progress-line';
import { ResultList } from './result-list';
import { TimingsPanel } from './timings-panel';

/** A photo in, what the model sees out. */
export function Playground(props: {
  readonly engine: PageEngine;
  readonly intake: PhotoIntake;
  readonly choice: EngineChoice;
  readonly onChoose: (choice: EngineChoice) => void;
}) {
  const { engine, intake, choice, onChoose } = props;
  const taken = useSyncExternalStore(intake.subscribe, intake.getSnapshot);
  const { state, run, load, release } = useClassifier({ model: efficientnetLite0 });
  const view = pageView(state, taken, choice);
  const { photo } = taken;

  function classify(): void {
    if (photo === undefined)
      load().catch(() => undefined); // the state tells
    else void run(photo.file, { topK: 5 });
  }

  function choose(backend: BackendChoice): void {
    const next = { ...choice, backend };
    release();
    engine.choose(next);
    onChoose(next);
    classify();
  }

  // Before the paint, so that the last photo's results are never seen beside a new one.
  useLayoutEffect(() => {
    if (photo !== undefined) void run(photo.file, { topK: 5 });
  }, [photo, run]);

  return (
    <div className="columns">
      <PhotoPicker intake={intake} taken={taken} />
      <div className="answer">
        <section aria-labelledby="results-title" aria-busy={view.busy}>
          <h2 id="results-title">What it sees</h2>
          <p className="state" role="status">
            <span className="status" data-testid="status" data-status={view.status}>
              {view.status}
            </span>
            <span>{view.sentence}</span>
          </p>
          {view.progress && <ProgressLine {...view.progress} />}
          {view.problem && <ProblemNote problem={view.problem} onRetry={classify} />}
          <ResultList results={view.results} busy={view.busy} empty={photo === undefined} />
        </section>
        <TimingsPanel timings={view.timings} />
        <BackendPanel
          backend={view.backend}
          choice={choice}
          health={engine.health}
          onChoose={choose}
          results={view.results}
        />
      </div>
    </div>
  );
}
