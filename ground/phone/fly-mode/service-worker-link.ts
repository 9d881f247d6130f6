// The page's side of the service worker: start it, ask whether it has everything, let a new build take over.
import { SERVICE_WORKER_URL, trustedScript } from '../scanning/trusted-script.ts';

const ANSWER_WITHIN_MS = 5000;

export function startServiceWorker(onUpdate: (takeOver: () => void) => void): void {
  const container = (navigator as { serviceWorker?: ServiceWorkerContainer }).serviceWorker;
  if (container === undefined) return;
  let isTakingOver = false;
  container.addEventListener('controllerchange', () => {
    if (isTakingOver) window.location.reload();
  });
  const offer = (registration: ServiceWorkerRegistration): void => {
    const { waiting } = registration;
    // Without a controller it is the first build, which nobody waits for.
    if (waiting === null || container.controller === null) return;
    onUpdate(() => {
      isTakingOver = true;
      waiting.postMessage('take-over');
    });
  };
  container.register(trustedScript(SERVICE_WORKER_URL)).then(
    (registration) => {
      offer(registration);
      registration.addEventListener('updatefound', () => {
        registration.installing?.addEventListener('statechange', () => {
          offer(registration);
        });
      });
    },
    (error: unknown) => {
      console.error('the service worker could not be started', error);
    },
  );
}

/** Whether a service worker answers for this page and holds every file of it. */
export function isPageKept(): Promise<boolean> {
  const container = (navigator as { serviceWorker?: ServiceWorkerContainer }).serviceWorker;
  const controller = container?.controller ?? null;
  if (controller === null) return Promise.resolve(false);
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    const timer = setTimeout(() => {
      resolve(false);
    }, ANSWER_WITHIN_MS);
    port1.onmessage = ({ data }: MessageEvent<unknown>): void => {
      clearTimeout(timer);
      resolve(data === true);
    };
    controller.postMessage('is-whole', [port2]);
  });
}
