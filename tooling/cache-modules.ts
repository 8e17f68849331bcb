import type { Plugin } from 'vitest/config';

/**
 * Lets the browser keep the modules that Vite serves for as long as it runs. Vite has each asked for again, and a test
 * that starts a worker waits for dozens of them each time. Nothing changes while tests run once, and the browser's
 * profile ends with them; where tests are run again on each change, this does nothing.
 */
export function cacheModules(): Plugin {
  return {
    name: 'cache-modules',
    configureServer({ middlewares, config }) {
      if (config.server.watch !== null) return;
      middlewares.use((_, response, next) => {
        const setHeader = response.setHeader.bind(response);
        response.setHeader = (name, value) =>
          setHeader(name, /^cache-control$/i.test(name) && value === 'no-cache' ? 'max-age=3600' : value);
        next();
      });
    },
  };
}
