// What no page of ours may ever do, refused for every web contents and not only for the main window.
import type { App, Session, WebContents } from 'electron';
import { APP_ORIGIN } from './app-protocol.ts';

type Denied = (what: string, detail: string) => void;

/** Denies navigation, new windows, webviews; logs each attempt. A page may load itself again: "try again" does. */
export function lockDownContents(app: App, onDenied: Denied): void {
  app.on('web-contents-created', (_event, contents) => {
    contents.on('will-navigate', (event) => {
      if (event.isMainFrame && event.url === contents.getURL() && isOurs(contents)) return;
      event.preventDefault();
      onDenied('navigation', originOf(event.url));
    });
    contents.on('will-redirect', (event) => {
      event.preventDefault();
      onDenied('redirect', originOf(event.url));
    });
    contents.on('will-frame-navigate', (event) => {
      if (event.isMainFrame && event.url.startsWith(`${APP_ORIGIN}/`)) return;
      event.preventDefault();
    });
    contents.on('will-attach-webview', (event) => {
      event.preventDefault();
      onDenied('webview', '');
    });
    contents.setWindowOpenHandler(({ url }) => {
      onDenied('window', originOf(url));
      return { action: 'deny' };
    });
  });
}

/** Allows the camera (video only) to our own origin; everything else is refused. */
export function lockDownPermissions(session: Session, onDenied: Denied): void {
  session.setPermissionRequestHandler((contents, permission, answer, details) => {
    const mediaTypes = 'mediaTypes' in details ? details.mediaTypes : undefined;
    const isCamera = permission === 'media' && mediaTypes?.length === 1 && mediaTypes[0] === 'video';
    const isAllowed = isCamera && isOurs(contents);
    if (!isAllowed) onDenied('permission', permission);
    answer(isAllowed);
  });
  session.setPermissionCheckHandler((_contents, permission, origin, details) => {
    return permission === 'media' && details.mediaType === 'video' && new URL(origin).origin === appOrigin();
  });
  session.setDevicePermissionHandler(() => false);
  session.setDisplayMediaRequestHandler((_request, answer) => {
    answer({});
  });
}

function isOurs(contents: WebContents): boolean {
  return contents.getURL().startsWith(`${APP_ORIGIN}/`);
}

function appOrigin(): string {
  return new URL(`${APP_ORIGIN}/`).origin;
}

function originOf(url: string): string {
  try {
    const { protocol, host } = new URL(url);
    return `${protocol}//${host}`;
  } catch {
    return 'unreadable';
  }
}
