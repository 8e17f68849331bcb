import { kernelsUnavailable, type CompileOptions, type Compiler } from './create-compiler';
import { createInstance, type InstanceExports, type KernelInstance } from './instance';

/** What the loaded kernels of every family have in common. */
export interface RunningModule {
  /** The compiled module. Posted to a worker, it is a `wasm` for the family's loader there. */
  readonly module: WebAssembly.Module;
  /** The memory of the instance, which grows and never shrinks. */
  readonly memoryBytes: number;
}

/**
 * A function that loads a family's kernels: one instance for each compiled module, shared by all callers in this
 * thread. `marker` is an export that modules of no other family have.
 *
 * It rejects with HayateError `kernels-unavailable` ({ reason }) if the module cannot be loaded or is of another
 * family, and with the signal's reason if it aborts first.
 */
export function createLoader<Exports extends InstanceExports, Kernels extends object>(
  compile: Compiler,
  marker: keyof Exports & string,
  create: (instance: KernelInstance<Exports>) => Kernels,
): (options?: CompileOptions) => Promise<Kernels & RunningModule> {
  const running = new WeakMap<WebAssembly.Module, Kernels & RunningModule>();

  function start(module: WebAssembly.Module): Kernels & RunningModule {
    const instance = createInstance<Exports>(module, marker);
    return {
      ...create(instance),
      module,
      get memoryBytes() {
        return instance.buffer.byteLength;
      },
    };
  }

  return async (options) => {
    const module = await compile(options);
    try {
      const kernels = running.get(module) ?? start(module);
      running.set(module, kernels);
      return kernels;
    } catch (cause) {
      throw kernelsUnavailable(cause);
    }
  };
}
