import { HayateError, type TensorData } from '@hayate/core';
import {
  type AffineMatrix,
  type ImagePlan,
  type ImagePlanSpec,
  type ImageTensorType,
  type PixelFormat,
} from './image-plan-spec';

import { badInput } from './bad-input';
import { copyOptions } from './copy-options';
import type { VisionExports } from './create-vision';
import { crashed, type KernelInstance } from './instance';
import { createNativePlan, encodeSource, encodeSpec, type ReservedSource } from './native-plan';

const VIEWS = { float32: Float32Array, float16: Uint16Array, uint8: Uint8Array, int8: Int8Array };
const COLOR_SPACE = { matrix: 'bt709', range: 'limited' } as const;

/** A plan; see {@link ImagePlan}. Views are made at each use, because memory that grows detaches those made before. */
export function createImagePlan<Type extends ImageTensorType = 'float32'>(
  instance: KernelInstance<VisionExports>,
  spec: ImagePlanSpec<Type>,
): ImagePlan<Type> {
  const plan = createNativePlan(instance, encodeSpec(spec));
  const type = spec.type ?? ('float32' as Type);
  const present = createPresentSource(instance);

  return {
    type,
    dims: dimsOf(spec),

    input(width, height, format, colorSpace = COLOR_SPACE) {
      present.checkAlive();
      const encoded = encodeSource(width, height, format, colorSpace);
      present.set(undefined);
      const reserved = plan.reserve(width, height, encoded);
      present.set(describeSource(width, height, format, reserved));
      return new Uint8ClampedArray(instance.buffer, ...reserved.input);
    },

    get region() {
      return present.get().region;
    },

    get copyOptions() {
      return present.get().copyOptions;
    },

    get toSource() {
      return present.get().toSource;
    },

    run({ matrix } = {}) {
      const source = present.get();
      if (matrix !== undefined) checkMatrix(spec, matrix);
      plan.run(matrix);
      if (matrix !== undefined) present.set({ ...source, toSource: matrix });
      const [address, bytes] = source.output;
      const View = VIEWS[type];
      return new View(instance.buffer, address, bytes / View.BYTES_PER_ELEMENT) as TensorData[Type];
    },

    dispose() {
      present.dispose();
      plan.free();
    },
  };
}

/** What a plan reports of its present source. */
interface PlanSource extends Pick<ImagePlan, 'region' | 'copyOptions' | 'toSource'> {
  readonly output: ReservedSource['output'];
}

/** The source of a plan: none, one, or one that was lost with its instance. */
interface PresentSource {
  /** Throws `disposed`. */
  checkAlive(): void;
  set(source: PlanSource | undefined): void;
  /** Throws `disposed`, `bad-input` if there is no source, and once `kernels-crashed` if it was lost. */
  get(): PlanSource;
  dispose(): void;
}

function createPresentSource(instance: Pick<KernelInstance<unknown>, 'generation'>): PresentSource {
  let disposed = false;
  let present: PlanSource | undefined;
  let generation = 0;

  function checkAlive(): void {
    if (disposed) throw new HayateError('disposed', 'The image plan has been disposed.', {});
  }

  return {
    checkAlive,
    set(source) {
      present = source;
      ({ generation } = instance);
    },
    get() {
      checkAlive();
      const source = present;
      if (source === undefined) throw badInput('input has to be called first');
      if (generation === instance.generation) return source;
      present = undefined;
      throw crashed('the pixels written to the plan went with the crash');
    },
    dispose() {
      disposed = true;
    },
  };
}

function dimsOf({ layout, fit, channels }: ImagePlanSpec): readonly number[] {
  const { width, height } = fit.kind === 'shorter-side-crop' ? fit.crop : fit;
  const count = channels === 'luma' ? 1 : 3;
  return layout === 'nchw' ? [1, count, height, width] : [1, height, width, count];
}

function describeSource(
  width: number,
  height: number,
  format: PixelFormat,
  { output, region, toSource }: ReservedSource,
): PlanSource {
  const [x, y, right, bottom] = region;
  return {
    output,
    region: { x, y, width: right - x, height: bottom - y },
    copyOptions: copyOptions(width, height, format, region),
    toSource,
  };
}

/** Throws `bad-input` for a matrix that the plan cannot use. */
function checkMatrix({ fit }: ImagePlanSpec, matrix: AffineMatrix): void {
  if (fit.kind !== 'affine') throw badInput('only an affine crop takes a matrix');
  if (!(matrix.length === 6 && matrix.every(Number.isFinite))) {
    throw badInput('the matrix must be six finite numbers');
  }
}
