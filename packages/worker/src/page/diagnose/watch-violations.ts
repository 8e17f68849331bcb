/** Records what the page's Content-Security-Policy blocks. */
export interface Violations {
  /** Resolves with a matching violation, or with undefined after 100 ms: browsers may report it after the failure it causes. */
  find(
    matches: (violation: SecurityPolicyViolationEvent) => boolean,
  ): Promise<SecurityPolicyViolationEvent | undefined>;
  stop(): void;
}

const LATE_MS = 100;

/** Records violations until `stop`. Report-only policies do not count. */
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
