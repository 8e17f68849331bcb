/**
 * Asks the browser not to clear this site's storage on its own. Firefox asks the user, so call this after the user has
 * started a download: before any user interaction, this function does not ask and resolves with false. For pages only.
 */
export async function persistStorage(): Promise<boolean> {
  // Workers have neither `persist` nor activation.
  const page = globalThis.navigator as
    | { readonly storage?: StorageManager; readonly userActivation?: { readonly hasBeenActive: boolean } }
    | undefined;
  const storage = page?.storage;
  if (storage === undefined || !('persist' in storage)) return false;
  const { persist } = storage as { persist?: () => Promise<boolean> };
  if (await storage.persisted().catch(() => false)) return true;
  if (page?.userActivation?.hasBeenActive === false) return false;
  return persist === undefined ? false : persist.call(storage).catch(() => false);
}
