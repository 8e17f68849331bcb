/**
 * Tells an element's size in CSS pixels and how many of the screen's pixels one has: at first, when the element
 * changes and when the density does, as between two screens or with the zoom.
 *
 * @returns a function that ends it.
 */
export function watchSize(
  element: Element,
  onSize: (width: number, height: number, pixelRatio: number) => void,
): () => void {
  const observer = new ResizeObserver(([entry]) => {
    if (entry === undefined) return;
    const { width, height } = entry.contentRect;
    onSize(width, height, devicePixelRatio);
  });
  try {
    observer.observe(element, { box: 'device-pixel-content-box' });
  } catch {
    observer.observe(element); // Safari does not count the screen's pixels
  }
  return () => {
    observer.disconnect();
  };
}
