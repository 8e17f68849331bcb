/** The address of a file in `models/`, for `fetch` in a browser test or `readFile` in Node. */
export function testModelUrl(name: string): string {
  // In two steps, because Vite treats a template inside `new URL` as a pattern.
  const folder = new URL('../models/tiny-sums.onnx', import.meta.url);
  return new URL(name, folder).href;
}
