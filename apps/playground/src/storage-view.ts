import type { StoreUsage } from '@hayate/cache';
import type { Manifest } from '@hayate/core';
import { formatBytes } from './format';
import { storedBeside, storedOf, type StoredFiles, type StoredFilesState } from './stored-files';
import { taskPages } from './task-pages';

/** One part of the bar that shows what is stored. */
export interface StoragePart {
  readonly key: string;
  readonly title: string;
  readonly size: string;
  /** Its share of all that is stored, from 0 to 1. */
  readonly share: number;
  /** The number of its colour, from 0. */
  readonly tone: number;
}

/** What the browser stores of this site, as it is shown. */
export interface StorageView {
  readonly parts: readonly StoragePart[];
  readonly total: string;
  /** How much more the browser would store, as far as it tells, as a sentence. */
  readonly room: string;
  /** The actions that are offered, in their order. */
  readonly actions: readonly StorageAction[];
}

/** An action on what is stored. */
export interface StorageAction {
  readonly id: string;
  readonly title: string;
  act(storedFiles: StoredFiles): Promise<void>;
}

const TONES = 6;

/** Describes what is stored; undefined until it was read. */
export function storageView(state: StoredFilesState, own: readonly Manifest[]): StorageView | undefined {
  const { entries, usage } = state;
  if (entries === undefined || usage === undefined) return undefined;
  const models = [...taskPages.flatMap((page) => page.models), ...own];
  const sum = (of: readonly { readonly bytes: number }[]) =>
    of.reduce((total, { bytes }) => total + bytes, 0);
  const sizes = [
    ...models.map((model, at) => ({ key: `${at}`, title: model.id, bytes: sum(storedOf(state, model)) })),
    { key: 'beside', title: 'ONNX Runtime and the kernels', bytes: sum(storedBeside(state, models)) },
    { key: 'unfinished', title: 'Unfinished downloads', bytes: usage.partialBytes },
  ].filter(({ bytes }) => bytes > 0);
  const all = sum(sizes);
  return {
    parts: sizes.map(({ key, title, bytes }, at) => ({
      key,
      title,
      size: formatBytes(bytes),
      share: bytes / all,
      tone: at % TONES,
    })),
    total: formatBytes(all),
    room: describeRoom(usage),
    actions: actions(state, usage, all > 0),
  };
}

function actions(state: StoredFilesState, usage: StoreUsage, isAnyKept: boolean): readonly StorageAction[] {
  const missing = taskPages
    .flatMap(({ models }) => models)
    .filter((model) => storedOf(state, model).length === 0);
  const offered: readonly (StorageAction & { readonly isOffered: boolean })[] = [
    {
      id: 'precache',
      title: 'Download all models',
      isOffered: missing.length > 0,
      act: (storedFiles) => storedFiles.precache(missing),
    },
    {
      id: 'verify',
      title: 'Check all files',
      isOffered: isAnyKept,
      act: (storedFiles) => storedFiles.verify(),
    },
    {
      id: 'persist',
      title: 'Keep them for good',
      isOffered: isAnyKept && !usage.isPersistent,
      act: (storedFiles) => storedFiles.persist(),
    },
    {
      id: 'remove-unfinished',
      title: 'Remove unfinished downloads',
      isOffered: usage.partialBytes > 0,
      act: (storedFiles) => storedFiles.removeUnfinished(),
    },
    {
      id: 'remove-all',
      title: 'Remove everything',
      isOffered: isAnyKept,
      act: (storedFiles) => storedFiles.removeAll(),
    },
  ];
  return offered.filter(({ isOffered }) => isOffered);
}

function describeRoom({ site, isPersistent }: StoreUsage): string {
  const promise = isPersistent ? ' It will not clear them on its own.' : '';
  if (site === undefined) return `The browser does not tell how much it would keep.${promise}`;
  const free = Math.max(0, site.quotaBytes - site.usageBytes);
  return `By its own estimate the browser has room for ${formatBytes(free)} more.${promise}`;
}
