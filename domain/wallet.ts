/** Wallet numbers of a cabin code (cabin-code.md 2.2, cp key 2). */
export type WalletNumber = number;

const NAMES: Readonly<Record<WalletNumber, { readonly zh: string; readonly en: string }>> = {
  1: { zh: '微信', en: 'WeChat' },
  2: { zh: '支付宝', en: 'Alipay' },
  3: { zh: '云闪付', en: 'UnionPay' },
  4: { zh: '航司钱包', en: 'Airline wallet' },
};

/** What a wallet is called on screens and slips; wallets without a name of their own go by number. */
export function walletName(wallet: WalletNumber): { readonly zh: string; readonly en: string } {
  return NAMES[wallet] ?? { zh: `钱包 ${wallet.toString()}`, en: `Wallet ${wallet.toString()}` };
}
