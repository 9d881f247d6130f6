// What every answer of ground carries, and what each of its pages may do.
import type { FastifyInstance, FastifyRequest } from 'fastify';

const POLICY_OF_PAGES: Readonly<Record<'phone' | 'console', readonly string[]>> = {
  phone: [
    "default-src 'none'",
    "script-src 'self' 'wasm-unsafe-eval'",
    "style-src 'self'",
    "img-src 'self' blob: data:",
    "connect-src 'self'",
    "worker-src 'self'",
    "font-src 'self'",
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
  ],
  console: [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "connect-src 'self'",
    "font-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ],
};

const NOTHING = "default-src 'none'; frame-ancestors 'none'";

function policyFor(path: string): string {
  if (path.startsWith('/phone/')) return POLICY_OF_PAGES.phone.join('; ');
  if (path.startsWith('/console/') && !path.startsWith('/console/api/')) {
    return POLICY_OF_PAGES.console.join('; ');
  }
  return NOTHING;
}

export function addSecurityHeaders(app: FastifyInstance): void {
  app.addHook('onSend', async (request, reply) => {
    const { 'cache-control': cacheControl, ...headers } = securityHeaders(request);
    void reply.headers(headers);
    // The pages' own files say so themselves.
    if (reply.getHeader('cache-control') === undefined) void reply.header('cache-control', cacheControl);
    return Promise.resolve();
  });
}

export function securityHeaders({
  url,
  protocol,
}: Pick<FastifyRequest, 'url' | 'protocol'>): Readonly<Record<string, string>> {
  return {
    'content-security-policy': policyFor(url.split('?', 1)[0] ?? ''),
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'permissions-policy': 'camera=(self), screen-wake-lock=(self), geolocation=(), microphone=()',
    'cross-origin-opener-policy': 'same-origin',
    // Answers about a person or about money stay in no cache.
    'cache-control': 'no-store',
    ...(protocol === 'https' ? { 'strict-transport-security': 'max-age=31536000' } : {}),
  };
}
