import { taskPages } from './task-pages';

/** What the shell shows of a page. */
export interface Page {
  readonly path: string;
  readonly title: string;
  readonly heading: string;
  readonly lead: string;
  readonly note?: string;
}

/** The page of all models. */
const modelsPage: Page = {
  path: 'models',
  title: 'Models',
  heading: 'Models',
  lead: 'What each page runs, what of it this browser keeps, and a place for a model of your own.',
};

/** All pages, in the order of the navigation; the first one is that of an address without a page. */
export const pages: readonly [Page, ...Page[]] = [...taskPages, modelsPage];
