import { describeWallet } from './wallet-contract.ts';
import { startWechatBench } from './wallet-bench.ts';

describeWallet('WeChat Pay Score', () => startWechatBench(), { canLower: true, codesWorkOnce: true });
