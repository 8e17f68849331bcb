interface WithMemory {
  measureUserAgentSpecificMemory?(): Promise<{ readonly bytes: number }>;
}

/**
 * The memory of this page and its workers in bytes; undefined where the browser does not measure it (only Chromium does,
 * on isolated pages). It may take seconds, for the browser measures during a garbage collection.
 */
export async function measureMemory(): Promise<number | undefined> {
  try {
    return (await (performance as WithMemory).measureUserAgentSpecificMemory?.())?.bytes;
  } catch {
    return undefined;
  }
}
