/**
 * Answers the page with the time that `load` takes for the first session of this worker, and the scores that `run`
 * then gives for one made-up picture. Both files are in memory before.
 */
export function serveFirstSession(load, run) {
  addEventListener('message', async ({ data: { model, wasm } }) => {
    const start = performance.now();
    const session = await load(model, wasm);
    const ms = performance.now() - start;
    const picture = Float32Array.from({ length: 3 * 224 * 224 }, (_, at) => Math.sin(at * at));
    postMessage({ ms, scores: await run(session, picture, [1, 3, 224, 224]) });
  });
  postMessage('here');
}
