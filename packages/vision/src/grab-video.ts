import { RAW_PIXELS } from './image';

/**
 * Takes the current picture of a `<video>` as a `VideoFrame`: the decoder's own data without a copy, often YUV planes,
 * which the kernels read. A browser without `VideoFrame` gives a bitmap.
 *
 * @throws DOMException of the browser, if there is no picture yet or the page may not read one of another origin.
 */
export async function grabVideo(video: HTMLVideoElement): Promise<VideoFrame | ImageBitmap> {
  return typeof VideoFrame === 'undefined' ? createImageBitmap(video, RAW_PIXELS) : new VideoFrame(video);
}
