import { loadVision } from '@hayate/core-wasm/vision';

/** Only the kernels: converts pixels to the input of torchvision's models, resized as by Pillow. */
export async function toTensor(pixels: Uint8ClampedArray, width: number, height: number) {
  const { imagePlan } = await loadVision();
  const fit = { kind: 'shorter-side-crop', shorterSide: 256, crop: { width: 224, height: 224 } } as const;
  const plan = imagePlan({ fit, filter: 'bicubic', layout: 'nchw', mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] });
  plan.input(width, height, 'rgba').set(pixels);
  const tensor = plan.run().slice();
  plan.dispose();
  return tensor;
}
