/** Hears what the page's Content-Security-Policy refuses. */
export interface Violations {
  /** A violation that matches, which the browser may tell a little later than the failure it causes. */
  find(
    matches: (violation: SecurityPolicyViolationEvent) => boolean,
  ): Promise<SecurityPolicyViolationEvent | undefined>;
  stop(): void;
}

const LATE_MS = 100;

/** Listens until it is stopped; what a policy only reports is no violation. */
export function watchViolations(): Violations {
  const seen: SecurityPolicyViolationEvent[] = [];
  const waiting = new Set<() => void>();

  function hear(event: SecurityPolicyViolationEvent): void {
    if (event.disposition !== 'enforce') return;
    seen.push(event);
    for (const look of waiting) look();
  }
  addEventListener('securitypolicyviolation', hear);

  return {
    find: (matches) =>
      new Promise((resolve) => {
        const end = () => {
          clearTimeout(timer);
          waiting.delete(look);
          resolve(seen.find(matches));
        };
        const look = () => {
          if (seen.some(matches)) end();
        };
        const timer = setTimeout(end, LATE_MS);
        waiting.add(look);
        look();
      }),
    stop() {
      removeEventListener('securitypolicyviolation', hear);
    },
  };
}
