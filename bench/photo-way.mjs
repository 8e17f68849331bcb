// `node bench/photo-way.mjs`: the TypeScript files of the packages in which a function runs while one photo is classified
// by `useClassifier` in React, through a worker, the model being loaded. Page and worker together, each file once.
import { join } from 'node:path';
import { launchBrowser } from './browser.mjs';
import { hayateOf } from './overhead/build.mjs';
import { loadVite } from './vite.mjs';

const root = join(import.meta.dirname, '..');
const vite = await loadVite();
// Served as they are: each file is a script of its own.
const server = await vite.createServer({
  configFile: false,
  root,
  logLevel: 'warn',
  plugins: [hayateOf(root)],
  resolve: { conditions: ['@hayate/source', ...vite.defaultClientConditions] },
  optimizeDeps: { exclude: ['onnxruntime-web'] },
  worker: { format: 'es', plugins: () => [hayateOf(root)] },
  server: { port: 0, host: '127.0.0.1', hmr: false },
});
await server.listen();
const browser = await launchBrowser();

try {
  const page = await (await browser.newContext()).newPage();
  await page.goto(`${server.resolvedUrls.local[0]}bench/overhead/way.html`);
  await page.waitForFunction(() => 'way' in globalThis);
  await page.evaluate(() => globalThis.way.start());
  const client = await page.context().newCDPSession(page);
  const sessions = [await attachToPage(client), await attachToWorker(client)];
  for (const { send } of sessions) {
    await send('Profiler.enable');
    await send('Profiler.startPreciseCoverage', { callCount: true, detailed: false });
  }
  await page.evaluate(() => globalThis.way.run());
  const taken = [];
  for (const { send } of sessions) taken.push((await send('Profiler.takePreciseCoverage')).result);
  const [onPage, inWorker] = taken.map(filesOf);
  const all = [...new Set([...onPage, ...inWorker])].sort();
  for (const file of all) {
    const threads = [onPage.has(file) && 'page', inWorker.has(file) && 'worker'].filter(Boolean);
    console.log(`${file} (${threads.join(', ')})`);
  }
  console.log(`\n${all.length} files`);
} finally {
  await browser.close();
  await server.close();
}

/** The packages' files in which a function ran; that a module was evaluated does not count. */
function filesOf(scripts) {
  const files = new Set();
  for (const { url, functions } of scripts) {
    const [, file] = /(packages\/[a-z-]+\/src\/[^?]+)/.exec(url) ?? [];
    const ran = functions.some(({ functionName, ranges }) =>
      functionName !== '' || ranges[0].startOffset > 0 ? ranges[0].count > 0 : false,
    );
    if (file !== undefined && ran) files.add(file);
  }
  return files;
}

async function attachToPage(client) {
  return { send: async (method, parameters) => ({ result: (await client.send(method, parameters)).result }) };
}

/** Speaks to the one worker of the page, through the page's session. */
async function attachToWorker(client) {
  const found = new Promise((resolve) => client.once('Target.attachedToTarget', resolve));
  await client.send('Target.setAutoAttach', {
    autoAttach: true,
    waitForDebuggerOnStart: false,
    flatten: false,
  });
  const { sessionId } = await found;
  let last = 0;
  return {
    send(method, params = {}) {
      const id = ++last;
      return new Promise((resolve) => {
        const listen = ({ sessionId: from, message }) => {
          const answer = JSON.parse(message);
          if (from !== sessionId || answer.id !== id) return;
          client.off('Target.receivedMessageFromTarget', listen);
          resolve(answer.result);
        };
        client.on('Target.receivedMessageFromTarget', listen);
        void client.send('Target.sendMessageToTarget', {
          sessionId,
          message: JSON.stringify({ id, method, params }),
        });
      });
    },
  };
}
