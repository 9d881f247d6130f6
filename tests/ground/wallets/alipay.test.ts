import { startAlipayBench } from './wallet-bench.ts';
import { describeWallet } from './wallet-contract.ts';

describeWallet('Alipay pay-after-use', startAlipayBench, { canLower: false, codesWorkOnce: false });
