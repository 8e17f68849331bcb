import type { ShownProgress } from '../src/photo-page-view';

/** How far the loading of the model has come. Screen readers do not read it: they read the status. */
export function ProgressLine({ text, rate, fraction }: ShownProgress) {
  return (
    <div className="progress">
      <progress max={1} aria-label="Loading the model" data-testid="progress" value={fraction} />
      <p>
        <span className="figure" data-testid="progress-text">
          {text}
        </span>
        <span className="figure" data-testid="progress-rate">
          {rate}
        </span>
      </p>
    </div>
  );
}
