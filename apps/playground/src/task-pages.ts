import type { AnyTaskPage } from './task-page';
import { classify } from './tasks/classify';
import { detect } from './tasks/detect';
import { faces } from './tasks/faces';

/** The pages of the tasks, in the order of the navigation. */
export const taskPages: readonly [AnyTaskPage, ...AnyTaskPage[]] = [classify, detect, faces];
