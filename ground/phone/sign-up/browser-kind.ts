// Which browser the page is in: inside a wallet's app there may be no service worker, and then no page in the air.

export type InApp = 'wechat' | 'alipay' | null;

export function inAppOf(userAgent: string): InApp {
  if (/MicroMessenger/i.test(userAgent)) return 'wechat';
  return /AlipayClient/i.test(userAgent) ? 'alipay' : null;
}

/** Whether this browser can keep the page for a flight without network. */
export function canWorkOffline(): boolean {
  return 'serviceWorker' in navigator && globalThis.isSecureContext;
}
