/** The address of a file in `models/`, for `fetch` in a browser test or `readFile` in Node. */
export function testModelUrl(name: string): string {
  // Two steps: a template inside `new URL` would be taken for a pattern by Vite.
  const folder = new URL('../models/tiny-sums.onnx', import.meta.url);
  return new URL(name, folder).href;
}
