import type { LiveSession, LiveSessionState } from '../src/live/live-session';
import { FileButton } from './file-button';

/** The choice of a camera or a video, and its start and stop. */
export function LivePicker({
  session,
  state,
}: {
  readonly session: LiveSession;
  readonly state: LiveSessionState;
}) {
  const { source, wanted, cameras, cameraId } = state;

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
        <FileButton id="video-input" accept="video/*" look="button secondary" onFile={session.takeVideo}>
          Choose a video
        </FileButton>
      )}
      <p className="hint">Frames stay on this device, and none is kept.</p>
    </section>
  );
}
