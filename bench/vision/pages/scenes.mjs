import { open2d } from '../../kernels/open-2d.mjs';
import { source, toPlanes } from '../../kernels/picture.mjs';

const { width, height } = source;
/** @type {VideoColorSpaceInit} */
const colorSpace = { primaries: 'bt709', transfer: 'bt709', matrix: 'bt709', fullRange: false };

/** Draws each 1920×1080 scene from the samples. */
const draw = {
  /** Two faces: 360×240 enlarged over the whole height. */
  async faces(context) {
    context.drawImage(await open('two-faces.png'), 150, 0, 1620, 1080);
  },
  /** A cup on a table: 600×400, stretched, so that CenterNet sees it nearly as it was. */
  async objects(context) {
    context.drawImage(await open('coffee.png'), 0, 0, width, height);
  },
};

/**
 * Makes fresh pictures of a scene: a frame of I420 as decoders give it, a bitmap as of a JPEG, and one that might have
 * clear pixels, as of a PNG.
 */
export async function makeScene(name) {
  const context = open2d(width, height, { alpha: false });
  context.imageSmoothingQuality = 'high';
  await draw[name](context);
  const pixels = context.getImageData(0, 0, width, height);
  const planes = toPlanes(pixels.data, source, false);
  const photo = await context.canvas.convertToBlob({ type: 'image/jpeg', quality: 0.95 });
  const bitmap = await createImageBitmap(photo);
  let timestamp = 0;
  return {
    VideoFrame() {
      timestamp += 33_333;
      return new VideoFrame(planes, {
        ...{ format: 'I420', codedWidth: width, codedHeight: height },
        ...{ timestamp, colorSpace },
      });
    },
    ImageBitmap: () => createImageBitmap(bitmap),
    'ImageBitmap with alpha': () => createImageBitmap(pixels),
  };
}

async function open(name) {
  return createImageBitmap(await (await fetch(new URL(`samples/${name}`, document.baseURI))).blob());
}
