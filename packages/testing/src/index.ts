export { describeAdapter } from './describe-adapter';
export type { MountAdapter, MountedAdapter } from './describe-adapter';
export { describeEngine } from './describe-engine';
export { describeStorage } from './describe-storage';
export { createFakeEngine, shout } from './fake-engine';
export { sampleReferences, sampleUrl } from './samples';
export { skipUnless, skipWithoutWebgl } from './skip-unless';
export type { Reference, ReferenceLabel } from './samples';
