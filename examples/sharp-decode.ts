import type { DecodeImage } from '@hayate/vision';
import sharp from 'sharp';

/** Decodes with sharp: EXIF orientation applied, alpha straight, always RGBA. */
export const sharpDecode: DecodeImage = async (bytes) => {
  const image = sharp(bytes).rotate().toColourspace('srgb').ensureAlpha().raw();
  const { data, info } = await image.toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, data };
};
