// The `app://pos` scheme: the renderer's files and nothing else, each with the content security policy.
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

/** net::ERR_FILE_NOT_FOUND */
const NOT_FOUND = { error: -6 } as const;

export function serveApp(session: Session, root: string): void {
  // Not `handle`: the Request and Response it wants are loaded with the first page and cost the start 25 to 45 ms, and
  // every file would pass through this process (docs/bench.md).
  // eslint-disable-next-line @typescript-eslint/no-deprecated
  session.protocol.registerFileProtocol(APP_SCHEME, ({ url }, answer) => {
    const path = resolveAppPath(url, root);
    const type = path === null ? undefined : MEDIA_TYPES[extname(path)];
    if (path === null || type === undefined) {
      answer(NOT_FOUND);
      return;
    }
    answer({
      path,
      headers: {
        'content-type': type,
        'content-security-policy': CONTENT_SECURITY_POLICY,
        'x-content-type-options': 'nosniff',
        'cross-origin-opener-policy': 'same-origin',
        'permissions-policy': 'camera=(self)',
      },
    });
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
