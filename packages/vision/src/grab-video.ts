import { RAW_PIXELS } from './image';

/**
 * Takes the present picture of a `<video>` as a `VideoFrame`: the decoder's own data without a copy, often YUV planes,
 * which the kernels read. A browser without `VideoFrame` gives a bitmap.
 *
 * @throws DOMException, as the browser does: there is no picture yet, or it is of another origin and may not be read.
 */
export async function grabVideo(video: HTMLVideoElement): Promise<VideoFrame | ImageBitmap> {
  return typeof VideoFrame === 'undefined' ? createImageBitmap(video, RAW_PIXELS) : new VideoFrame(video);
}
