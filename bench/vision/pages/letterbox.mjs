/** The picture stretched over the whole input. */
export const stretch = (size) => () => ({ x: 0, y: 0, width: size, height: size });

/** The whole picture in the middle of the input. */
export const centred = (size) => (width, height) => {
  const scale = size / Math.max(width, height);
  const [w, h] = [width * scale, height * scale];
  return { x: (size - w) / 2, y: (size - h) / 2, width: w, height: h };
};

/** The same in whole pixels. */
export const centredOnPixels = (size) => (width, height) => {
  const scale = size / Math.max(width, height);
  const [w, h] = [Math.round(width * scale), Math.round(height * scale)];
  return { x: (size - w) >> 1, y: (size - h) >> 1, width: w, height: h };
};

/** The whole picture in the input's upper left corner, in whole pixels. */
export const cornered = (size) => (width, height) => {
  const scale = size / Math.max(width, height);
  return { x: 0, y: 0, width: Math.floor(width * scale), height: Math.floor(height * scale) };
};
