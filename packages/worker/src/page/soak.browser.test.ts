import { imageClassification } from '@hayate/vision/tasks/image-classification';
import { createRandom, sampleUrl, skipUnless, tinyClassifier as model, tinyError } from '@hayate/testing';
import { afterEach, expect, inject, test, type TestContext } from 'vitest';
import type {} from '@vitest/browser-playwright'; // for its types of cdp()
import { cdp } from 'vitest/browser';
import { connectEngine } from './connect-engine';

const { runs, cycles, aborts, seed } = inject('soak');
const HOUR = 3_600_000;
/** How much the size of an unchanged heap may differ from one collection to the next. */
const NOISE_BYTES = 200_000;

let worker: Worker | undefined;
const createEngine = () =>
  connectEngine(
    () => (worker = new Worker(new URL('./faulty.test.worker.ts', import.meta.url), { type: 'module' })),
  );
let engine = createEngine(); // it starts nothing yet
const connect = () => {
  engine = createEngine();
  return engine.load(imageClassification, { model });
};
afterEach(() => engine.dispose());

const { measureUserAgentSpecificMemory: measure } = performance as {
  measureUserAgentSpecificMemory?: () => Promise<Measurement>;
};

interface Measurement {
  readonly breakdown: readonly {
    readonly bytes: number;
    readonly types: readonly string[];
    readonly attribution: readonly { readonly scope: string }[];
  }[];
}

/** The JavaScript heaps of page and worker after a full collection, and the frames that the worker has closed. */
async function heaps() {
  const framesClosed = await new Promise<number>((resolve) => {
    const hear = ({ data }: MessageEvent) => {
      if (typeof data?.framesClosed !== 'number') return;
      worker?.removeEventListener('message', hear);
      resolve(data.framesClosed as number);
    };
    worker?.addEventListener('message', hear);
    worker?.postMessage('collect');
  });
  return { framesClosed, worker: await workerHeap(), page: await pageHeap() };
}

async function pageHeap(): Promise<number> {
  await cdp().send('HeapProfiler.collectGarbage');
  return (await cdp().send('Runtime.getHeapUsage')).usedSize;
}

async function workerHeap(): Promise<number> {
  const { breakdown } = (await measure?.call(performance)) ?? { breakdown: [] };
  return breakdown
    .filter(({ attribution }) => attribution.some(({ scope }) => scope === 'DedicatedWorkerGlobalScope'))
    .reduce((sum, { bytes }) => sum + bytes, 0);
}

/** The slope of the line through equally spaced values, by least squares. */
function slope(values: readonly number[], step: number): number {
  const middle = (values.length - 1) / 2;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const above = values.reduce((sum, value, at) => sum + (at - middle) * (value - mean), 0);
  return above / values.reduce((sum, _, at) => sum + (at - middle) ** 2, 0) / step;
}

/** Skips where the heaps cannot be measured. */
function skipWithoutMeasure(context: TestContext): void {
  skipUnless(context, measure !== undefined, 'this browser does not tell its memory');
}

test(
  `${runs} inferences: heaps stay, WebAssembly memory stays, no frame stays open`,
  async (context) => {
    skipWithoutMeasure(context);
    const loaded = await connect();
    const photo = await (await fetch(sampleUrl('chelsea.png'))).blob();
    const bitmap = await createImageBitmap(photo, { colorSpaceConversion: 'none' });
    let sent = 0;
    const batch = async (count: number) => {
      for (let run = 0; run < count; run += 1) {
        sent += 1;
        const frame = new VideoFrame(bitmap, { timestamp: sent });
        const { output } = await loaded.run(frame, { topK: 10 }, { transfer: true });
        // Not with expect, whose records would add to the heap.
        if (tinyError('chelsea.png', output) > 1e-4) throw new Error(`run ${sent} gave another result`);
        if (frame.format !== null) throw new Error(`frame ${sent} stayed open`);
      }
    };
    await batch(Math.max(600, runs / 10)); // until the JavaScript engine has optimised the code
    const points = 10;
    const wasm: number[] = [];
    const measured: Awaited<ReturnType<typeof heaps>>[] = [];
    for (let point = 0; point < points; point += 1) {
      await batch(Math.ceil(runs / points));
      measured.push(await heaps());
      wasm.push(engine.health.getSnapshot().memoryBytes);
    }
    const growth = {
      page: slope(
        measured.map(({ page }) => page),
        runs / points,
      ),
      worker: slope(
        measured.map(({ worker }) => worker),
        runs / points,
      ),
    };
    console.log(
      `soak: ${runs} inferences; heap slopes ${growth.page.toFixed(1)} (page) and ${growth.worker.toFixed(1)} ` +
        `(worker) bytes a run; WebAssembly ${wasm[0]} to ${wasm.at(-1)} bytes; ` +
        `${sent - (measured.at(-1)?.framesClosed ?? 0)} frames open`,
    );
    expect(new Set(wasm).size).toBe(1);
    expect(measured.at(-1)?.framesClosed).toBe(sent);
    expect(growth.page).toBeLessThan(50 + NOISE_BYTES / runs);
    expect(growth.worker).toBeLessThan(50 + NOISE_BYTES / runs);
  },
  HOUR,
);

