import type { ErrorCode } from '@hayate/core';

/** One request to the fault server, and the means to answer it. */
export interface Exchange {
  readonly model: Uint8Array<ArrayBuffer>;
  /** Number of the request to this address, from 1. */
  readonly count: number;
  /** The first byte that is asked for; undefined without a range. */
  readonly from: number | undefined;
  readonly ifRange: string | string[] | undefined;
  readonly query: URLSearchParams;
  /** Answers. `cutAt`: the connection breaks after so many bytes of the body, or, to `hang`, stays open and silent. */
  send(
    status: number,
    headers: Readonly<Record<string, string | undefined>>,
    body?: Uint8Array,
    end?: End,
  ): void;
  /** Answers as one should, ranges included. */
  honest(
    options?: End & {
      readonly body?: Uint8Array;
      readonly headers?: Readonly<Record<string, string | undefined>>;
    },
  ): void;
  gzip(bytes: Uint8Array): Uint8Array;
  /** Sends text in place of an answer. */
  raw(text: string): void;
  destroy(): void;
  /** Sends a body slowly, in pieces. */
  drip(body: Uint8Array, pieceBytes: number): void;
}

interface End {
  readonly cutAt?: number;
  readonly hang?: boolean;
}

/** A wrong (or rare) behaviour of a server, and what becomes of it. */
export interface Fault {
  readonly name: string;
  /** The right bytes, or this error. */
  readonly outcome: 'right' | ErrorCode;
  /** What a page gets from another site, where that is something else. */
  readonly onPage?: 'right' | ErrorCode;
  /** What Firefox makes of it: it takes the end of compressed bytes for that of the file, cut or not. */
  readonly orElse?: ErrorCode;
  /** The HTTP status that the error tells. */
  readonly status?: number;
  /** The most requests it may take. */
  readonly requests?: number;
  serve(exchange: Exchange): void;
}

const right = (name: string, serve: Fault['serve'], requests = 8): Fault => ({
  name,
  outcome: 'right',
  requests,
  serve,
});
const unreachable = (name: string, serve: Fault['serve'], status?: number, requests = 5): Fault => ({
  name,
  outcome: 'model-unreachable',
  requests,
  serve,
  ...(status !== undefined && { status }),
});
const corrupt = (name: string, serve: Fault['serve'], requests = 2): Fault => ({
  name,
  outcome: 'model-corrupt',
  requests,
  serve,
});

/** The first answer is cut at a byte, so that there is something to resume; what then? */
const resumed = (name: string, second: Fault['serve'], requests?: number): Fault =>
  right(
    name,
    (x) => {
      if (x.count === 1) x.honest({ cutAt: 20_000 });
      else if (x.count === 2) second(x);
      else x.honest();
    },
    requests,
  );
/** One bad answer, then good ones. */
const once = (name: string, first: Fault['serve'], requests = 2): Fault =>
  right(
    name,
    (x) => {
      if (x.count === 1) first(x);
      else x.honest();
    },
    requests,
  );

const HTML = new TextEncoder().encode('<!doctype html><title>Not found</title>');
const whole = ({ send, model }: Exchange, headers = {}, body: Uint8Array = model) => {
  send(200, { 'content-length': String(body.length), ...headers }, body);
};
const range = (
  x: Exchange,
  contentRange: string | undefined,
  body: Uint8Array = x.model.subarray(x.from ?? 0),
  more = {},
) => {
  x.send(206, { 'content-range': contentRange, 'content-length': String(body.length), ...more }, body);
};
/** Without ranges, as asked for in the end; else what is given. */
const unlessPlain = (serve: Fault['serve']) => (x: Exchange) => {
  if (x.from === undefined) x.honest();
  else serve(x);
};
const flipped = ({ model }: Exchange) => model.map((byte, index) => (index === 30_000 ? byte ^ 4 : byte));

