import { efficientnetLite0 as model } from '@hayate/model-efficientnet-lite0';
import { useClassifier } from '@hayate/react';

/** React: shows the labels of a chosen photo. Must be inside an `<EngineProvider>`. */
export function Classifier() {
  const { output = [], error, run } = useClassifier({ model });
  const items = output.map(({ label }) => <li key={label}>{label}</li>);
  return (
    <>
      <input type="file" onChange={({ target }) => target.files?.[0] && void run(target.files[0])} />
      {error?.message} <ol>{items}</ol>
    </>
  );
}
