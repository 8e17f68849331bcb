/**
 * A canvas' context whose pixels are read again and again, unless the settings say otherwise.
 *
 * @param {number} width
 * @param {number} height
 * @param {CanvasRenderingContext2DSettings} [settings]
 */
export function open2d(width, height, settings) {
  const context = new OffscreenCanvas(width, height).getContext('2d', {
    willReadFrequently: true,
    ...settings,
  });
  if (context === null) throw new Error('there is no 2D canvas here');
  return context;
}
