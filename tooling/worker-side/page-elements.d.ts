// The types of a page's elements for code that pages and workers share. A worker has no elements, but contracts name them
// as inputs. As sources of pixels they have the type of a bitmap.

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
