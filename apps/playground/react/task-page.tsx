import { useLive, useTask } from '@hayate/react';
import { useEffect, useLayoutEffect, useState } from 'react';
import type { App } from '../src/app';
import { KEEP_ALIVE_MS } from '../src/engine';
import { createLiveScene } from '../src/live/live-scene';
import { livePageView } from '../src/live/live-page-view';
import type { AnyTaskPage } from '../src/task-page';
import { photoPageView } from '../src/photo-page-view';
import { ControlPanel } from './control-panel';
import { LivePicker } from './live-picker';
import { LiveStage } from './live-stage';
import { ModelPicker } from './model-picker';
import { PhotoPicker } from './photo-picker';
import { ProblemNote } from './problem-note';
import { ProgressLine } from './progress-line';
import { ResultList } from './result-list';
import { SourceSwitch } from './source-switch';
import { Stage } from './stage';
import { TimingsPanel } from './timings-panel';
import { useStore } from './use-store';

/** The page of a task: a photo or a live picture, and its results. */
export function TaskPage({ app, page }: { readonly app: App; readonly page: AnyTaskPage }) {
  const session = app.sessionOf(page);
  const taken = useStore(app.intake);
  const chosen = useStore(session);
  const models = app.modelsOf(page, useStore(app.ownModels));
  const { model, values } = chosen;
  const task = useTask(page.contract, { model }, { keepAliveMs: KEEP_ALIVE_MS });
  const { run, load } = task;
  const liveState = useStore(app.live);
  const isLive = liveState.source !== 'photo';
  const [scene] = useState(() => createLiveScene(page));
  const live = useLive(task, app.live.frames, {
    runOptions: session.options,
    onFrame: scene.onFrame,
    onResult: scene.onResult,
  });
  const photoView = photoPageView(page, task, taken, chosen);
  const liveView = livePageView(page, live, task, liveState, model);
  const view = isLive ? liveView : photoView;
  const { photo } = taken;

  function retry(): void {
    if (isLive) app.live.start();
    else if (photo !== undefined) session.run(photo, task.status, run);
    else load().catch(() => undefined); // the task's state has the error
  }

  // Before the browser paints, so that the last photo's results are never seen beside a new photo.
  useLayoutEffect(() => {
    if (isLive) session.clear();
    else if (photo !== undefined) session.run(photo, task.status, run);
    // The status is read, but a change of it is no reason for a run.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [photo, session, run, values, isLive]);

  // Starts anew whenever another source is chosen.
  const { start, stop, isError } = live;
  const { source, wanted, cameraId, video } = liveState;
  useEffect(() => {
    if (!wanted) return;
    start();
    return stop;
  }, [wanted, source, cameraId, video, start, stop]);
  useEffect(() => {
    if (isError) app.live.stop();
  }, [app, isError]);

  return (
    <div className="columns">
      <div className="picker">
        <SourceSwitch session={app.live} state={liveState} />
        {isLive ? (
          <>
            <LiveStage
              key={`${source} ${cameraId} ${video.url}`} // another source begins with an empty picture
              scene={scene}
              view={liveView}
              highlighted={chosen.highlighted}
            />
            <LivePicker session={app.live} state={liveState} />
          </>
        ) : (
          <>
            <Stage taken={taken} view={photoView} session={session} highlighted={chosen.highlighted} />
            <PhotoPicker intake={app.intake} taken={taken} />
          </>
        )}
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
            empty={isLive ? liveView.status === 'idle' : photo === undefined}
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
