import { useLive, useTask } from '@hayate/react';
import { useEffect, useLayoutEffect, useState } from 'react';
import type { App } from '../src/app';
import { KEEP_ALIVE_MS } from '../src/engine';
import { createLiveScene } from '../src/live/live-scene';
import { liveView } from '../src/live/live-view';
import type { AnyTaskPage } from '../src/task-page';
import { taskView } from '../src/task-view';
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

/** A photo or live pictures in, what the model sees out. */
export function TaskPage({ app, page }: { readonly app: App; readonly page: AnyTaskPage }) {
  const session = app.sessionOf(page);
  const taken = useStore(app.intake);
  const chosen = useStore(session);
  const models = app.modelsOf(page, useStore(app.ownModels));
  const { model, options } = chosen;
  const task = useTask(page.contract, { model }, { keepAliveMs: KEEP_ALIVE_MS });
  const { state, run, load } = task;
  const live = useStore(app.live);
  const isLive = live.source !== 'photo';
  const [scene] = useState(() => createLiveScene(page));
  const stream = useLive(task, app.live.frames, {
    runOptions: () => session.getSnapshot().options,
    onFrame: scene.onFrame,
    onResult: scene.onResult,
  });
  const still = taskView(page, state, taken, chosen);
  const moving = liveView(page, stream.state, state, live, model);
  const view = isLive ? moving : still;
  const { photo } = taken;

  function retry(): void {
    if (isLive) app.live.start();
    else if (photo === undefined)
      load().catch(() => undefined); // the state tells
    else session.look(photo, state.status, run);
  }

  // Before the paint, so that the last photo's results are never seen beside a new one.
  useLayoutEffect(() => {
    if (isLive) session.lookAway();
    else if (photo !== undefined) session.look(photo, state.status, run);
    // The status is that of the moment: it does not make a run.
  }, [photo, session, run, options, isLive]);

  // Anew whenever something else is to be seen.
  const { start, stop, status } = stream;
  const { source, wanted, cameraId, video } = live;
  useEffect(() => {
    if (!wanted) return;
    start();
    return stop;
  }, [wanted, source, cameraId, video, start, stop]);
  useEffect(() => {
    if (status === 'error') app.live.stop();
  }, [app, status]);

  return (
    <div className="columns">
      <div className="picker">
        <SourceSwitch session={app.live} live={live} />
        {isLive ? (
          <>
            <LiveStage
              key={`${source} ${cameraId} ${video.url}`} // another's last picture goes
              scene={scene}
              view={moving}
              highlighted={chosen.highlighted}
            />
            <LivePicker session={app.live} live={live} />
          </>
        ) : (
          <>
            <Stage taken={taken} view={still} session={session} highlighted={chosen.highlighted} />
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
            empty={isLive ? moving.status === 'idle' : photo === undefined}
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
