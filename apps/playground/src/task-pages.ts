import type { AnyTaskPage } from './task-page';
import { classify } from './tasks/classify';

/** The pages of the tasks, in the order of the navigation. */
export const taskPages: readonly [AnyTaskPage, ...AnyTaskPage[]] = [classify];