test(
  `${cycles} times created and disposed of: within 1 MB`,
  async (context) => {
    skipWithoutMeasure(context);
    const photo = await (await fetch(sampleUrl('chelsea.png'))).blob();
    const cycle = async () => {
      const loaded = await connect();
      await loaded.run(photo);
      await engine.dispose();
      worker = undefined;
    };
    for (let warm = 0; warm < 3; warm += 1) await cycle();
    const before = await pageHeap();
    for (let count = 0; count < cycles; count += 1) await cycle();
    const growth = (await pageHeap()) - before;
    console.log(`soak: ${cycles} cycles; the page's heap grew by ${growth} bytes`);
    expect(growth).toBeLessThan(1_000_000);
  },
  HOUR,
);

test(
  `${aborts} aborts at any moment from seed ${seed}: each settles at once and leaves nothing behind`,
  async () => {
    const random = createRandom(seed);
    const loaded = await connect();
    const photo = await (await fetch(sampleUrl('chelsea.png'))).blob();
    const bitmap = await createImageBitmap(photo);
    const frames: VideoFrame[] = [];
    const waits: number[] = [];
    const run = (signal: AbortSignal) => {
      const frame = new VideoFrame(bitmap, { timestamp: frames.length });
      frames.push(frame);
      return loaded.run(frame, {}, { signal, transfer: true });
    };
    const load = async (signal: AbortSignal) => {
      const other = { ...model, id: `tiny ${waits.length}` };
      await (await engine.load(imageClassification, { model: other }, { signal })).release();
    };
    for (let round = 0; round < aborts; round += 1) {
      const controller = new AbortController();
      const { signal } = controller;
      const calls = Array.from({ length: 1 + random.below(3) }, () =>
        random.rarely(4) ? load(signal) : run(signal),
      );
      let abortedAt = Infinity;
      const settled = calls.map(async (call) => {
        const name = await call.then(
          () => 'done',
          (error: unknown) => (error as Error).name,
        );
        if (name === 'AbortError') waits.push(performance.now() - abortedAt);
        return name;
      });
      await new Promise((resolve) => setTimeout(resolve, random.below(10)));
      abortedAt = performance.now();
      controller.abort();
      for (const name of await Promise.all(settled)) expect(['done', 'AbortError']).toContain(name);
    }
    await expect.poll(() => loaded.queue).toMatchObject({ waiting: 0, running: 0 });
    expect(frames.filter(({ format }) => format !== null)).toEqual([]);
    const { output } = await loaded.run(photo, { topK: 10 });
    expect(tinyError('chelsea.png', output)).toBeLessThan(1e-4);
    expect(engine.health.getSnapshot()).toMatchObject({ workers: 1, crashes: 0 });
    waits.sort((one, other) => one - other);
    console.log(
      `soak: ${aborts} aborts from seed ${seed}: ${waits.length} calls aborted, settled after ` +
        `${(waits[Math.floor(waits.length / 2)] ?? 0).toFixed(1)} ms (median), ${(waits.at(-1) ?? 0).toFixed(1)} ms (most)`,
    );
  },
  HOUR,
);
