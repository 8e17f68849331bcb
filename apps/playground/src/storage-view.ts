import type { StoreUsage } from '@hayate/cache';
import type { Manifest } from '@hayate/core';
import { formatBytes } from './format';
import { keptBeside, keptOf, type KeptFiles, type KeptState } from './kept-files';
import { taskPages } from './task-pages';

/** A part of the bar of what is kept. */
export interface StoragePart {
  readonly key: string;
  readonly title: string;
  readonly size: string;
  /** Of all that is kept, from 0 to 1. */
  readonly share: number;
  /** Its colour, from 0. */
  readonly tone: number;
}

/** What the browser keeps of this site, ready to be shown. */
export interface StorageView {
  readonly parts: readonly StoragePart[];
  readonly total: string;
  /** How much more the browser would keep, as far as it tells. */
  readonly room: string;
  /** What can be done, in the order in which it is offered. */
  readonly actions: readonly StorageAction[];
}

/** Something that can be done with what is kept. */
export interface StorageAction {
  readonly id: string;
  readonly title: string;
  act(keptFiles: KeptFiles): Promise<void>;
}

const TONES = 6;

/** Describes the store. Undefined until it was looked at. */
export function storageView(state: KeptState, own: readonly Manifest[]): StorageView | undefined {
  const { entries, usage } = state;
  if (entries === undefined || usage === undefined) return undefined;
  const models = [...taskPages.flatMap((page) => page.models), ...own];
  const sum = (of: readonly { readonly bytes: number }[]) =>
    of.reduce((total, { bytes }) => total + bytes, 0);
  const sizes = [
    ...models.map((model, at) => ({ key: `${at}`, title: model.id, bytes: sum(keptOf(state, model)) })),
    { key: 'beside', title: 'ONNX Runtime and the kernels', bytes: sum(keptBeside(state, models)) },
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
    room: roomWords(usage),
    actions: actions(state, usage, all > 0),
  };
}

function actions(state: KeptState, usage: StoreUsage, isAnyKept: boolean): readonly StorageAction[] {
  const missing = taskPages
    .flatMap(({ models }) => models)
    .filter((model) => keptOf(state, model).length === 0);
  const offered: readonly (StorageAction & { readonly isOffered: boolean })[] = [
    {
      id: 'precache',
      title: 'Download all models',
      isOffered: missing.length > 0,
      act: (keptFiles) => keptFiles.precache(missing),
    },
    { id: 'verify', title: 'Check all files', isOffered: isAnyKept, act: (keptFiles) => keptFiles.verify() },
    {
      id: 'persist',
      title: 'Keep them for good',
      isOffered: isAnyKept && !usage.isPersistent,
      act: (keptFiles) => keptFiles.persist(),
    },
    {
      id: 'remove-unfinished',
      title: 'Remove unfinished downloads',
      isOffered: usage.partialBytes > 0,
      act: (keptFiles) => keptFiles.removeUnfinished(),
    },
    {
      id: 'remove-all',
      title: 'Remove everything',
      isOffered: isAnyKept,
      act: (keptFiles) => keptFiles.removeAll(),
    },
  ];
  return offered.filter(({ isOffered }) => isOffered);
}

function roomWords({ site, isPersistent }: StoreUsage): string {
  const promise = isPersistent ? ' It will not clear them on its own.' : '';
  if (site === undefined) return `The browser does not tell how much it would keep.${promise}`;
  const free = Math.max(0, site.quotaBytes - site.usageBytes);
  return `By its own estimate the browser has room for ${formatBytes(free)} more.${promise}`;
}
