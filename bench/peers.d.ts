// What only an installation of the benchmarks brings; see tsconfig.json.
declare module '@huggingface/transformers';
declare module '@mediapipe/tasks-vision';
declare module 'hash-wasm';
declare module 'onnxruntime-web';
declare module 'onnxruntime-web/*';
declare module 'pica';
declare module 'sharp';

// Resolved by overhead/build.mjs to the package that has the picture tasks.
declare module 'vision:*';
