import { useEffect, useRef } from 'react';
import type { LiveScene } from '../src/live/live-scene';
import type { LivePageView } from '../src/live/live-page-view';

/** The live picture with its results, and the figures of the live task. */
export function LiveStage(props: {
  readonly scene: LiveScene;
  readonly view: LivePageView;
  readonly highlighted: number | undefined;
}) {
  const { scene, view, highlighted } = props;
  const picture = useRef<HTMLCanvasElement>(null);
  const overlay = useRef<HTMLCanvasElement>(null);
  const chart = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    if (!picture.current || !overlay.current || !chart.current) return;
    return scene.mount({ picture: picture.current, overlay: overlay.current, chart: chart.current });
  }, [scene]);
  useEffect(() => {
    scene.highlight(highlighted);
  }, [scene, highlighted]);
  const idle = view.rows === undefined;
  return (
    <>
      <div className="stage" data-empty={idle}>
        <canvas ref={picture} role="img" aria-label={view.sentence} data-testid="live-picture" />
        <canvas ref={overlay} className="overlay" aria-hidden="true" data-testid="overlay" />
        {idle && <p className="stage-note">{view.sentence}</p>}
      </div>
      <div className="live-figures" data-testid="live">
        <dl>
          {view.figures.map(({ name, title, text }) => (
            <div key={name}>
              <dt>{title}</dt>
              <dd className="figure" data-testid={`live-${name}`}>
                {text}
              </dd>
            </div>
          ))}
        </dl>
        <canvas ref={chart} aria-hidden="true" />
        <p className="quiet">Line: frame to result. Area: the model’s own run.</p>
      </div>
    </>
  );
}
