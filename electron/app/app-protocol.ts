// The `app://pos` scheme: the renderer's files and nothing else, each with the content security policy.
import { readFile } from 'node:fs/promises';
import { extname, join, normalize, sep } from 'node:path';
import { protocol, type Session } from 'electron';
import { CONTENT_SECURITY_POLICY } from './content-security-policy.ts';

export const APP_SCHEME = 'app';
export const APP_ORIGIN = 'app://pos';

const MEDIA_TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.wasm': 'application/wasm',
  '.woff2': 'font/woff2',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
};

/** Must run before the app is ready. */
export function declareAppScheme(): void {
  protocol.registerSchemesAsPrivileged([
    {
      scheme: APP_SCHEME,
      privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true, stream: true },
    },
  ]);
}

export function serveApp(session: Session, root: string): void {
  session.protocol.handle(APP_SCHEME, async (request) => {
    const path = resolveAppPath(request.url, root);
    const type = path === null ? undefined : MEDIA_TYPES[extname(path)];
    if (path === null || type === undefined) return new Response('not found', { status: 404 });
    try {
      return new Response(await readFile(path), {
        headers: {
          'content-type': type,
          'content-security-policy': CONTENT_SECURITY_POLICY,
          'x-content-type-options': 'nosniff',
          'cross-origin-opener-policy': 'same-origin',
          'permissions-policy': 'camera=(self)',
        },
      });
    } catch {
      return new Response('not found', { status: 404 });
    }
  });
}

/** The file a URL of ours names, or null for another host or a path that leaves `root`. */
export function resolveAppPath(url: string, root: string): string | null {
  const { host, pathname } = new URL(url);
  if (host !== 'pos') return null;
  let decoded: string;
  try {
    decoded = decodeURIComponent(pathname);
  } catch {
    return null;
  }
  if (decoded.includes('\0') || decoded.includes('\\')) return null;
  const path = normalize(join(root, decoded === '/' ? 'index.html' : decoded));
  return path.startsWith(root + sep) ? path : null;
}
