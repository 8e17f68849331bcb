import { useEffect, useRef } from 'react';
import type { IntakeState, PhotoIntake } from '../src/photo-intake';
import { samples } from '../src/samples';

/** The ways to take another photo. */
export function PhotoPicker({
  intake,
  taken,
}: {
  readonly intake: PhotoIntake;
  readonly taken: IntakeState;
}) {
  const input = useRef<HTMLInputElement>(null);
  // On the element itself and never taken off: React does not hear an input that has left the page, and a file dialog
  // may be answered after that.
  useEffect(() => {
    const { current } = input;
    if (current === null) return;
    current.onchange = () => {
      const [file] = current.files ?? [];
      if (file !== undefined) intake.take(file);
      current.value = ''; // so that the same file can be chosen again
    };
  }, [intake]);

  return (
    <section aria-label="Photo">
      <div className="picker-row">
        <input
          id="photo-input"
          className="photo-input"
          type="file"
          accept="image/*"
          data-testid="photo-input"
          ref={input}
        />
        <label className="button" htmlFor="photo-input">
          {taken.photo === undefined ? 'Choose a photo' : 'Choose another photo'}
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
