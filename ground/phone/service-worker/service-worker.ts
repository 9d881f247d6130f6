// Keeps the whole build in the phone, so that the page opens in the air. A build is taken whole or not at all: every file
// must hash to what the list says, and files of two builds are never mixed. A new build waits until no page of the old
// one is open, or until the passenger says so.

/** Written in by build/precache-list.ts: names relative to this script and the base64 SHA-256 of their bytes. */
declare const PRECACHE_LIST: readonly (readonly [name: string, sha256: string])[];
declare const self: ServiceWorkerGlobalScope;

const LIST = PRECACHE_LIST;
const PREFIX = 'phone-build-';
const PAGE = 'index.html';
const base = new URL('./', self.location.href);
const files = new Map(LIST.map(([name, hash]) => [new URL(name, base).pathname, hash]));

async function cacheName(): Promise<string> {
  const list = new TextEncoder().encode(JSON.stringify(LIST));
  return PREFIX + toBase64(await crypto.subtle.digest('SHA-256', list)).slice(0, 16);
}

function toBase64(hash: ArrayBuffer): string {
  return btoa(String.fromCharCode(...new Uint8Array(hash)));
}

/** Rejects when a file is missing or is not of this build: the browser then tries again at its next visit. */
async function takeFile(cache: Cache, path: string, hash: string): Promise<void> {
  const response = await fetch(path, { cache: 'no-cache', credentials: 'same-origin' });
  if (!response.ok || response.redirected) throw new Error(`no ${path}`);
  const bytes = await response.clone().arrayBuffer();
  if (toBase64(await crypto.subtle.digest('SHA-256', bytes)) !== hash) {
    throw new Error(`${path} is of another build`);
  }
  await cache.put(path, response);
}

async function install(): Promise<void> {
  const cache = await caches.open(await cacheName());
  await Promise.all([...files].map(([path, hash]) => takeFile(cache, path, hash)));
}

async function dropOtherBuilds(): Promise<void> {
  const current = await cacheName();
  const names = await caches.keys();
  await Promise.all(
    names.filter((name) => name.startsWith(PREFIX) && name !== current).map((name) => caches.delete(name)),
  );
  // The page that signed up just now is controlled from here on, without a reload.
  await self.clients.claim();
}

async function answer(request: Request, path: string): Promise<Response> {
  const cache = await caches.open(await cacheName());
  return (await cache.match(path)) ?? fetch(request);
}

async function isWhole(): Promise<boolean> {
  const cache = await caches.open(await cacheName());
  const found = await Promise.all([...files.keys()].map((path) => cache.match(path)));
  return found.every((response) => response !== undefined);
}

self.addEventListener('install', (event) => {
  event.waitUntil(install());
});

self.addEventListener('activate', (event) => {
  event.waitUntil(dropOtherBuilds());
});

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  // What is not part of the build, the calls to ground above all, goes the ordinary way.
  if (request.method !== 'GET' || url.origin !== base.origin) return;
  if (url.pathname === base.pathname) {
    event.respondWith(answer(request, base.pathname + PAGE));
  } else if (files.has(url.pathname)) {
    event.respondWith(answer(request, url.pathname));
  }
});

self.addEventListener('message', (event: ExtendableMessageEvent) => {
  const [port] = event.ports;
  switch (event.data as unknown) {
    case 'take-over':
      event.waitUntil(self.skipWaiting());
      break;
    case 'is-whole':
      event.waitUntil(isWhole().then((whole) => port?.postMessage(whole)));
      break;
    default:
  }
});

// A module for the compiler only; the build leaves a plain script.
export {};
