import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { FAULTS, type Exchange } from './faults.test.helper';
import { modelBytes } from '../model-bytes.test.helper';

const models = new Map<number, Uint8Array<ArrayBuffer>>();

function modelOf(length: number): Uint8Array<ArrayBuffer> {
  const known = models.get(length) ?? modelBytes(length);
  models.set(length, known);
  return known;
}

/**
 * Starts a server that misbehaves: `/<number of a fault>/<id>/<bytes>` is a model of so many bytes, served as
 * `FAULTS` says. Each id has its own count of requests, which `/count/<id>` tells.
 */
export async function startFaultServer() {
  const counts = new Map<string, number>();

  function serve(request: IncomingMessage, response: ServerResponse): void {
    response.setHeader('access-control-allow-origin', '*');
    response.setHeader('cross-origin-resource-policy', 'cross-origin');
    response.setHeader('connection', 'close'); // what is cut must not be another's connection
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
    const [, fault = '', id = '', bytes = '0'] = pathname.split('/');
    if (fault === 'count') {
      response.end(String(counts.get(id) ?? 0));
      return;
    }
    if (request.method === 'OPTIONS') {
      response.writeHead(403).end();
      return;
    }
    const count = (counts.get(id) ?? 0) + 1;
    counts.set(id, count);
    FAULTS[Number(fault)]?.serve(exchange(request, response, modelOf(Number(bytes)), count, searchParams));
  }

  const server = createServer(serve);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

function exchange(
  request: IncomingMessage,
  response: ServerResponse,
  model: Uint8Array<ArrayBuffer>,
  count: number,
  query: URLSearchParams,
): Exchange {
  const range = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '');
  const from = range === null ? undefined : Number(range[1]);
  const send: Exchange['send'] = (status, headers, body = new Uint8Array(), { cutAt, hang = false } = {}) => {
    response.setHeader('access-control-expose-headers', 'content-range, etag, retry-after, content-encoding');
    for (const [name, value] of Object.entries(headers)) {
      if (value === undefined) response.removeHeader(name);
      else response.setHeader(name, value);
    }
    response.writeHead(status);
    if (cutAt === undefined || cutAt > body.length) {
      response.end(body);
      return;
    }
    response.flushHeaders();
    response.write(body.subarray(0, cutAt), () => {
      // Cut once it has left; at once, what is underway would be lost with it.
      if (!hang) setTimeout(() => response.destroy(), 5);
    });
  };
  const honest: Exchange['honest'] = (options = {}) => {
    const { body = model, headers = {}, ...rest } = options;
    const cut = query.get('cut');
    const more = cut === null ? rest : { cutAt: Number(cut) - (from ?? 0) };
    if (from === undefined) {
      send(200, { 'content-length': String(body.length), etag: '"a"', ...headers }, body, more);
    } else if (from >= body.length) {
      send(416, { 'content-range': `bytes */${body.length}` });
    } else {
      const remainder = body.subarray(from);
      const contentRange = `bytes ${from}-${body.length - 1}/${body.length}`;
      const all = { 'content-range': contentRange, 'content-length': String(remainder.length), etag: '"a"' };
      send(206, { ...all, ...headers }, remainder, more);
    }
  };
  return {
    model,
    count,
    from,
    ifRange: request.headers['if-range'],
    query,
    send,
    honest,
    gzip: (bytes) => gzipSync(bytes),
    raw(text) {
      response.socket?.end(text);
    },
    destroy: () => void request.socket.destroy(),
    drip(body, pieceBytes) {
      let at = 0;
      response.writeHead(200, { 'content-length': body.length });
      const next = () => {
        if (at >= body.length) response.end();
        else response.write(body.subarray(at, (at += pieceBytes)), () => setTimeout(next, 1));
      };
      next();
    },
  };
}
