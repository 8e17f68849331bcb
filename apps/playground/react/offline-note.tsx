import { describeOffline, type Offline } from '../src/offline';
import { useStore } from './use-store';

/** Says whether the page works without a network, and offers a newer version. */
export function OfflineNote({ offline }: { readonly offline: Offline }) {
  const state = useStore(offline);
  return (
    <p role="status" data-testid="offline" data-status={state.status} data-online={state.isOnline}>
      {describeOffline(state)}{' '}
      {state.status === 'update' && (
        <button type="button" className="plain" data-testid="update" onClick={() => offline.update()}>
          Reload
        </button>
      )}
    </p>
  );
}
