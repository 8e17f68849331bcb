import { formatScore } from '../src/format';
import { markData } from '../src/overlay';
import type { AnyTaskPage, ResultRow } from '../src/task-page';
import type { TaskSession } from '../src/task-session';
import type { PhotoPageView } from '../src/photo-page-view';

/** The results, best first, each with its score as a number and as a bar. Those with a place highlight it. */
export function ResultList(props: {
  readonly page: AnyTaskPage;
  readonly view: Pick<PhotoPageView, 'rows' | 'busy'>;
  readonly session: TaskSession;
  readonly highlighted: number | undefined;
  readonly empty: boolean;
}) {
  const { page, view, session, highlighted, empty } = props;
  const { rows, busy } = view;
  if (rows !== undefined) {
    return (
      <ol className="results" data-testid="results" data-ranked={page.ranked}>
        {rows.map((row, at) => (
          <li
            key={at}
            data-testid="result"
            data-label={row.label}
            data-index={row.index}
            data-score={row.score}
            {...markData(row.mark)}
          >
            {row.mark === undefined ? (
              <Row row={row} />
            ) : (
              <button
                type="button"
                data-highlighted={highlighted === at + 1}
                onPointerEnter={() => session.point(at + 1)}
                onPointerLeave={() => session.point(undefined)}
                onFocus={() => session.point(at + 1)}
                onBlur={() => session.point(undefined)}
                onClick={() => session.pin(at + 1)}
              >
                <span className="number" data-tone={row.mark.tone % 6}>
                  {at + 1}
                </span>{' '}
                <Row row={row} />
              </button>
            )}
          </li>
        ))}
      </ol>
    );
  }
  if (busy) {
    return (
      <div className="results waiting" data-ranked={page.ranked} aria-hidden="true">
        {Array.from({ length: page.rowCount }, (_, row) => (
          <span key={row} />
        ))}
      </div>
    );
  }
  return empty ? <p className="quiet">{page.empty}</p> : null;
}

function Row({ row: { label, score } }: { readonly row: ResultRow }) {
  return (
    <>
      <span className="label">{label}</span> <span className="figure">{formatScore(score)}</span>
      <span className="bar" style={{ '--share': score }} />
    </>
  );
}
