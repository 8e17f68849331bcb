/**
 * Asks the browser not to clear this site's storage on its own. Firefox asks the user, so call this after the user has
 * started a download: before any user interaction, this function does not ask and resolves with false. For pages only.
 */
export async function persistStorage(): Promise<boolean> {
  const storage = (globalThis.navigator as Navigator | undefined)?.storage;
  if (storage === undefined || !('persist' in storage)) return false;
  if (await storage.persisted().catch(() => false)) return true;
  const activation = navigator.userActivation as UserActivation | undefined;
  if (activation?.hasBeenActive === false) return false;
  return storage.persist().catch(() => false);
}
