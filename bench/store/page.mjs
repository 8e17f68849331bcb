// The page's side: asks the worker, and measures memory meanwhile.
const worker = new Worker(new URL('./worker.mjs', import.meta.url), { type: 'module' });

function ask(call) {
  return new Promise((resolve, reject) => {
    worker.onmessage = ({ data }) =>
      data.error === undefined ? resolve(data) : reject(new Error(data.error));
    worker.postMessage(call);
  });
}

/** The most memory that page and worker have at once while `call` runs, above what they had before, in bytes. */
async function peak(call) {
  const measure = async () => (await /** @type {any} */ (performance).measureUserAgentSpecificMemory()).bytes;
  const before = await measure();
  let most = before;
  let isDone = false;
  const done = ask(call).finally(() => (isDone = true));
  while (!isDone) most = Math.max(most, await measure());
  return { ...(await done), peak: most - before };
}

globalThis.storeBench = { ask, peak };
