interface WithMemory {
  measureUserAgentSpecificMemory?(): Promise<{ readonly bytes: number }>;
}

/**
 * The memory of this page and its workers in bytes, where the browser tells (Chromium, isolated pages).
 * It may take seconds: the browser waits for a good moment.
 */
export async function measureMemory(): Promise<number | undefined> {
  try {
    return (await (performance as WithMemory).measureUserAgentSpecificMemory?.())?.bytes;
  } catch {
    return undefined;
  }
}
