import { createServer, type OutgoingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

/** An answer on its way to the browser; headers in lower case. */
export interface Answer {
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly headers: Readonly<OutgoingHttpHeaders>;
  readonly body: Buffer;
}

/** A server in front of another one. */
export interface AlteredServer {
  /** Ends with a slash. */
  readonly url: string;
  /** Changes every answer from now on; `undefined` is no answer at all. */
  alter: (answer: Answer) => Answer | undefined;
  close(): Promise<void>;
}

/** Serves the answers of the server at `origin` with changes, such as without a header or with other scripts. */
export async function serveAltered(origin: string): Promise<AlteredServer> {
  const server = createServer((request, response) => {
    const { url: path = '/', method = 'GET' } = request;
    // Uncompressed, for the bodies are read here.
    fetch(new URL(path, origin), {
      method,
      headers: { 'accept-encoding': 'identity' },
    })
      .then(async (answered) => {
        const answer = altered.alter({
          method,
          path: path.split('?')[0] ?? path,
          status: answered.status,
          headers: Object.fromEntries(answered.headers),
          body: Buffer.from(await answered.arrayBuffer()),
        });
        if (answer === undefined) return void response.destroy();
        const { 'content-length': _, ...rest } = answer.headers;
        response.writeHead(answer.status, rest).end(answer.body);
      })
      .catch(() => response.destroy());
  });
  await new Promise<void>((done) => server.listen(0, 'localhost', done));
  const altered: AlteredServer = {
    url: `http://localhost:${(server.address() as AddressInfo).port}/`,
    alter: (answer) => answer,
    close: () =>
      new Promise((done) => {
        server.close(() => {
          done();
        });
        server.closeAllConnections();
      }),
  };
  return altered;
}
