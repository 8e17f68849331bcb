import { loadVision } from '@hayate/core-wasm';

/** Only the kernels: pixels to the tensor that a torchvision model was trained on, as Pillow makes it. */
export async function toTensor(pixels: Uint8ClampedArray, width: number, height: number) {
  const { imagePlan } = await loadVision();
  const crop = { width: 224, height: 224 };
  const fit = { kind: 'shorter-side-crop', shorterSide: 256, crop } as const;
  const [mean, std] = [
    [0.485, 0.456, 0.406],
    [0.229, 0.224, 0.225],
  ] as const;
  const plan = imagePlan({ fit, filter: 'bicubic', layout: 'nchw', mean, std });
  plan.input(width, height, 'rgba').set(pixels);
  const tensor = plan.run().slice();
  plan.dispose();
  return tensor;
}
