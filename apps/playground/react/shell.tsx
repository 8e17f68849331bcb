import { EngineProvider } from '@hayate/react';
import { useEffect, useRef } from 'react';
import type { App } from '../src/app';
import { enterPage } from '../src/router';
import { taskPages } from '../src/task-pages';
import { EnginePanel } from './engine-panel';
import { Masthead } from './masthead';
import { ModelsPage } from './models-page';
import { OfflineNote } from './offline-note';
import { TaskPage } from './task-page';
import { useStore } from './use-store';

/** The parts that all pages share. */
export function Shell({ app }: { readonly app: App }) {
  const { engine, router } = app;
  const page = useStore(router);
  const choice = useStore(engine.choice);
  const taskPage = taskPages.find(({ path }) => path === page.path);
  const entered = useRef(page.path);
  useEffect(() => {
    if (entered.current !== page.path) enterPage();
    entered.current = page.path;
  }, [page]);
  return (
    <div className="page" data-page={page.path}>
      <Masthead page={page} choice={choice} />
      <main>
        <div className="lead">
          <h1 tabIndex={-1}>{page.heading}</h1>
          <p>{page.lead}</p>
        </div>
        <EngineProvider engine={engine}>
          {taskPage === undefined ? (
            <ModelsPage app={app} />
          ) : (
            // Another backend is another worker: the models have to be loaded anew.
            <TaskPage key={`${page.path} ${choice.backend}`} app={app} page={taskPage} />
          )}
        </EngineProvider>
        <EnginePanel engine={engine} choice={choice} task={taskPage?.contract.name} />
      </main>
      <footer className="colophon">
        {page.note !== undefined && <p>{page.note}</p>}
        <OfflineNote offline={app.offline} />
      </footer>
    </div>
  );
}
