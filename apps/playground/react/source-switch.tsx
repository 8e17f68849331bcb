import { stageSources, type LiveSession, type LiveSessionState } from '../src/live/live-session';

/** The choice of the picture's source. */
export function SourceSwitch({
  session,
  state,
}: {
  readonly session: LiveSession;
  readonly state: LiveSessionState;
}) {
  return (
    <div className="sources" role="group" aria-label="Source">
      {stageSources.map(({ name, title }) => (
        <button
          key={name}
          type="button"
          aria-pressed={name === state.source}
          data-testid={`source-${name}`}
          onClick={() => session.choose(name)}
        >
          {title}
        </button>
      ))}
    </div>
  );
}
