import { useEffect, useRef, useState, type PointerEvent } from 'react';
import { createOverlayCanvas, type OverlayCanvas } from '../src/overlay-canvas';
import { photoLabel, showPhoto, type Size } from '../src/photo-canvas';
import type { IntakeState, Photo } from '../src/photo-intake';
import type { TaskSession } from '../src/task-session';
import type { PhotoPageView } from '../src/photo-page-view';

interface StageProps {
  readonly taken: IntakeState;
  readonly view: PhotoPageView;
  readonly session: TaskSession;
  readonly highlighted: number | undefined;
}

/** The photo with its results. */
export function Stage(props: StageProps) {
  const { photo, dragging, fetching } = props.taken;
  return (
    <div className="stage" data-empty={photo === undefined} data-dragging={dragging} data-fetching={fetching}>
      {photo === undefined ? (
        <p className="stage-note">Your photo appears here and stays here.</p>
      ) : (
        <PhotoStage key={photo.number} {...props} photo={photo} />
      )}
      {dragging && <p className="stage-drop">Let go to look at it</p>}
    </div>
  );
}

function PhotoStage({ photo: { file }, view, session, highlighted }: StageProps & { readonly photo: Photo }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const over = useRef<HTMLCanvasElement>(null);
  const overlay = useRef<OverlayCanvas>(undefined);
  const [size, setSize] = useState<Size>();
  const [broken, setBroken] = useState(false);
  useEffect(() => {
    if (canvas.current === null || over.current === null) return;
    const made = (overlay.current = createOverlayCanvas(over.current));
    const stop = showPhoto(canvas.current, file, { onSize: setSize, onBroken: () => setBroken(true) });
    return () => {
      stop();
      made.stop();
    };
  }, [file]);
  const { items } = view;
  useEffect(() => {
    if (size !== undefined) overlay.current?.show({ ...size, items, highlighted });
  }, [size, items, highlighted]);
  if (broken) return <p className="stage-note">{file.name} has no preview.</p>;
  const point = (event: PointerEvent) => {
    session.point(overlay.current?.at(event));
  };
  return (
    <>
      <canvas ref={canvas} role="img" aria-label={view.label || photoLabel(file)} data-testid="preview" />
      <canvas
        ref={over}
        className="overlay"
        aria-hidden="true"
        data-testid="overlay"
        data-items={size === undefined ? undefined : items.length}
        data-highlighted={highlighted}
        onPointerMove={point}
        onPointerLeave={() => session.point(undefined)}
        onClick={(event) => session.pin(overlay.current?.at(event))}
      />
    </>
  );
}
