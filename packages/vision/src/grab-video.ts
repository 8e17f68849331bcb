import { RAW_PIXELS } from './image';

/**
 * What a `<video>` shows: a frame, which is what the decoder gave, without a copy, often as planes that the kernels
 * read as they are; a bitmap where there are no frames.
 *
 * @throws DOMException, as the browser does: no picture yet, or one of another origin that may not be read.
 */
export async function grabVideo(video: HTMLVideoElement): Promise<VideoFrame | ImageBitmap> {
  return typeof VideoFrame === 'undefined' ? createImageBitmap(video, RAW_PIXELS) : new VideoFrame(video);
}
