import type { Plugin } from 'vitest/config';

/**
 * Lets the browser cache the modules that Vite serves. Vite makes browsers request each module again, and a test that
 * starts a worker waits for dozens of them each time. While tests run once, no module changes, and the cache is deleted
 * with the browser's profile. In watch mode the plugin does nothing.
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
