import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const bench = import.meta.dirname;
const model = join(bench, '../models/efficientnet-lite0');

/** Puts the files of transformers.js' own ONNX Runtime, which it loads from a folder, into `folder`. */
export function copyOrtFiles(folder) {
  const requireTransformers = createRequire(
    createRequire(join(bench, 'package.json')).resolve('@huggingface/transformers'),
  );
  const source = dirname(requireTransformers.resolve('onnxruntime-web'));
  mkdirSync(folder, { recursive: true });
  for (const name of readdirSync(source)) {
    if (/^ort-wasm-simd-threaded.*\.(mjs|wasm)$/.test(name)) cpSync(join(source, name), join(folder, name));
  }
}

/** Writes the model that ships with Hayate as a folder that transformers.js understands. */
export function writeModelFolder(folder) {
  const labels = JSON.parse(readFileSync(join(model, 'labels.json'), 'utf8'));
  const files = {
    'config.json': {
      architectures: ['EfficientNetForImageClassification'],
      model_type: 'efficientnet',
      id2label: Object.fromEntries(labels.map((label, index) => [index, label])),
    },
    'preprocessor_config.json': {
      image_processor_type: 'EfficientNetImageProcessor',
      include_top: false,
      do_resize: true,
      size: { shortest_edge: 256 },
      resample: 3,
      do_center_crop: true,
      crop_size: { height: 224, width: 224 },
      do_rescale: true,
      rescale_factor: 1 / 255,
      do_normalize: true,
      image_mean: [0.498, 0.498, 0.498],
      image_std: [0.502, 0.502, 0.502],
    },
  };
  mkdirSync(join(folder, 'onnx'), { recursive: true });
  for (const [name, content] of Object.entries(files))
    writeFileSync(join(folder, name), JSON.stringify(content));
  cpSync(join(model, 'model.onnx'), join(folder, 'onnx/model.onnx'));
}
