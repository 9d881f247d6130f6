// Stop-watches inside the page: they start at the input event's own time and stop when the frame is painted, so that
// what drives the window from outside is not measured with it.
import type { Page } from '@playwright/test';

type ProbedWindow = { bench?: Promise<number> };

/** Taps the middle of an element; answers ms from the tap to the painted frame in which `shown` is there. */
export async function timeTap(page: Page, target: string, shown: string): Promise<number> {
  await prepare(page);
  await page.evaluate(armForTap, shown);
  const box = await page.locator(target).first().boundingBox();
  if (box === null) throw new Error(`${target} is not to be seen`);
  await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
  return readProbe(page);
}

/** Answers, once asked, the epoch time in ms of the painted frame in which `selector` reads `text`. */
export async function watchForText(
  page: Page,
  selector: string,
  text: string,
): Promise<() => Promise<number>> {
  await prepare(page);
  await page.evaluate(armForText, { selector, text });
  return () => readProbe(page);
}

/** Answers, once asked, the epoch time in ms at which the middle of a video turns white. */
export async function watchForWhite(page: Page, selector: string): Promise<() => Promise<number>> {
  await prepare(page);
  await page.evaluate(armForWhite, selector);
  return () => readProbe(page);
}

/** The loader that runs this file marks functions with their names, by a function the page does not have. */
async function prepare(page: Page): Promise<void> {
  await page.evaluate('globalThis.__name = (value) => value');
}

function readProbe(page: Page): Promise<number> {
  return page.evaluate(() => (globalThis as ProbedWindow).bench ?? Number.NaN);
}

function armForTap(shown: string): void {
  (globalThis as ProbedWindow).bench = new Promise((resolve) => {
    const look = (tappedAt: number): boolean => {
      if (document.querySelector(shown) === null) return false;
      requestAnimationFrame(() => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => {
          resolve(performance.now() - tappedAt);
        };
        port2.postMessage(null);
      });
      return true;
    };
    const onClick = ({ timeStamp }: MouseEvent): void => {
      if (look(timeStamp)) return;
      const observer = new MutationObserver(() => {
        if (look(timeStamp)) observer.disconnect();
      });
      observer.observe(document, { childList: true, subtree: true, attributes: true });
    };
    document.addEventListener('click', onClick, { capture: true, once: true });
  });
}

function armForText({ selector, text }: { selector: string; text: string }): void {
  (globalThis as ProbedWindow).bench = new Promise((resolve) => {
    const observer = new MutationObserver(() => {
      if (document.querySelector(selector)?.textContent.trim() !== text) return;
      observer.disconnect();
      requestAnimationFrame(() => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => {
          resolve(Date.now());
        };
        port2.postMessage(null);
      });
    });
    observer.observe(document, { childList: true, subtree: true, characterData: true });
  });
}

function armForWhite(selector: string): void {
  (globalThis as ProbedWindow).bench = new Promise((resolve, reject) => {
    const video = document.querySelector<HTMLVideoElement>(selector);
    const context = new OffscreenCanvas(16, 9).getContext('2d', { willReadFrequently: true });
    if (video === null || context === null) {
      reject(new Error('no video'));
      return;
    }
    const look = (): void => {
      context.drawImage(video, 0, 0, 16, 9);
      const [red = 0] = context.getImageData(8, 4, 1, 1).data;
      if (red > 200) resolve(Date.now());
      else video.requestVideoFrameCallback(look);
    };
    video.requestVideoFrameCallback(look);
  });
}
