import type { DecodeImage } from '@hayate/vision';
import sharp from 'sharp';

/** Decodes an image file with sharp to RGBA with straight alpha, and applies its EXIF orientation. */
export const sharpDecode: DecodeImage = async (bytes) => {
  const image = sharp(bytes).rotate().toColourspace('srgb').ensureAlpha().raw();
  const { data, info } = await image.toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, data };
};
