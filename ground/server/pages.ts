// The built pages of phone and console. Files named by their contents are kept by browsers for good; the page itself,
// the service worker and the manifest are asked for anew each time.
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import { join } from 'node:path';

const HASHED = /\/assets\//;

/** @param folder the folder with `phone/` and `console/` in it */
export async function servePages(app: FastifyInstance, folder: string): Promise<void> {
  let isFirst = true;
  for (const name of ['phone', 'console'] as const) {
    await app.register(fastifyStatic, {
      root: join(folder, name),
      prefix: `/${name}/`,
      decorateReply: isFirst,
      redirect: false,
      cacheControl: false,
      setHeaders: (reply, path) => {
        void reply.header(
          'cache-control',
          HASHED.test(path) ? 'public, max-age=31536000, immutable' : 'no-cache',
        );
      },
    });
    isFirst = false;
    app.get(`/${name}`, (_request, reply) => reply.redirect(`/${name}/`, 308));
  }
  app.get('/', (_request, reply) => reply.redirect('/phone/', 302));
}
