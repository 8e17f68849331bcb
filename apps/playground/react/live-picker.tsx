import type { ChangeEvent } from 'react';
import type { LiveSession, LiveSessionState } from '../src/live/live-session';

/** The choice of a camera or a video, and its start and stop. */
export function LivePicker({
  session,
  state,
}: {
  readonly session: LiveSession;
  readonly state: LiveSessionState;
}) {
  const { source, wanted, cameras, cameraId } = state;

  function choose({ currentTarget }: ChangeEvent<HTMLInputElement>): void {
    const [file] = currentTarget.files ?? [];
    if (file !== undefined) session.takeVideo(file);
    currentTarget.value = ''; // so that the same file can be chosen again
  }

  return (
    <section className="picker-row" aria-label={source === 'camera' ? 'Camera' : 'Video'}>
      <button
        type="button"
        className="button"
        data-testid="live-toggle"
        onClick={wanted ? session.stop : session.start}
      >
        {wanted ? 'Stop' : source === 'camera' ? 'Start the camera' : 'Play the video'}
      </button>
      {source === 'camera' && cameras.length > 1 && (
        <label className="control-inline">
          <span>Camera</span>
          <select
            data-testid="camera-picker"
            value={cameraId ?? ''}
            onChange={({ currentTarget }) => session.chooseCamera(currentTarget.value)}
          >
            <option value="">The browser’s choice</option>
            {cameras.map(({ id, title }) => (
              <option key={id} value={id}>
                {title}
              </option>
            ))}
          </select>
        </label>
      )}
      {source === 'video' && (
        <>
          <input
            id="video-input"
            className="photo-input"
            type="file"
            accept="video/*"
            data-testid="video-input"
            onChange={choose}
          />
          <label className="button secondary" htmlFor="video-input">
            Choose a video
          </label>
        </>
      )}
      <p className="hint">Frames stay on this device, and none is kept.</p>
    </section>
  );
}
