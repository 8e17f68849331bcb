// What shared code says of a page's elements. A worker has none of them, but contracts name them as inputs; as sources
// of pixels they are like a bitmap.

interface PageElement extends ImageBitmap {
  readonly nodeName: string;
}
interface HTMLImageElement extends PageElement {
  decode(): Promise<void>;
}
interface HTMLVideoElement extends PageElement {
  readonly readyState: number;
  readonly HAVE_CURRENT_DATA: number;
}
interface HTMLCanvasElement extends PageElement {
  readonly toBlob: unknown;
}
