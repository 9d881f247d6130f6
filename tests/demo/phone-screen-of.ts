import type { PhoneScreen } from '../support/phone-camera.ts';

/** What the passenger's phone shows around the code: the wallet's name and colour, seat and masked name. */
export function phoneScreenOf(
  passenger: { readonly wallet: number; readonly seat: string; readonly name: string | null },
  code: string,
): PhoneScreen {
  const isWeChat = passenger.wallet === 1;
  return {
    code,
    title: `${isWeChat ? 'WeChat' : 'Alipay'} · 9C8835`,
    subtitle: `${passenger.seat}  ${passenger.name ?? ''}`,
    colour: isWeChat ? '#1aad19' : '#1677ff',
  };
}
