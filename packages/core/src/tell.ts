/** Calls a listener. One that throws is its owner's fault: it is reported, and nobody else is disturbed. */
export function tell<Parameters extends readonly unknown[]>(
  listener: (...parameters: Parameters) => void,
  ...parameters: Parameters
): void {
  try {
    listener(...parameters);
  } catch (error) {
    if (typeof reportError === 'function') reportError(error);
    else console.error(error);
  }
}
