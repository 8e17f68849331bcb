export { withImageDecoder } from './image-decoder';
export type { SeenImage } from './image-input';
export { readImagePreprocess } from './image-preprocess';
export type { ImagePreprocess } from './image-preprocess';
export { loadImageModel } from './load-image-model';
export type { ImageModel, ImageOutputs, ImageTask } from './load-image-model';
