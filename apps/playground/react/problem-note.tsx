import type { Problem } from '../src/error-help';

/** What went wrong, why, and what to do. */
export function ProblemNote({
  problem,
  onRetry,
}: {
  readonly problem: Problem;
  readonly onRetry?: () => void;
}) {
  const { code, title, sentence, advice, detail, retryable } = problem;
  return (
    <div className="problem" role="alert" data-testid="error" data-code={code}>
      <h3>{title}</h3>
      <p>{sentence}</p>
      <p>{advice}</p>
      {retryable && onRetry && (
        <button type="button" className="button" data-testid="retry" onClick={onRetry}>
          Try again
        </button>
      )}
      {detail !== undefined && (
        <details>
          <summary>Details</summary>
          <p>
            <code>{code}</code> {detail}
          </p>
        </details>
      )}
    </div>
  );
}
