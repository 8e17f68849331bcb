// Serves built files as a site should: under a strict policy, isolated, compressed, cached by name. `node scripts/serve.mjs [folder] [port]`.
import { createReadStream } from 'node:fs';
import { readdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { availableParallelism } from 'node:os';
import { extname, join, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { isMain, messageOf } from './run.mjs';

/**
 * @import { Stats } from 'node:fs'
 * @import { IncomingMessage, Server, ServerResponse } from 'node:http'
 */

/**
 * By the ending of a file's name.
 * @type {Readonly<Record<string, string>>}
 */
const TYPES = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.jpg': 'image/jpeg',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.mjs': 'text/javascript; charset=utf-8',
  '.onnx': 'application/octet-stream',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  // Exactly this, without parameters, or streaming compilation refuses it.
  '.wasm': 'application/wasm',
  '.webm': 'video/webm',
  '.webmanifest': 'application/manifest+json',
  '.webp': 'image/webp',
};

// What Hayate needs and no more; docs/strict-pages.md says what each part is for.
const POLICY = [
  "default-src 'self'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "worker-src 'self'",
  "connect-src 'self'",
  // Not for Hayate: so that the playground can play a video that a person has chosen.
  "media-src 'self' blob:",
];

// Isolation gives the page shared memory, which ONNX Runtime's threads need.
const HEADERS = {
  'content-security-policy': POLICY.join('; '),
  'cross-origin-embedder-policy': 'require-corp',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
};

/** Best first; the suffix is that of the compressed file beside the plain one. */
const ENCODINGS = /** @type {const} */ ([
  { name: 'br', suffix: '.br' },
  { name: 'gzip', suffix: '.gz' },
]);

const COMPRESSED = new Set([
  '.css',
  '.html',
  '.js',
  '.json',
  '.mjs',
  '.onnx',
  '.svg',
  '.txt',
  '.wasm',
  '.webmanifest',
]);
const PORTS_TRIED = 50;

/**
 * A running server.
 * @typedef {object} PlaygroundServer
 * @property {string} url Ends with a slash.
 * @property {number} port
 * @property {() => Promise<void>} close Ends open connections too.
 */

/**
 * Serves the files in `root` on localhost; when `port` is taken, on the next free one. Port 0 is any free one.
 * @param {{ root: string, port: number }} options
 * @returns {Promise<PlaygroundServer>}
 */
export async function serve({ root, port }) {
  const folder = resolve(root);
  const server = createServer((request, response) => {
    answer(folder, request, response).catch((/** @type {unknown} */ error) => {
      console.error(`serve: ${request.url}: ${messageOf(error)}`);
      if (response.headersSent) response.destroy();
      else refuse(response, 500, 'The server failed.');
    });
  });
  await listen(server, port);
  const { port: actual } = /** @type {import('node:net').AddressInfo} */ (server.address());
  return {
    url: `http://localhost:${actual}/`,
    port: actual,
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}

/**
 * Listens on the first free port from `first` on.
 * @param {Server} server
 * @param {number} first
 */
async function listen(server, first) {
  for (let port = first; ; port += 1) {
    try {
      await /** @type {Promise<void>} */ (
        new Promise((done, fail) => {
          server.once('error', fail);
          server.listen(port, 'localhost', () => {
            server.off('error', fail);
            done();
          });
        })
      );
      return;
    } catch (error) {
      const last = first === 0 || port - first >= PORTS_TRIED || port >= 65535;
      if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'EADDRINUSE' || last) throw error;
    }
  }
}

/**
 * @param {string} folder
 * @param {IncomingMessage} request
 * @param {ServerResponse} response
 * @returns {Promise<void>}
 */
async function answer(folder, request, response) {
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.setHeader('allow', 'GET, HEAD');
    return refuse(response, 405, 'Only GET and HEAD.');
  }
  const [path, query] = (request.url ?? '/').split('?', 2);
  let file = locate(folder, path);
  if (file === undefined) return refuse(response, 404, 'Not found.');
  let info = await statOrNothing(file);
  if (info?.isDirectory()) {
    if (!path.endsWith('/')) {
      // Relative addresses in its page need the slash. One slash in front: two would name another host.
      const location = `/${path.replace(/^\/+/, '')}/${query === undefined ? '' : `?${query}`}`;
      response.setHeader('location', location);
      return refuse(response, 301, 'It is a folder.');
    }
    file = join(file, 'index.html');
    info = await statOrNothing(file);
  }
  if (!info?.isFile()) return refuse(response, 404, 'Not found.');

  const { encoding, sent, sentInfo } = await variant(file, info, request.headers['accept-encoding']);
  const etag = `"${sentInfo.size.toString(36)}-${Math.trunc(sentInfo.mtimeMs).toString(36)}"`;
  const headers = {
    ...HEADERS,
    'content-type': TYPES[extname(file).toLowerCase()] ?? 'application/octet-stream',
    'cache-control': cacheControl(path),
    vary: 'accept-encoding',
    etag,
  };
  const known = (request.headers['if-none-match'] ?? '').split(/\s*,\s*/);
  if (known.includes(etag) || known.includes(`W/${etag}`)) return void response.writeHead(304, headers).end();
  response.writeHead(200, {
    ...headers,
    'content-length': sentInfo.size,
    ...(encoding !== undefined && { 'content-encoding': encoding }),
  });
  if (request.method === 'HEAD') return void response.end();
  const stream = createReadStream(sent);
  // The length has been promised: nothing but breaking off tells that it failed.
  stream.on('error', () => response.destroy());
  response.on('close', () => stream.destroy());
  stream.pipe(response);
}

