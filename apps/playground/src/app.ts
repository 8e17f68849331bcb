import type { Manifest } from '@hayate/core';
import { createPageEngine, readEngineChoice, type PageEngine } from './engine';
import { createStoredFiles, type StoredFiles } from './stored-files';
import { createLiveSession, type LiveSession } from './live/live-session';
import { createOffline, type Offline } from './offline';
import { createOwnModelForm, type OwnModelForm } from './own-model-form';
import { createOwnModels, type OwnModels } from './own-models';
import { createPhotoIntake, type PhotoIntake } from './photo-intake';
import { createRouter, type Router } from './router';
import type { AnyTaskPage } from './task-page';
import { taskPages } from './task-pages';
import { createTaskSession, type TaskSession } from './task-session';

/** The state that outlives a page's markup: engine, photo, models, and what was chosen on each page. */
export interface App {
  readonly engine: PageEngine;
  readonly router: Router;
  readonly intake: PhotoIntake;
  readonly live: LiveSession;
  readonly ownModels: OwnModels;
  readonly ownModelForm: OwnModelForm;
  readonly storedFiles: StoredFiles;
  readonly offline: Offline;
  sessionOf(page: AnyTaskPage): TaskSession;
  /** The models that a page may run: its own, then those that a person has brought for its task. */
  modelsOf(page: AnyTaskPage, own: readonly Manifest[]): readonly Manifest[];
  /** Adds a model of the person's, chooses it and goes to the page of its task. */
  addModel(model: Manifest): void;
  removeModel(model: Manifest): void;
}

/** Makes the app. `frameworkTitle` is React or Vue. */
export function createApp(frameworkTitle: string): App {
  const sessions = new Map(taskPages.map((page) => [page, createTaskSession(page)]));
  const router = createRouter(frameworkTitle);
  const ownModels = createOwnModels();
  const live = createLiveSession();
  // A photo that is dropped or pasted takes the place of a camera or a video.
  const intake = createPhotoIntake(() => {
    live.choose('photo');
  });
  // The camera stays on from task to task, and is switched off on other pages.
  router.subscribe(() => {
    const { path } = router.getSnapshot();
    if (!taskPages.some((page) => page.path === path)) live.stop();
  });

  function sessionOf(page: AnyTaskPage): TaskSession {
    const session = sessions.get(page);
    if (session === undefined) throw new Error(`There is no page "${page.path}".`);
    return session;
  }

  function addModel(model: Manifest): void {
    const page = taskPages.find(({ contract }) => contract.name === model.task);
    if (page === undefined) return;
    ownModels.add(model);
    sessionOf(page).choose(model);
    router.go(page.path);
  }

  const engine = createPageEngine(readEngineChoice(location.search));
  return {
    engine,
    router,
    intake,
    live,
    ownModels,
    ownModelForm: createOwnModelForm(addModel),
    storedFiles: createStoredFiles(),
    offline: createOffline(engine),
    sessionOf,
    modelsOf: ({ contract, models }, own) => [...models, ...own.filter(({ task }) => task === contract.name)],
    addModel,
    removeModel(model) {
      ownModels.remove(model);
      for (const [page, session] of sessions) {
        if (session.getSnapshot().model === model) session.choose(page.models[0]);
      }
    },
  };
}
