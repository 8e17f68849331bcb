/** RGBA bytes as RGB floats, a pixel after the other. */
export function toPixels(data, floats, scale = 1, shift = 0) {
  for (let from = 0, to = 0; from < data.length; from += 4, to += 3) {
    floats[to] = data[from] * scale + shift;
    floats[to + 1] = data[from + 1] * scale + shift;
    floats[to + 2] = data[from + 2] * scale + shift;
  }
}

/** RGBA bytes as planes of blue, green and red floats. */
export function toBgrPlanes(data, floats, scales = [1, 1, 1], shifts = [0, 0, 0]) {
  const plane = data.length / 4;
  const [blueScale, greenScale, redScale] = scales;
  const [blueShift, greenShift, redShift] = shifts;
  for (let from = 0, at = 0; at < plane; from += 4, at += 1) {
    floats[at] = data[from + 2] * blueScale + blueShift;
    floats[at + plane] = data[from + 1] * greenScale + greenShift;
    floats[at + 2 * plane] = data[from] * redScale + redShift;
  }
}
