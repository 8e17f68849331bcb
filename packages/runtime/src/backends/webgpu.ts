import type { InferenceSession } from 'onnxruntime-web/wasm';
import type { Backend } from '../backend';

/** The GPU, by WebGPU, with ONNX Runtime's native execution provider. */
export const webgpu: Backend = {
  name: 'webgpu',
  async probe() {
    // `navigator.gpu` is not in the standard types yet, and Node 20 has no `navigator`.
    const { gpu } = (globalThis.navigator ?? {}) as {
      readonly gpu?: { requestAdapter(): Promise<GpuAdapter | null> };
    };
    if (gpu === undefined)
      return { supported: false, reason: 'this browser has no WebGPU, or the page is not secure' };
    try {
      const adapter = await gpu.requestAdapter();
      if (adapter === null) return { supported: false, reason: 'the browser gives no GPU adapter' };
      return {
        supported: true,
        software: adapter.info?.isFallbackAdapter ?? adapter.isFallbackAdapter ?? false,
      };
    } catch (error) {
      return { supported: false, reason: `asking for a GPU adapter failed: ${String(error)}` };
    }
  },
  // The JSPI build is smaller and starts sooner; the asyncify build is for browsers without JSPI.
  route: () => ('Suspending' in WebAssembly ? 'jspi' : 'asyncify'),
  // `wgpuOnly`: only the browser validates calls, not ONNX Runtime as well.
  provider: {
    name: 'webgpu',
    validationMode: 'wgpuOnly',
  } satisfies InferenceSession.WebGpuExecutionProviderOption,
  outputLocation: 'gpu-buffer',
};

interface GpuAdapter {
  readonly isFallbackAdapter?: boolean;
  readonly info?: { readonly isFallbackAdapter?: boolean };
}
