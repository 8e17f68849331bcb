/** A running server. */
export interface PlaygroundServer {
  /** Ends with a slash. */
  readonly url: string;
  readonly port: number;
  close(): Promise<void>;
}

export function serve(options: { readonly root: string; readonly port: number }): Promise<PlaygroundServer>;
export function precompress(root: string): Promise<number>;
