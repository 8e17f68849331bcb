import type { AffineMatrix } from './image-plan-spec';

import { checkStatus } from './bad-input';
import { PLAN_BLOCK } from './abi';
import type { Bounds } from './copy-options';
import type { VisionExports } from './create-vision';
import type { EncodedSource } from './encode-plan';
import { createHandle, type KernelInstance } from './instance';

/** A piece of the module's memory. */
export type Piece = readonly [address: number, bytes: number];

/** What the module reports of a reserved source. */
export interface ReservedSource {
  readonly input: Piece;
  readonly output: Piece;
  readonly region: Bounds;
  readonly toSource: AffineMatrix;
}

/** The plan inside the module: its calls, and its block of numbers. */
export interface NativePlan {
  /** Makes room for a source. Throws `bad-input`. */
  reserve(width: number, height: number, source: EncodedSource): ReservedSource;
  /** Converts the source, by another matrix from now on if one is given. Throws `bad-input`. */
  run(matrix: AffineMatrix | undefined): void;
  free(): void;
}

/** Makes a plan on first use, and again after its instance has been given up. `settings` are the block's. */
export function createNativePlan(
  instance: KernelInstance<VisionExports>,
  settings: Float64Array,
): NativePlan {
  const handle = createHandle(
    instance,
    (exports) => {
      const plan = exports.imageplan_new();
      block(exports.imageplan_block_ptr(plan)).set(settings);
      // What it refuses would show in every later call; `encodeSpec` has refused it before.
      exports.imageplan_configure(plan);
      return plan;
    },
    (exports, address) => {
      exports.imageplan_free(address);
    },
  );

  function block(address: number): Float64Array {
    return new Float64Array(instance.buffer, address, PLAN_BLOCK.length);
  }

  return {
    reserve(width, height, { format, matrix, range }) {
      const plan = handle.address;
      checkStatus(
        instance.call((exports) => exports.imageplan_reserve(plan, width, height, format, matrix, range)),
      );
      return readReserved(block(instance.call((exports) => exports.imageplan_block_ptr(plan))));
    },

    run(matrix) {
      const plan = handle.address;
      checkStatus(
        instance.call((exports) => {
          if (matrix !== undefined) block(exports.imageplan_block_ptr(plan)).set(matrix, PLAN_BLOCK.matrix);
          return exports.imageplan_run(plan);
        }),
      );
    },

    free: () => {
      handle.free();
    },
  };
}

function readReserved(block: Float64Array): ReservedSource {
  const read = (start: number, count: number) => [...block.subarray(start, start + count)] as unknown;
  return {
    input: read(PLAN_BLOCK.input, 2) as Piece,
    output: read(PLAN_BLOCK.output, 2) as Piece,
    region: read(PLAN_BLOCK.region, 4) as Bounds,
    toSource: read(PLAN_BLOCK.matrix, 6) as AffineMatrix,
  };
}
