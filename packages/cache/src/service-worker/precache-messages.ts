import type { WireError } from '@hayate/core';
import type { PrecacheItem, PrecacheOptions } from '../precache-models';

/** The `type` of a {@link PrecacheMessage}. */
export const PRECACHE_MESSAGE = 'hayate:precache';

/** A page's request to its service worker, with the port for the answers. Any message on that port aborts the request. */
export interface PrecacheMessage {
  readonly type: typeof PRECACHE_MESSAGE;
  readonly list: readonly PrecacheItem[];
}

/** The service worker's answers: any number of `progress`, then `done` or `error`. */
export interface PrecacheAnswer {
  readonly progress?: Parameters<NonNullable<PrecacheOptions['onProgress']>>[0];
  readonly done?: true;
  readonly error?: WireError;
}
