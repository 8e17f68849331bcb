/** Makes of a contender on this worker's thread one that the page can call; see `inWorker`. */
export function serve(load) {
  let contender;
  addEventListener('message', async ({ data: { start, picture } }) => {
    if (start !== undefined) {
      contender = await load(...start);
      postMessage('ready');
    } else {
      postMessage(await contender.run(picture));
    }
  });
}

/** The contender that `serve` made of `args` in `worker`. Pictures are given away to it. */
export async function inWorker(worker, args) {
  await ask(worker, { start: args });
  return { run: (picture) => ask(worker, { picture }, [picture]) };
}

function ask(worker, message, transfer = []) {
  return new Promise((resolve, reject) => {
    worker.onmessage = ({ data }) => resolve(data);
    worker.onerror = ({ message: reason }) => reject(new Error(reason));
    worker.postMessage(message, transfer);
  });
}
