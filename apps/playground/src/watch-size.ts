/**
 * Calls `onSize` with an element's size in CSS pixels and the screen's pixels in one CSS pixel: at first, and when
 * either changes, as by zooming or on another screen.
 *
 * @returns a function that stops it.
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