/** The table. Models are of 60,000 bytes, checkpoints of 16,384. */
export const FAULTS: readonly Fault[] = [
  // Answers without a fault, in all their forms.
  right('ranges, as one should', (x) => x.honest(), 1),
  right('no ranges', (x) => whole(x), 1),
  right('no length', (x) => x.send(200, {}, x.model), 1),
  right(
    'ranges of an unknown total',
    unlessPlain((x) => {
      if ((x.from ?? 0) >= x.model.length) x.honest();
      else range(x, `bytes ${x.from}-${x.model.length - 1}/*`);
    }),
  ),
  right(
    'pieces smaller than what was asked for',
    unlessPlain((x) => {
      const end = Math.min((x.from ?? 0) + 10_000, x.model.length);
      range(x, `bytes ${x.from}-${end - 1}/${x.model.length}`, x.model.subarray(x.from, end));
    }),
  ),
  right(
    'headers that may not be read',
    (x) => {
      x.honest({ headers: { 'access-control-expose-headers': undefined } });
    },
    1,
  ),
  resumed(
    'the same after a cut',
    (x) => {
      x.honest({ headers: { 'access-control-expose-headers': undefined } });
    },
    2,
  ),
  right('a weak ETag', (x) => x.honest({ headers: { etag: 'W/"a"' } }), 1),
  right(
    'only the time of the last change',
    (x) => {
      x.honest({ headers: { etag: undefined, 'last-modified': 'Wed, 25 Nov 2026 10:00:00 GMT' } });
    },
    1,
  ),
  right(
    'a drip of bytes',
    (x) => {
      x.drip(x.model, 5000);
    },
    1,
  ),
  right('text/plain', (x) => x.honest({ headers: { 'content-type': 'text/plain' } }), 1),
  right('an encoding called identity', (x) => x.honest({ headers: { 'content-encoding': 'identity' } }), 2),
  right(
    'a redirect',
    (x) => {
      if (x.query.has('moved')) x.honest();
      else x.send(302, { location: '?moved' });
    },
    2,
  ),
  // Lengths.
  once('a Content-Length too large', (x) => {
    x.send(200, { 'content-length': '90000' }, x.model, { cutAt: 60_000 });
  }),
  once('a Content-Length too small', (x) =>
    whole(x, { 'content-length': '1000' }, x.model.subarray(0, 1000)),
  ),
  corrupt('a Content-Length too small, always', (x) => {
    whole(x, { 'content-length': '1000' }, x.model.subarray(0, 1000));
  }),
  right(
    'a total too large',
    unlessPlain((x) => {
      if ((x.from ?? 0) >= x.model.length) x.honest();
      else range(x, `bytes ${x.from}-${x.model.length - 1}/90000`);
    }),
    2,
  ),
  right(
    'a total too small',
    unlessPlain((x) => {
      range(x, `bytes ${x.from}-999/1000`);
    }),
    1,
  ),
  right(
    'an absurd total',
    unlessPlain((x) => {
      if ((x.from ?? 0) >= x.model.length) x.honest();
      else range(x, `bytes ${x.from}-${x.model.length - 1}/9007199254740991`);
    }),
    2,
  ),
  once('an empty body', (x) => whole(x, {}, new Uint8Array())),
  corrupt('an empty body, always', (x) => whole(x, {}, new Uint8Array())),
  corrupt('a shorter file', (x) => x.honest({ body: x.model.subarray(0, 50_000) })),
  corrupt('a longer file', (x) => x.honest({ body: new Uint8Array([...x.model, 1, 2, 3]) })),
  // Compression.
  right('gzip', (x) => whole(x, { 'content-encoding': 'gzip' }, x.gzip(x.model)), 2),
  right(
    'gzip that may not be read of',
    (x) => {
      whole(x, { 'content-encoding': 'gzip', 'access-control-expose-headers': undefined }, x.gzip(x.model));
    },
    2,
  ),
  right(
    'gzip in a range',
    (x) => {
      const body = x.gzip(x.model);
      if (x.from === undefined) whole(x, { 'content-encoding': 'gzip' }, body);
      else range(x, `bytes 0-${body.length - 1}/${body.length}`, body, { 'content-encoding': 'gzip' });
    },
    2,
  ),
  right(
    'gzip that is cut',
    (x) => {
      const body = x.gzip(x.model);
      const headers = { 'content-encoding': 'gzip', 'content-length': String(body.length) };
      if (x.count > 2) x.honest();
      else x.send(200, headers, body, { cutAt: 30_000 });
    },
    3,
  ),
  {
    orElse: 'model-corrupt',
    ...unreachable(
      'gzip that is cut always',
      (x) => {
        const body = x.gzip(x.model);
        x.send(200, { 'content-encoding': 'gzip', 'content-length': String(body.length) }, body, {
          cutAt: 900,
        });
      },
      undefined,
      6,
    ),
  },
  unreachable('gzip that is none', (x) => whole(x, { 'content-encoding': 'gzip' }), undefined, 6),
  // Wrong ranges.
  resumed(
    'a range that begins earlier',
    (x) => {
      range(x, `bytes 10000-59999/60000`, x.model.subarray(10_000), { etag: '"a"' });
    },
    2,
  ),
  resumed(
    'a range that begins later',
    (x) => {
      range(x, `bytes 30000-59999/60000`, x.model.subarray(30_000), { etag: '"a"' });
    },
    3,
  ),
  resumed('the whole in place of the rest', (x) => whole(x), 2),
  resumed(
    'a range of another total',
    (x) => {
      range(x, `bytes 20000-59999/70000`, x.model.subarray(20_000));
    },
    3,
  ),
  right(
    'a range that does not say which',
    unlessPlain((x) => range(x, undefined)),
  ),
  right(
    'a range in no form',
    unlessPlain((x) => range(x, 'bytes everything')),
    2,
  ),
  right(
    'a range in another unit',
    unlessPlain((x) => range(x, 'items 0-1/2')),
    2,
  ),
  right(
    'a range that ends before it begins',
    unlessPlain((x) => range(x, `bytes ${x.from}--1/60000`)),
    2,
  ),
  right(
    'a range beyond the total',
    unlessPlain((x) => range(x, 'bytes 0-69999/60000')),
    2,
  ),
  right(
    'multipart/byteranges',
    unlessPlain((x) => {
      range(x, undefined, HTML, { 'content-type': 'multipart/byteranges; boundary=x' });
    }),
    2,
  ),
  once('a range that is cut short without a word', (x) => {
    range(x, 'bytes 0-59999/60000', x.model.subarray(0, 25_000));
  }),
  unreachable(
    'a wrong range, even where none was asked for',
    (x) => range(x, 'bytes 30000-59999/60000'),
    206,
    2,
  ),
  // 416.
  once('416 with the length', (x) => x.send(416, { 'content-range': 'bytes */60000' })),
  once('416 without a length', (x) => x.send(416, {})),
  resumed('416 for what is there', (x) => x.send(416, { 'content-range': 'bytes */10' }), 3),
  corrupt(
    '416 that calls a half the whole',
    (x) => {
      if (x.from === 0) x.honest({ cutAt: 20_000 });
      else if (x.from === undefined) whole(x, {}, x.model.subarray(0, 20_000));
      else x.send(416, { 'content-range': `bytes */${x.from}` });
    },
    3,
  ),
  unreachable('416 always', (x) => x.send(416, {}), 416, 2),
  // Cuts.
  once('no answer', (x) => {
    x.destroy();
  }),
  once('a cut right after the headers', (x) => x.honest({ cutAt: 0 })),
  once('a cut in the middle', (x) => x.honest({ cutAt: 33_333 })),
  once('a cut before the last byte', (x) => x.honest({ cutAt: 59_999 })),
  right('a cut after each 9,000 bytes', (x) => x.honest({ cutAt: 9000 }), 8),
  right(
    'a cut after each 9,000 bytes, from a server without ranges, twice',
    (x) => {
      x.send(200, { 'content-length': '60000' }, x.model, x.count < 3 ? { cutAt: 9000 * x.count } : {});
    },
    3,
  ),
  unreachable('a cut after each 100 bytes', (x) => x.honest({ cutAt: 100 })),
  unreachable(
    'no answer, ever',
    (x) => {
      x.destroy();
    },
    undefined,
    60, // browsers ask again by themselves
  ),
  once('silence', () => undefined),
  once('silence in the middle', (x) => x.honest({ cutAt: 20_000, hang: true })),
  unreachable('silence, always', () => undefined),
  once('no HTTP', (x) => {
    x.raw('220 welcome to another protocol\r\n');
  }),
  once('a broken chunk', (x) => {
    x.raw('HTTP/1.1 200 OK\r\naccess-control-allow-origin: *\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n');
  }),
  // Status.
  ...[408, 425, 429, 500, 502, 503, 504].map((status) =>
    once(`${status}, once`, (x) => x.send(status, {}, HTML), 4),
  ),
  once('503 with Retry-After in seconds', (x) => x.send(503, { 'retry-after': '0' })),
  once('503 with Retry-After as a date', (x) => {
    x.send(503, { 'retry-after': 'Wed, 25 Nov 2020 10:00:00 GMT' });
  }),
  unreachable('429 that asks for an hour', (x) => x.send(429, { 'retry-after': '3600' }), 429, 1),
  unreachable('503, always', (x) => x.send(503, {}), 503),
  ...[204, 400, 401, 403, 404, 410, 451, 501].map((status) =>
    unreachable(`${status}`, (x) => x.send(status, {}), status, 1),
  ),
  unreachable('404 with a page', (x) => x.send(404, { 'content-type': 'text/html' }, HTML), 404, 1),
  unreachable('a redirect to nowhere', (x) => x.send(302, {}), 302, 1),
  unreachable('a redirect to itself', (x) => x.send(302, { location: '' }), undefined, 200),
  resumed('503 in the middle', (x) => x.send(503, {}), 3),
  // Other content.
  corrupt('a page of HTML', (x) => whole(x, { 'content-type': 'text/html; charset=utf-8' }, HTML), 1),
  corrupt('a range of HTML', (x) => range(x, `bytes 0-38/39`, HTML, { 'content-type': 'Text/HTML' }), 1),
  once('a flipped bit', (x) => x.honest({ body: flipped(x) })),
  corrupt('a flipped bit, always', (x) => x.honest({ body: flipped(x) })),
  resumed('another ETag', (x) => x.honest({ body: flipped(x), headers: { etag: '"b"' } }), 3),
  resumed(
    'another file that does not tell',
    (x) => {
      x.honest({ body: flipped(x), headers: { etag: undefined } });
    },
    3,
  ),
  resumed('If-Range that is minded', (x) => whole(x, { etag: '"b"' }), 2),
  {
    ...right('no CORS', (x) => x.honest({ headers: { 'access-control-allow-origin': undefined } }), 10),
    onPage: 'model-unreachable',
  },
];
