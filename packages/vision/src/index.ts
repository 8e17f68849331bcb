export { badPicture } from './image';
export type { DecodeImage, EncodedImage, ImageInput, Pixels, WireImage } from './image';
export { camera } from './page/camera';
export type { CameraOptions } from './page/camera';
export { frames } from './page/frames';
export type { MediaFrame } from './page/frames';
export { prepareImage } from './prepare-image';