/**
 * The file that an address names, or undefined when it leaves the folder or names what is hidden.
 * @param {string} folder
 * @param {string} path
 */
function locate(folder, path) {
  let decoded;
  try {
    decoded = decodeURIComponent(path);
  } catch {
    return undefined;
  }
  if (decoded.includes('\0') || decoded.split(/[\\/]/).some((part) => part.startsWith('.'))) return undefined;
  const file = resolve(folder, `.${sep}${decoded}`);
  return file === folder || file.startsWith(folder + sep) ? file : undefined;
}

/**
 * What is in /assets/ has its digest in its name; the rest is asked for anew each time.
 * @param {string} path
 */
function cacheControl(path) {
  return path.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache';
}

/**
 * The compressed file beside `file` if there is a current one that the browser takes, else `file` itself.
 * @param {string} file
 * @param {Stats} info
 * @param {string | string[]} [acceptEncoding]
 */
async function variant(file, info, acceptEncoding = '') {
  /** @param {string | undefined} weight */
  const refused = (weight) => /^\s*q\s*=\s*0(\.0*)?\s*$/.test(weight ?? '');
  const accepted = new Set(
    String(acceptEncoding)
      .split(',')
      .map((entry) => entry.split(';'))
      .filter(([, weight]) => !refused(weight))
      .map(([name]) => name.trim().toLowerCase()),
  );
  for (const { name, suffix } of ENCODINGS) {
    if (!accepted.has(name)) continue;
    const sent = file + suffix;
    const sentInfo = await statOrNothing(sent);
    if (sentInfo?.isFile() && sentInfo.mtimeMs >= info.mtimeMs) return { encoding: name, sent, sentInfo };
  }
  return { encoding: undefined, sent: file, sentInfo: info };
}

/**
 * @param {ServerResponse} response
 * @param {number} status
 * @param {string} sentence
 */
function refuse(response, status, sentence) {
  response.writeHead(status, { ...HEADERS, 'content-type': TYPES['.txt'], 'cache-control': 'no-cache' });
  response.end(`${sentence}\n`);
}

/** @param {string} path */
async function statOrNothing(path) {
  try {
    return await stat(path);
  } catch {
    return undefined;
  }
}

const packers = {
  // Quality 9 takes a tenth of the time of 11 for a few hundredths more bytes.
  /** @param {Buffer} data */
  '.br': (data) =>
    promisify(brotliCompress)(data, {
      params: {
        [constants.BROTLI_PARAM_QUALITY]: 9,
        [constants.BROTLI_PARAM_SIZE_HINT]: data.length,
      },
    }),
  /** @param {Buffer} data */
  '.gz': (data) => promisify(gzip)(data, { level: 6 }),
};

/**
 * Puts a `.br` and a `.gz` beside each file in `root` that is worth it; those that are current stay.
 * Resolves to how many files were written.
 * @param {string} root
 */
export async function precompress(root) {
  /** @type {{ file: string, suffix: keyof typeof packers, size: number }[]} */
  const jobs = [];
  for (const entry of await readdir(root, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !COMPRESSED.has(extname(entry.name))) continue;
    const file = join(entry.parentPath, entry.name);
    const { size, mtimeMs } = await stat(file);
    if (size < 1024) continue;
    for (const { suffix } of ENCODINGS) {
      const packed = await statOrNothing(file + suffix);
      if (packed === undefined || packed.mtimeMs < mtimeMs) jobs.push({ file, suffix, size });
    }
  }
  jobs.sort((one, other) => other.size - one.size); // so that the longest is not the last
  const written = jobs.length;
  const work = async () => {
    for (let job = jobs.shift(); job !== undefined; job = jobs.shift()) {
      const target = job.file + job.suffix;
      const data = await packers[job.suffix](await readFile(job.file));
      // In one step, so that an interruption leaves no half of a file.
      await writeFile(`${target}.part`, data);
      await rename(`${target}.part`, target);
    }
  };
  await Promise.all(Array.from({ length: Math.min(4, availableParallelism()) }, work));
  return written;
}

if (isMain(import.meta)) {
  const dist = fileURLToPath(new URL('../apps/playground/dist', import.meta.url));
  const [root = dist, port = process.env.PORT ?? '4173'] = process.argv.slice(2);
  const { url } = await serve({ root, port: Number(port) });
  console.log(url);
}
