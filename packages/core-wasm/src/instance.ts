import { HayateError } from '@hayate/core';

/** What the module of any family exports beside its functions of numbers. */
export interface InstanceExports {
  readonly memory: WebAssembly.Memory;
}

/**
 * A running module that survives traps. A trap leaves memory and borrowed objects in an unknown state, so the
 * instance is given up and the next call gets a fresh one of the same compiled module.
 */
export interface KernelInstance<Exports> {
  readonly module: WebAssembly.Module;
  /** Raised whenever an instance has been given up; objects made in an older one no longer exist. */
  readonly generation: number;
  /** The memory's present buffer; it changes when the memory grows. */
  readonly buffer: ArrayBuffer;
  /**
   * Calls into the module.
   *
   * @throws HayateError `kernels-crashed` when the module traps.
   */
  call<Value>(action: (exports: Exports) => Value): Value;
}

/** Starts a compiled module. Throws a `TypeError` for one that has no export `marker`. */
export function createInstance<Exports extends InstanceExports>(
  module: WebAssembly.Module,
  marker: keyof Exports & string,
): KernelInstance<Exports> {
  let exports = instantiate<Exports>(module, marker);
  let generation = 0;
  let poisoned = false;

  function alive(): Exports {
    if (poisoned) {
      exports = instantiate<Exports>(module, marker);
      poisoned = false;
    }
    return exports;
  }

  return {
    module,
    get generation() {
      return generation;
    },
    get buffer() {
      return alive().memory.buffer;
    },
    call(action) {
      const live = alive();
      try {
        return action(live);
      } catch (cause) {
        poisoned = true;
        generation += 1;
        const reason = cause instanceof Error ? cause.message : String(cause);
        throw crashed(reason, cause);
      }
    },
  };
}

/** The error for a trap, and for data that was lost with its instance. */
export function crashed(reason: string, cause?: unknown): HayateError<'kernels-crashed'> {
  const message = `The WebAssembly kernels crashed: ${reason}. They start anew at the next call.`;
  return new HayateError('kernels-crashed', message, { reason }, { cause });
}

/** An object inside the module, made on first use and again after its instance has been given up. */
export interface Handle {
  /** The object's address in the present instance. */
  readonly address: number;
  free(): void;
}

/** A handle for what `make` gives the address of. */
export function createHandle<Exports>(
  instance: KernelInstance<Exports>,
  make: (exports: Exports) => number,
  free: (exports: Exports, address: number) => void,
): Handle {
  let made: { readonly generation: number; readonly address: number } | undefined;
  return {
    get address() {
      if (made?.generation !== instance.generation) {
        made = { address: instance.call(make), generation: instance.generation };
      }
      return made.address;
    },
    free() {
      const { generation, address } = made ?? {};
      made = undefined;
      if (address === undefined || generation !== instance.generation) return;
      instance.call((exports) => {
        free(exports, address);
      });
    },
  };
}

// wasm-bindgen imports two functions for values other than numbers. No export uses them.
function instantiate<Exports>(module: WebAssembly.Module, marker: keyof Exports & string): Exports {
  const imports: WebAssembly.Imports = {};
  for (const { module: from, name } of WebAssembly.Module.imports(module)) {
    (imports[from] ??= {})[name] = () => {
      throw new Error(`the kernels called ${name}`);
    };
  }
  const { exports } = new WebAssembly.Instance(module, imports);
  if (!(exports['memory'] instanceof WebAssembly.Memory) || !(marker in exports)) {
    throw new TypeError('the module is not one of these kernels');
  }
  return exports as Exports;
}
