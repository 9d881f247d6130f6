// The wallets ground knows: adding one is its folder and a line here.
import { alipay } from './alipay/alipay.ts';
import type { WalletFactory } from './wallet.ts';
import { wechat } from './wechat/wechat.ts';

export const walletFactories: readonly WalletFactory[] = [wechat, alipay];
