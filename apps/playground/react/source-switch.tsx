import { stageSources, type LiveSession, type LiveSessionState } from '../src/live/live-session';

/** Where the picture comes from. */
export function SourceSwitch({
  session,
  live,
}: {
  readonly session: LiveSession;
  readonly live: LiveSessionState;
}) {
  return (
    <div className="sources" role="group" aria-label="Source">
      {stageSources.map(({ name, title }) => (
        <button
          key={name}
          type="button"
          aria-pressed={name === live.source}
          data-testid={`source-${name}`}
          onClick={() => session.choose(name)}
        >
          {title}
        </button>
      ))}
    </div>
  );
}
