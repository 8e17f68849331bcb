/** How far the model has come. Not read aloud: the status is. */
export function ProgressLine({
  text,
  fraction,
}: {
  readonly text: string;
  readonly fraction: number | undefined;
}) {
  return (
    <div className="progress">
      <progress max={1} aria-label="Loading the model" data-testid="progress" value={fraction} />
      <span className="figure" data-testid="progress-text">
        {text}
      </span>
    </div>
  );
}
