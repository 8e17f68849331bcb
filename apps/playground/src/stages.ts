import type { Timings } from '@hayate/core';

/** One stage of a run. */
export interface Stage {
  readonly key: string;
  readonly title: string;
  readonly ms: number;
  /** Its share of all stages, from 0 to 1. */
  readonly share: number;
}

const titles: Readonly<Record<string, string>> = {
  send: 'Transfer',
  queue: 'Wait',
  decode: 'Decode',
  copy: 'Copy',
  preprocess: 'Pre-process',
  inference: 'Inference',
  postprocess: 'Post-process',
};

/** The stages of a run, in their order. */
export function stagesOf(timings: Timings): readonly Stage[] {
  const stages = Object.entries(titles).map(([key, title]) => ({ key, title, ms: timings[key] ?? 0 }));
  const sum = stages.reduce((total, { ms }) => total + ms, 0);
  return stages.map((stage) => ({ ...stage, share: sum === 0 ? 0 : stage.ms / sum }));
}
