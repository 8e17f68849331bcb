import type { Classification } from '@hayate/core/tasks/image-classification';
import { formatScore } from '../src/format';

/** The labels, best first, each with its score as a number and as a bar. */
export function ResultList(props: {
  readonly results: readonly Classification[] | undefined;
  readonly busy: boolean;
  readonly empty: boolean;
}) {
  const { results, busy, empty } = props;
  if (results !== undefined) {
    return (
      <ol className="results" data-testid="results">
        {results.map(({ label, index, score }) => (
          <li key={index} data-testid="result" data-label={label} data-index={index} data-score={score}>
            <span className="label">{label}</span>
            <span className="figure">{formatScore(score)}</span>
            <span className="bar" style={{ '--share': score }} />
          </li>
        ))}
      </ol>
    );
  }
  if (busy) {
    return (
      <div className="results waiting" aria-hidden="true">
        {[1, 2, 3, 4, 5].map((row) => (
          <span key={row} />
        ))}
      </div>
    );
  }
  return empty ? (
    <p className="quiet">The five likeliest names for what is in the photo, best first.</p>
  ) : null;
}
