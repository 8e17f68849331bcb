/** Where the stage's picture may come from. */
export const stageSources = [{ name: 'photo', title: 'Photo' }] as const;

/** One of {@link stageSources}, by its name. */
export type StageSource = (typeof stageSources)[number]['name'];
