import type { PhoneWords } from './phone-words.ts';

export const zhPhone: PhoneWords = {
  copy: '给旅客副本',
  copyTitle: '旅客副本',
  copyHow: '请旅客在手机的机上账本里点「扫副本」，对准这个码两三秒。',
  copyCode: '旅客副本的二维码',
  closeCopy: '收起副本',
  copyOfSale: '这一单',
  copyOfVoid: '撤销',
  confirmOnPhone: '手机确认金额',
  asking: '请旅客确认金额',
  ask: {
    title: '请旅客用手机扫这个码并确认',
    body: '确认后手机会出现新的码，把它对准镜头。',
  },
  askCode: '金额确认的二维码',
  askPlain: '这是普通机上码，旅客还没确认。请先在手机上扫码并确认。',
  waitForAnswer: '等待扫确认码',
  stopAsking: '不确认了，返回本单',
  orderTaken: (pieces) => `旅客的点单已放进本单（${pieces.toString()} 件）`,
  orderTakenAlready: '这份点单已经在本单里，没有再加。',
  orderUnknown: (names) => `本航班没有：${names}`,
  orderHint: '旅客在手机上选好的点单码，也可以直接扫。',
  emptyBasket: '点左边的商品，或扫旅客的点单码。',
};
