import { createTask } from '@hayate/core';
import { imageClassification } from '@hayate/vision/tasks/image-classification';
import { efficientnetLite0 as model } from '@hayate/model-efficientnet-lite0';
import { connectEngine } from '@hayate/worker';

/** A page without a framework: shows the best label of each chosen photo in `<output>`. */
export function startPage(input: HTMLInputElement, output: HTMLOutputElement) {
  const spawn = () => new Worker(new URL('./inference.worker.ts', import.meta.url), { type: 'module' });
  const task = createTask(connectEngine(spawn), imageClassification, { model });
  input.onchange = async () => {
    const [photo] = input.files ?? [];
    if (photo === undefined) return;
    const labels = await task.run(photo).catch((error: Error) => [{ label: error.message }]);
    output.value = labels[0]!.label;
  };
}
