import { formatMinor } from '../../domain/currency.ts';
import { flightNumber } from '../../domain/flight.ts';
import { formatLocalMinute } from '../../domain/instant.ts';
import type { ProblemWordsTable } from './problem-words.ts';

const newCode = '请旅客关掉再打开机上码，然后重扫。';
const toGround = '本机暂时不能销售。请改用另一台平板，并通知机务。';

/** A long list is cut: the words stay readable at a glance. */
function listed(names: readonly string[], comma: string): string {
  return names.slice(0, 2).join(comma) + (names.length > 2 ? '…' : '');
}

/** What each problem is called in Chinese, and what to do. */
export const zhProblems: ProblemWordsTable = {
  'code-format': () => ({ title: '这不是机上码', body: '请旅客打开钱包里的机上码，然后重扫。' }),
  'code-is-payment-code': () => ({
    title: '这是付款码',
    body: '付款码在机上不能用，没有扣款。请旅客打开机上码。',
  }),
  'code-is-boarding-pass': () => ({
    title: '这是登机牌',
    body: '请旅客打开钱包里的机上码，不是登机牌。',
  }),
  'code-size': () => ({
    title: '这个码太长',
    body: '它不是本系统的机上码。请旅客打开钱包里的机上码，然后重扫。',
  }),
  'code-cbor': () => ({ title: '这个码读不完整', body: '请旅客擦净屏幕，关掉再打开机上码，然后重扫。' }),
  'code-alg': () => ({
    title: '这个码的签名方式不对',
    body: '不是本航司签发的方式。请旅客打开钱包里的机上码。',
  }),
  'code-unknown-issuer': () => ({
    title: '不认识这个码的签发方',
    body: '请旅客打开本航司的机上码，然后重扫。',
  }),
  'code-bad-signature': () => ({
    title: '这个码被改动过',
    body: '签名对不上，不能记账。请旅客打开钱包里的机上码，不要用图片。',
  }),
  'code-schema': () => ({
    title: '这个码的内容不对',
    body: '请旅客关掉再打开机上码。仍是这样，请记下座位告诉机务。',
  }),
  'code-version': () => ({ title: '这个码的版本太新', body: '本机还不认识它。请用更新过的平板扫这个码。' }),
  'code-issuer-scope': () => ({
    title: '这个码超出签发权限',
    body: '不能记账。请旅客打开本航班的机上码，并记下座位告诉机务。',
  }),
  'code-issuer-key-time': () => ({
    title: '这个码的签发日期不对',
    body: '签发时所用的密钥还没启用或已停用。请记下座位告诉机务。',
  }),
  'code-lifetime': () => ({
    title: '这个码的有效期太长',
    body: '真正的机上码只管一个航班。请旅客打开本航班的机上码。',
  }),
  'code-not-yet': ({ fromMs }, { utcOffsetMinutes }) => ({
    title: '这个码还没生效',
    body: `${formatLocalMinute(fromMs, utcOffsetMinutes)} 起可用。请旅客打开今天航班的机上码。`,
  }),
  'code-expired': ({ untilMs }, { utcOffsetMinutes }) => ({
    title: '这个码已过期',
    body: `${formatLocalMinute(untilMs, utcOffsetMinutes)} 已到期。请旅客打开今天航班的机上码。`,
  }),
  'code-gate': () => ({
    title: '这个码没有开通机上记账',
    body: '不能记账。请旅客看手机里的报名状态。',
  }),
  'code-wrong-flight': ({ flight }, { cities }) => {
    const city = (code: string): string => cities[code]?.zh ?? code;
    return {
      title: '不是本航班的码',
      body: `这个码属于 ${flightNumber(flight)} ${city(flight.origin)} → ${city(flight.destination)}。请旅客打开今天航班的机上码。`,
    };
  },
  'code-denied': () => ({ title: '这个码不能记账', body: '钱包方已停用这个码。请旅客联系钱包客服。' }),
  'code-proof': () => ({ title: '这个码不是本人手机出的', body: newCode }),
  'code-proof-old': () => ({ title: '这个码太旧了', body: `可能是截图。${newCode}` }),
  'code-proof-future': () => ({
    title: '手机时间不对',
    body: '请旅客把手机时间设为自动，再打开机上码。',
  }),
  'code-replay': () => ({ title: '这个码刚用过', body: newCode }),
  'code-static-forbidden': () => ({
    title: '需要手机上的动态码',
    body: '截图和打印的码不能用。请旅客在手机上打开机上码。',
  }),
  'code-static-elsewhere': () => ({
    title: '请到该座位所属的平板扫',
    body: '截图和打印的码只能在负责该区的平板上用。或请旅客打开手机上的机上码。',
  }),
  'order-code-bad': () => ({
    title: '点单码读不出来',
    body: '请旅客在手机上重新出示点单码，或直接在这里选商品。',
  }),
  'basket-empty': () => ({ title: '还没有商品', body: '请先选择商品。' }),
  'basket-too-long': ({ most }) => ({
    title: '这一单商品太多',
    body: `一单最多 ${most.toString()} 种。请分两单。`,
  }),
  'bad-quantity': ({ sku }, { itemName }) => ({
    title: '数量不对',
    body: `请检查「${itemName(sku)}」的数量，最多 99 件。`,
  }),
  'unknown-item': ({ sku }, { itemName }) => ({
    title: '没有这个商品',
    body: `本航班不卖「${itemName(sku)}」。请从本单去掉它。`,
  }),
  'basket-changed': () => ({
    title: '这一单已经记过账',
    body: '之后本单又改过。请先看账单，再把其余商品另开一单。',
  }),
  'bill-unknown': () => ({ title: '找不到这位旅客的账单', body: '请重扫旅客的码，本单保留。' }),
  'scan-again': () => ({
    title: '请再扫一次',
    body: '离上次扫码太久，或确认过的金额已用。请旅客再出示机上码，本单保留。',
  }),
  'seat-check-needed': () => ({ title: '请先核对座位', body: '请核对登机牌的座位和序号，再记账。' }),
  'over-allowance': ({ leftMinor, currency }) => ({
    title: '超出可用额度',
    body: `本航班还可用 ${formatMinor(leftMinor, currency)}。请减少商品。`,
  }),
  'over-per-sale': ({ limitMinor, currency }) => ({
    title: '超出单笔上限',
    body: `一单最多 ${formatMinor(limitMinor, currency)}。请减少商品或分两单。`,
  }),
  'too-many-sales': ({ most }) => ({
    title: '次数已用完',
    body: `这位旅客本航班最多 ${most.toString()} 单，不能再记账。`,
  }),
  'over-terminal-cap': ({ leftMinor, currency }) => ({
    title: '本机记账已到上限',
    body: `本机还可记 ${formatMinor(leftMinor, currency)}。请减少商品，或改用另一台平板。`,
  }),
  'over-unlisted-cap': ({ leftMinor, currency }) => ({
    title: '超出名单外额度',
    body: `旅客不在名单上，还可记 ${formatMinor(leftMinor, currency)}。请减少商品。`,
  }),
  'amount-not-confirmed': ({ confirmedMinor, currency }) => ({
    title: '确认的不是这个金额',
    body: `旅客确认的是 ${formatMinor(confirmedMinor, currency)}。请把本单改回，或请旅客重新确认。`,
  }),
  'wallet-rule': ({ rule }) => ({
    title: '钱包不接受这一单',
    body:
      rule === 'too-many-payments' || rule === 'too-many-discounts'
        ? '这位旅客的账单行数已满。请合并商品后再试。'
        : `请换一种商品再试，并把编号「${rule}」告诉机务。`,
  }),
  'sale-unknown': () => ({ title: '找不到这一单', body: '请在账单里查看。' }),
  'sale-already-void': () => ({ title: '这一单已经撤销', body: '不用再撤销，旅客不会被扣款。' }),
  'sale-handed-over': () => ({
    title: '商品已交付，不能撤销',
    body: '落地后由地面退款。请记下座位和原因。',
  }),
  'flight-closed': () => ({ title: '本航班已关账', body: '不能再记账。请到「航班」页封存并导出。' }),
  'basket-open': ({ seats }) => ({
    title: '还有没记账的单',
    body: `${seats.join('、')}。请先记账或清空，再关账。`,
  }),
  'slips-not-printed': ({ count }) => ({
    title: `还有 ${count.toString()} 张小票没打印`,
    body: '请先打印；打印机不能用时也可以直接关账，账目不受影响。',
  }),
  'flight-not-closed': () => ({ title: '航班还没关账', body: '请先关账，再封存导出。' }),
  'unused-unknown': ({ dev }) => ({
    title: '不是本航班的平板',
    body: `${dev} 不能标为未使用。请去掉它，再关账。`,
  }),
  'volume-unknown': () => ({ title: '找不到这个存储位置', body: '请插好存储卡，再选一次。' }),
  'export-failed': ({ why }) => ({ title: '没有导出', body: zhExportBody[why] }),
  'results-not-found': () => ({
    title: '没有找到结果文件',
    body: '这个位置没有本机的结果文件。请换一个位置，或等有网络。',
  }),
  'result-unreadable': () => ({
    title: '结果文件读不出来',
    body: '文件损坏或不完整。请向地面再要一份，账目都在本机。',
  }),
  'result-forged': () => ({
    title: '结果文件不是地面发的',
    body: '签名对不上，什么也没有改。请把文件交给机务。',
  }),
  'result-not-ours': () => ({
    title: '这是另一台平板的结果',
    body: '请到文件所写的平板上导入。本机什么也没有改。',
  }),
  'result-unknown-batch': () => ({
    title: '本机没有导出过这一批',
    body: '本机不认识这一批，什么也没有改。请告诉地面财务。',
  }),
  'result-beyond-head': () => ({
    title: '地面的记录比本机多',
    body: '本机缺少记录。请改用另一台平板，把本机交给机务。',
  }),
  'result-not-kept': () => ({
    title: '结果没有保存',
    body: '本机存储不能写入。请稍后再试，地面留有结果。',
  }),
  'journal-full': () => ({
    title: '存储已满，没有记账',
    body: '请到「航班」页导出，或改用另一台平板。已记的账都在。',
  }),
  'journal-read-only': () => ({
    title: '存储不能写入，没有记账',
    body: '请重试一次；不行就改用另一台平板。已记的账都在。',
  }),
  'journal-failed': () => ({
    title: '没有记账',
    body: '账目没有写成，本机也不再写入。请重启平板，或改用另一台。已记的账都在。',
  }),
  'disk-nearly-full': () => ({
    title: '存储快满，不能记账',
    body: '请到「航班」页导出，或改用另一台平板。',
  }),
  'sign-unavailable': () => ({
    title: '签名不可用，没有记账',
    body: '请重试一次；不行就改用另一台平板，并通知机务。',
  }),
  'clock-bad': ({ nowMs }, { utcOffsetMinutes }) => ({
    title: '本机时间不对',
    body: `现在显示 ${formatLocalMinute(nowMs, utcOffsetMinutes)}。请改正平板时间，再试一次。`,
  }),
  'printer-not-set': () => ({ title: '还没设打印机', body: '请到「设备」页选择打印机。账目不受影响。' }),
  'settings-not-saved': () => ({ title: '设置没有保存', body: '请再试一次。原来的设置仍然有效。' }),
  'bad-request': () => ({ title: '这一步没有成功', body: '没有记账。请再试一次。' }),
  'too-fast': () => ({ title: '操作太快了', body: '没有记账。请稍等一秒再试。' }),
  'not-provisioned': () => ({ title: '这台平板还没开通', body: toGround }),
  'certificate-bad': ({ why }) => ({ title: '本机证书不能用', body: `${toGround}（${why}）` }),
  'trust-list-bad': ({ why }) => ({ title: '信任名单不能用', body: `${toGround}（${why}）` }),
  'pack-missing': () => ({ title: '没有航班包', body: '请把本航班的航班包装入平板，再试一次。' }),
  'pack-bad': ({ file, why }) => ({
    title: '航班包不能用',
    body: `请重新装入航班包，再试一次。（${file}：${why}）`,
  }),
  'pack-expired': ({ untilMs, nowMs }, { utcOffsetMinutes }) => ({
    title: '航班包已过期',
    body: `有效期到 ${formatLocalMinute(untilMs, utcOffsetMinutes)}，本机时间是 ${formatLocalMinute(nowMs, utcOffsetMinutes)}。请装入今天的航班包，或改正时间。`,
  }),
  'pack-older-than-journal': () => ({
    title: '航班包太旧',
    body: '本机已用过更新的航班包。请装入最新的航班包，再试一次。',
  }),
  'journal-fork': ({ seq }) => ({
    title: '两份账目不一致',
    body: `从第 ${seq.toString()} 条起不同，本机停止销售，两份都已保留。请改用另一台平板，把本机交给机务。`,
  }),
  'journal-damaged': ({ seq }) => ({
    title: '账目有一处损坏',
    body: `在第 ${seq.toString()} 条，本机停止销售，没有删除任何记录。请改用另一台平板，把本机交给机务。`,
  }),
  'journal-from-the-future': () => ({
    title: '账目由更新的版本写成',
    body: '本机软件太旧，没有改动任何记录。请改用另一台平板，并通知机务更新。',
  }),
  'data-folder-not-writable': () => ({
    title: '存储不能写入',
    body: '本机现在不能保存账目。请改用另一台平板，把本机交给机务。',
  }),
  'order-not-sold': ({ skus }) => ({
    title: '本航班没有这些商品',
    body: `点单里的 ${listed(skus, '、')} 都没有。请旅客另选，或直接在这里选商品。`,
  }),
  'scan-cut-short': () => ({ title: '没有读完整', body: '扫码枪中途断了。请再扫一次。' }),
  'call-failed': () => ({ title: '系统没有回应', body: '请再试一次；不行就重新启动平板。已记的账都在。' }),
  'ledger-unavailable': () => ({
    title: '账单显示不出来',
    body: '已记的账在本机日志里，没有丢。请再试一次。',
  }),
};

const zhExportBody = {
  'disk-full': '这个位置已满。请换一个位置。',
  'read-only': '这个位置不能写入。请换一个位置。',
  'not-readable-back': '写入后读回不一致，文件已作废。请换一个位置。',
  'no-key': '没有地面的密钥，不能加密。请通知机务，账目都在本机。',
  other: '请再试一次，或换一个位置。账目都在本机。',
} as const;
