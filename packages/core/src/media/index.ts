export { camera } from './camera';
export type { CameraOptions } from './camera';
export { frames } from './frames';
export type { MediaFrame } from './frames';
export { prepareImage } from './prepare-image';
