const CHANNELS = 64;
const LABELS = 10;
const CONVOLUTIONS = 13;

/**
 * An ONNX classifier that takes a few times as long as a frame lasts: 224×224 float32 NCHW → thirteen convolutions of 3×3
 * over 64 channels of 56×56 → ten logits. Its weights are made up.
 */
export function makeSlowModel() {
  const nodes = [
    node('Conv', ['input', 'stem'], 'x0', [
      intsAttribute('kernel_shape', [4, 4]),
      intsAttribute('strides', [4, 4]),
    ]),
  ];
  for (let layer = 0; layer < CONVOLUTIONS; layer += 1) {
    const attributes = [intsAttribute('kernel_shape', [3, 3]), intsAttribute('pads', [1, 1, 1, 1])];
    nodes.push(
      node('Conv', [`x${layer}`, 'body'], `c${layer}`, attributes),
      node('Relu', [`c${layer}`], `x${layer + 1}`),
    );
  }
  nodes.push(
    node('GlobalAveragePool', [`x${CONVOLUTIONS}`], 'pooled'),
    node('Flatten', ['pooled'], 'flat'),
    node('MatMul', ['flat', 'head'], 'logits'),
  );
  const graph = [
    ...nodes.map((bytes) => field(1, bytes)),
    field(2, 'slow'),
    field(5, tensor('stem', [CHANNELS, 3, 4, 4], 0.2)),
    field(5, tensor('body', [CHANNELS, CHANNELS, 3, 3], 0.08)),
    field(5, tensor('head', [CHANNELS, LABELS], 0.5)),
    field(11, valueInfo('input', [1, 3, 224, 224])),
    field(12, valueInfo('logits', [1, LABELS])),
  ];
  return Buffer.concat([field(1, 8), field(7, Buffer.concat(graph)), field(8, field(2, 13))]);
}

// What follows is ONNX's protocol buffer, as far as it is needed: onnx.proto names the numbers of the fields.

function node(type, inputs, output, attributes = []) {
  return Buffer.concat([
    ...inputs.map((name) => field(1, name)),
    field(2, output),
    field(4, type),
    ...attributes.map((bytes) => field(5, bytes)),
  ]);
}

const intsAttribute = (name, values) =>
  Buffer.concat([field(1, name), ...values.map((value) => field(8, value)), field(20, 7)]);

function tensor(name, dims, scale) {
  const values = new Float32Array(dims.reduce((product, side) => product * side, 1));
  let state = 1;
  for (let at = 0; at < values.length; at += 1) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    values[at] = (state / 2 ** 32 - 0.5) * scale;
  }
  return Buffer.concat([
    ...dims.map((side) => field(1, side)),
    field(2, 1),
    field(8, name),
    field(9, Buffer.from(values.buffer)),
  ]);
}

function valueInfo(name, dims) {
  const shape = Buffer.concat(dims.map((side) => field(1, field(1, side))));
  return Buffer.concat([field(1, name), field(2, field(1, Buffer.concat([field(1, 1), field(2, shape)])))]);
}

/** A number as a varint; text and bytes with their length. */
function field(number, value) {
  if (typeof value === 'number') return Buffer.concat([varint(number << 3), varint(value)]);
  const bytes = Buffer.from(value);
  return Buffer.concat([varint((number << 3) | 2), varint(bytes.length), bytes]);
}

function varint(value) {
  const bytes = [];
  for (; value > 127; value = Math.floor(value / 128)) bytes.push((value % 128) | 128);
  return Buffer.from([...bytes, value]);
}
