import type { IntakeState, PhotoIntake } from '../src/photo-intake';
import { samples } from '../src/samples';
import { FileButton } from './file-button';

/** The ways to take another photo. */
export function PhotoPicker({
  intake,
  taken,
}: {
  readonly intake: PhotoIntake;
  readonly taken: IntakeState;
}) {
  return (
    <section aria-label="Photo">
      <div className="picker-row">
        <FileButton id="photo-input" accept="image/*" onFile={intake.take}>
          {taken.photo === undefined ? 'Choose a photo' : 'Choose another photo'}
        </FileButton>
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
