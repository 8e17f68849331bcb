import { useTask } from '@hayate/react';
import { useLayoutEffect } from 'react';
import type { App } from '../src/app';
import { KEEP_ALIVE_MS } from '../src/engine';
import type { AnyTaskPage } from '../src/task-page';
import { taskView } from '../src/task-view';
import { ControlPanel } from './control-panel';
import { ModelPicker } from './model-picker';
import { PhotoPicker } from './photo-picker';
import { ProblemNote } from './problem-note';
import { ProgressLine } from './progress-line';
import { ResultList } from './result-list';
import { Stage } from './stage';
import { TimingsPanel } from './timings-panel';
import { useStore } from './use-store';

/** A photo in, what the model sees out. */
export function TaskPage({ app, page }: { readonly app: App; readonly page: AnyTaskPage }) {
  const session = app.sessionOf(page);
  const taken = useStore(app.intake);
  const chosen = useStore(session);
  const models = app.modelsOf(page, useStore(app.ownModels));
  const { model, options } = chosen;
  const task = useTask(page.contract, { model }, { keepAliveMs: KEEP_ALIVE_MS });
  const { state, run, load } = task;
  const view = taskView(page, state, taken, chosen);
  const { photo } = taken;

  function retry(): void {
    if (photo === undefined)
      load().catch(() => undefined); // the state tells
    else session.look(photo, state.status, run);
  }

  // Before the paint, so that the last photo's results are never seen beside a new one.
  useLayoutEffect(() => {
    if (photo !== undefined) session.look(photo, state.status, run);
    // The status is that of the moment: it does not make a run.
  }, [photo, session, run, options]);

  return (
    <div className="columns">
      <div className="picker">
        <Stage taken={taken} view={view} session={session} highlighted={chosen.highlighted} />
        <PhotoPicker intake={app.intake} taken={taken} />
      </div>
      <div className="answer">
        <section aria-labelledby="results-title" aria-busy={view.busy}>
          <h2 id="results-title">What it sees</h2>
          <p className="state" role="status">
            <span className="status" data-testid="status" data-status={view.status}>
              {view.status}
            </span>
            <span data-testid="sentence">{view.sentence}</span>
          </p>
          {view.progress && <ProgressLine {...view.progress} />}
          {view.problem && <ProblemNote problem={view.problem} onRetry={retry} />}
          <ResultList
            page={page}
            view={view}
            session={session}
            highlighted={chosen.highlighted}
            empty={photo === undefined}
          />
        </section>
        <section aria-labelledby="choices-title">
          <h2 id="choices-title">Settings</h2>
          <ModelPicker models={models} model={model} onChoose={session.choose} />
          {page.controls.length > 0 && <ControlPanel page={page} chosen={chosen} session={session} />}
        </section>
        <TimingsPanel timings={view.timings} />
      </div>
    </div>
  );
}
