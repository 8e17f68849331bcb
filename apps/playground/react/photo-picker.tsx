import { useEffect, useRef, useState, type ChangeEvent } from 'react';
import type { IntakeState, Photo, PhotoIntake } from '../src/photo-intake';
import { previewLabel, showPreview } from '../src/preview';
import { samples } from '../src/samples';

/** The photo on show, and the ways to take another. */
export function PhotoPicker({
  intake,
  taken,
}: {
  readonly intake: PhotoIntake;
  readonly taken: IntakeState;
}) {
  const { photo, dragging, fetching } = taken;

  function choose({ currentTarget }: ChangeEvent<HTMLInputElement>): void {
    const [file] = currentTarget.files ?? [];
    if (file !== undefined) intake.take(file);
    currentTarget.value = ''; // so that the same file can be chosen again
  }

  return (
    <section className="picker" aria-label="Photo">
      <div
        className="stage"
        data-empty={photo === undefined}
        data-dragging={dragging}
        data-fetching={fetching}
      >
        {photo === undefined ? (
          <p className="stage-note">Your photo appears here and stays here.</p>
        ) : (
          <Preview key={photo.number} photo={photo} />
        )}
        {dragging && <p className="stage-drop">Let go to look at it</p>}
      </div>
      <div className="picker-row">
        <input
          id="photo-input"
          className="photo-input"
          type="file"
          accept="image/*"
          data-testid="photo-input"
          onChange={choose}
        />
        <label className="button" htmlFor="photo-input">
          {photo === undefined ? 'Choose a photo' : 'Choose another photo'}
        </label>
        <p className="hint">or drop or paste one</p>
      </div>
      <h2 className="quiet">Or take one of these</h2>
      <ul className="samples">
        {samples.map((sample) => (
          <li key={sample.name}>
            <button
              type="button"
              data-testid={`sample-${sample.name}`}
              onClick={() => void intake.takeSample(sample)}
            >
              <img src={sample.url} alt="" />
              <span>{sample.title}</span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Preview({ photo: { file } }: { readonly photo: Photo }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [broken, setBroken] = useState(false);
  useEffect(() => {
    if (canvas.current === null) return;
    return showPreview(canvas.current, file, () => {
      setBroken(true);
    });
  }, [file]);
  if (broken) return <p className="stage-note">{file.name} has no preview.</p>;
  return <canvas ref={canvas} role="img" aria-label={previewLabel(file)} data-testid="preview" />;
}
