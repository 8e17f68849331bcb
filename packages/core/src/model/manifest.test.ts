import { describe, expect, test } from 'vitest';
import { modelKey, parseManifest, plainModel, type Manifest } from './manifest';

const manifest: Manifest = {
  format: 1,
  id: 'm',
  task: 'image-classification',
  files: { model: { url: 'm.onnx', bytes: 3, sha256: 'a'.repeat(64) }, labels: { url: 'l.json' } },
  output: { layout: 'logits' },
  labels: { file: 'labels' },
  licence: 'MIT',
  source: { name: 'a test', url: 'https://test/' },
  revision: '1',
};

const output = (more: object) => ({ ...manifest, output: { layout: 'logits', ...more } });

describe('parseManifest', () => {
  test('makes addresses absolute', () => {
    const { files } = parseManifest(manifest, 'https://models.test/a/manifest.json');
    expect(files['model']?.url).toBe('https://models.test/a/m.onnx');
  });

  test('takes an output in parts, with parameters', () => {
    const described = output({
      name: 'a',
      parts: { scores: ['s8', 's16'] },
      parameters: { regMax: 7, strides: [8, 16] },
    });
    expect(parseManifest(described, 'https://models.test/').output).toEqual(described.output);
  });

  test.each([
    ['no object', 'text', 'not a JSON object'],
    ['another format', { ...manifest, format: 2 }, '"format" must be 1, not 2'],
    ['no id', { ...manifest, id: undefined }, '"id" must be a string'],
    ['no files', { ...manifest, files: undefined }, '"files" must be an object'],
    ['a file without address', { ...manifest, files: { model: {} } }, '"files.model.url"'],
    ['a bad digest', { ...manifest, files: { model: { url: 'm', sha256: 'x' } } }, '"files.model.sha256"'],
    ['a bad length', { ...manifest, files: { model: { url: 'm', bytes: -1 } } }, '"files.model.bytes"'],
    [
      'a blob that is not a Blob',
      { ...manifest, files: { model: { url: 'm', blob: {} } } },
      '"files.model.blob" must be a Blob',
    ],
    ['labels in an unknown file', { ...manifest, labels: { file: 'no' } }, '"labels.file" names "no"'],
    ['labels that are null', { ...manifest, labels: null }, '"labels" must be a list'],
    [
      'a preprocess without a kind',
      { ...manifest, preprocess: {} },
      '"preprocess" must be an object with a "kind"',
    ],
    ['an output name that is a number', output({ name: 5 }), '"output.name" must be a string'],
    ['parts that are null', output({ parts: null }), '"output.parts" must be an object'],
    [
      'a part without names',
      output({ parts: { boxes: [] } }),
      '"output.parts.boxes" must be a list of names',
    ],
    ['a part of numbers', output({ parts: { boxes: [1] } }), '"output.parts.boxes" must be a list of names'],
    [
      'a parameter that is a string',
      output({ parameters: { regMax: '7' } }),
      '"output.parameters.regMax" must be a number',
    ],
    [
      'infinite strides',
      output({ parameters: { strides: [8, Infinity] } }),
      '"output.parameters.strides" must be',
    ],
    ['no output', { ...manifest, output: undefined }, '"output.layout"'],
    ['a bad address', { ...manifest, files: { model: { url: 'http://[' } } }, 'is not an address'],
  ])('refuses %s and names the field', (_, value, message) => {
    const parse = () => parseManifest(value, 'https://models.test/');
    expect(parse).toThrow(
      expect.objectContaining({ code: 'bad-model', message: expect.stringContaining(message) }),
    );
  });
});

test('modelKey tells models apart by their labels', () => {
  expect(modelKey({ ...manifest, labels: ['a'] })).not.toBe(modelKey({ ...manifest, labels: ['b'] }));
});

test('modelKey tells models apart by id, revision and digests, not by their addresses', () => {
  const elsewhere = {
    ...manifest,
    files: { ...manifest.files, model: { ...manifest.files['model'], url: 'x' } },
  };
  expect(modelKey(elsewhere as Manifest)).toBe(modelKey(manifest));
  expect(modelKey({ ...manifest, revision: '2' })).not.toBe(modelKey(manifest));
  expect(modelKey('/manifest.json')).toBe('/manifest.json');
});

describe('a model from a File', () => {
  const fromFile = (blob: Blob): Manifest => ({ ...manifest, files: { model: { url: 'my.onnx', blob } } });
  const [blob, other] = [new Blob(['a']), new Blob(['a'])];
  const inHand: Manifest = { ...fromFile(blob), labels: ['a'] };

  test('goes to the worker as it is', () => {
    const plain = plainModel(inHand) as Manifest;
    expect(plain).not.toBe(inHand);
    expect(plain.files['model']?.blob).toBe(blob);
    expect(modelKey(plain)).toBe(modelKey(inHand));
    expect(inHand.files['model']?.url).toBe('my.onnx');
  });

  test('is another model than one from another File of the same name', () => {
    expect(modelKey(fromFile(other))).not.toBe(modelKey(fromFile(blob)));
  });

  test('is identified by its digest if it has one', () => {
    const digested = (each: Blob): Manifest => ({
      ...manifest,
      files: { model: { url: 'my.onnx', sha256: 'b'.repeat(64), blob: each } },
    });
    expect(modelKey(digested(blob))).toBe(modelKey(digested(other)));
  });
});

test.each(['https://models.example/m/manifest.json', 'blob:https://app.example/1', 'data:application/json,'])(
  'a manifest from %s may not name a local file, however it is written',
  (baseUrl) => {
    for (const url of [
      'file:///etc/passwd',
      'FILE:/etc/passwd',
      ' file:///etc/passwd',
      'fi\nle:///etc/passwd',
    ]) {
      expect(() => parseManifest({ ...manifest, files: { model: { url } } }, baseUrl), url).toThrow(
        /"files\.model\.url" is a local file, which only a local manifest may name/,
      );
    }
  },
);

test('a manifest on this machine may name the files beside it', () => {
  const { files } = parseManifest(manifest, 'file:///models/manifest.json');
  expect(files['model']?.url).toBe('file:///models/m.onnx');
});

test.each(['toString', '__proto__', 'constructor'])('"%s" is no file because every object has it', (file) => {
  expect(() => parseManifest({ ...manifest, labels: { file } }, 'https://models.test/')).toThrow(
    `"labels.file" names "${file}", which is not among "files"`,
  );
});
